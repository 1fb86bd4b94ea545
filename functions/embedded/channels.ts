import type { Channels } from "../ports.ts";
import { CONTACTS, type ContactDelivery, isConfirmed, recipientOf } from "./deliveries.ts";
import type { MessageStore } from "./queues.ts";
import type { Ways } from "./ways.ts";

/**
 * Contacts' channels: a confirmation is a delivery like an alert's, on the same durable queue. This host has no names of its
 * own for contacts, and who confirmed is what the enrolment says.
 */
export const channels = (messages: Pick<MessageStore, "put">, ways: Ways): Channels => ({
  ask: async (asked) => {
    ways[asked.contact.kind].check(asked.contact.address);
    const delivery: ContactDelivery = { contact: recipientOf(asked.contact), asked };
    messages.put(CONTACTS, [delivery]);
    return null;
  },
  confirmed: async (contacts) => new Set(contacts.filter(isConfirmed).map(({ id }) => id)),
});
