import { hexOf, sha256 } from "../domain/digests.ts";
import { type Alert, ChannelRefused, type Clock, type ConfirmationAsked } from "../ports.ts";
import { confirmationOf, confirmationSubject } from "./confirmations.ts";
import { type Mail, type MailConfig, sender } from "./sending.ts";
import type { Recipient, Way } from "./ways.ts";

/** Longer paths are not to be relied on. Source: RFC 5321, 4.5.3.1.3. */
const MOST_ADDRESS_CHARS = 254;

/** Plain ones only: what quotes, comments and several addresses in one field can do is nothing that a contact needs. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;

export const isMailAddress = (text: string): boolean =>
  text.length <= MOST_ADDRESS_CHARS && ADDRESS.test(text);

/** A host without a mail server reaches no mail address. */
export const noMail: Way = {
  check: () => {
    throw new ChannelRefused("This monitor sends no mail: its operator configured no mail server.");
  },
  tell: () => Promise.reject(new Error("no mail server is configured any more")),
  ask: () => Promise.reject(new Error("no mail server is configured any more")),
};

/**
 * Mail to contacts, as plain text. Every alert has a Message-ID of its own, so that one that is delivered twice is recognised,
 * and refers to its thread, so that mail programs show one version's alerts together. Nothing is answered automatically
 * (RFC 3834). Opens nothing yet.
 */
export function mail(config: MailConfig, clock: Clock): Way {
  const domain = config.from.slice(config.from.lastIndexOf("@") + 1);
  const send = sender(config, clock);
  return {
    check: (address) => {
      if (!isMailAddress(address))
        throw new ChannelRefused("A mail address must be a plain one, such as security@project.example.");
    },
    tell: (to, alert) =>
      send(to.address, {
        subject: alert.subject,
        text: `${alert.text}\n\n${footer(to, alert)}`,
        messageId: `<${alert.id}@${domain}>`,
        thread: `<thread-${alert.finding.thread}@${domain}>`,
        headers: {
          "Counterfoil-Alert": alert.id,
          "Counterfoil-Topic": alert.topic,
          "Counterfoil-Severity": alert.severity,
        },
      }),
    ask: (asked) => send(asked.contact.address, { ...asking(asked), messageId: messageIdOf(asked, domain) }),
  };
}

const asking = (asked: ConfirmationAsked): Pick<Mail, "subject" | "text"> => ({
  subject: confirmationSubject(asked),
  text: confirmationOf(asked).text,
});

/** Asked twice, with another token, it is another mail. */
const messageIdOf = ({ contact, token }: ConfirmationAsked, domain: string): string =>
  `<confirm-${hexOf(sha256(`${contact.id} ${token}`))}@${domain}>`;

const footer = ({ id, address }: Recipient, { finding }: Alert): string =>
  `Sent to ${address}, contact ${id} of ${finding.project ?? "no project"}, because somebody confirmed that alerts are wanted there.
Whoever holds a maintainer key of the enrolment can remove the contact.`;
