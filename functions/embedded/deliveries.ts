import type { Contact } from "../domain/enrolments.ts";
import type { Alert, ConfirmationAsked } from "../ports.ts";
import type { Recipient, Ways } from "./ways.ts";

/** The queue to those who subscribe to this host. */
export const SUBSCRIBERS = "deliveries";

/** The queue to contacts: one of its own, so that a stranger's slow webhook never stands before the operator. */
export const CONTACTS = "contacts";

/** An alert on its way to one subscriber. */
export interface Delivery {
  readonly subscriber: string;
  readonly alert: Alert;
}

/** An alert, or what comes before the first, on its way to one contact. */
export type ContactDelivery = { readonly contact: Recipient } & (
  | { readonly alert: Alert }
  | { readonly asked: ConfirmationAsked }
);

export const recipientOf = ({ id, kind, address }: Contact): Recipient => ({ id, kind, address });

/** A contact is told nothing before. */
export const isConfirmed = ({ confirmedAt }: Contact): boolean => confirmedAt !== null;

/** Delivers once. Throws what the contact's way throws. */
export const reach = (delivery: ContactDelivery, ways: Ways): Promise<void> => {
  const way = ways[delivery.contact.kind];
  return "asked" in delivery ? way.ask(delivery.asked) : way.tell(delivery.contact, delivery.alert);
};

/** What log lines and alarms say of a delivery: whose contact it is, and nothing of where it is. */
export function aboutDelivery(delivery: ContactDelivery): string {
  const { contact } = delivery;
  const { project, enrolment } = "asked" in delivery ? delivery.asked : delivery.alert.finding;
  const what = "asked" in delivery ? "confirmation" : `alert ${delivery.alert.id}`;
  return `${contact.kind} ${contact.id} of ${project}, enrolment ${enrolment}: ${what}`;
}
