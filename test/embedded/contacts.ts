import type { Contact } from "../../functions/domain/enrolments.ts";
import { minute } from "../domain/perfect.ts";

/** A contact that confirmed, or as it is chosen. */
export const contact = (chosen: Partial<Contact> = {}): Contact => ({
  id: "c1",
  kind: "webhook",
  address: "https://hook.example/in",
  confirmedAt: minute(1),
  handle: null,
  addedAt: minute(0),
  endsAt: null,
  ...chosen,
});
