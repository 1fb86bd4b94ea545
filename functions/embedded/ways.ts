import type { Contact } from "../domain/enrolments.ts";
import type { Alert, ConfirmationAsked } from "../ports.ts";

/** What is kept of a contact for a delivery: enough to reach it, also once its enrolment knows it no more. */
export type Recipient = Pick<Contact, "id" | "kind" | "address">;

/**
 * How contacts of one kind are reached. What `tell` and `ask` throw is tried again, for days; `Unreachable` is not. Their
 * errors name no more of an address than its host: they are logged, and the rest may be a secret.
 */
export interface Way {
  /** Throws `ChannelRefused` for an address that this host does not reach. Contacts nobody. */
  check(address: string): void;
  tell(to: Recipient, alert: Alert): Promise<void>;
  ask(asked: ConfirmationAsked): Promise<void>;
}

export type Ways = Readonly<Record<Contact["kind"], Way>>;

/** Whoever was to be told is not there, and says so for good: trying again is of no use. */
export class Unreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unreachable";
  }
}
