import type { Amendment, Ask, Contact, Enrolment, Signer, Term } from "./enrolments.ts";
import type { Instant } from "./instants.ts";
import type { LedgerEntry } from "./ledger.ts";
import { amended, overlaps } from "./policy.ts";

/**
 * Whether a change makes the monitor quieter, or could: a policy's is parted before, so that one that comes here as a whole
 * is. Ending what can submit records is not: then more is unrecorded, and whoever lost a key cannot wait.
 */
export function quietens({ kind }: Ask): boolean {
  switch (kind) {
    case "policy":
    case "end-contact":
    case "add-credential":
    case "add-signer":
    case "add-publisher":
    case "end-enrolment":
      return true;
    case "add-contact":
    case "end-credential":
    case "end-signer":
    case "end-publisher":
      return false;
  }
}

const ended = <T extends Term>(terms: readonly T[], is: (term: T) => boolean, endsAt: Instant): T[] =>
  terms.map((term) =>
    is(term) && (term.endsAt === null || term.endsAt > endsAt) ? { ...term, endsAt } : term,
  );

/** Of what bears the same name only the latest stays in force; an ended one may be added again. */
const added = <T extends Term>(terms: readonly T[], term: T, same: (other: T) => boolean): T[] => [
  ...terms.filter((other) => !same(other)),
  term,
];

/** The enrolment with one change in force. */
function apply(enrolment: Enrolment, { ask, inForceAt: at }: Amendment): Enrolment {
  const { contacts, credentials, signers, publishers } = enrolment;
  switch (ask.kind) {
    case "policy":
      return { ...enrolment, policy: amended(enrolment.policy, ask.policy) };
    case "add-contact":
      return { ...enrolment, contacts: added(contacts, ask.contact, ({ id }) => id === ask.contact.id) };
    case "end-contact":
      return { ...enrolment, contacts: ended(contacts, ({ id }) => id === ask.id, at) };
    case "add-credential": {
      const { credential, replaces } = ask;
      const others = replaces
        ? ended(credentials, ({ id }) => id === replaces.id, replaces.endsAt)
        : credentials;
      const held = { ...credential, addedAt: at };
      return { ...enrolment, credentials: added(others, held, ({ id }) => id === credential.id) };
    }
    case "end-credential": {
      const known = ask.held ? [...credentials, { ...ask.held, addedAt: at }] : credentials;
      return { ...enrolment, credentials: ended(known, ({ id }) => id === ask.id, at) };
    }
    case "add-signer": {
      const signer = { ...ask.signer, addedAt: at };
      // A key that was revoked and comes again counts anew; what it signed in its first time counts by that one.
      const same = (other: Signer) =>
        other.fingerprint === signer.fingerprint && (other.endsAt === null || other.endsAt > at);
      return { ...enrolment, signers: added(signers, signer, same) };
    }
    case "end-signer":
      return {
        ...enrolment,
        signers: ended(signers, ({ fingerprint }) => fingerprint === ask.fingerprint, at),
      };
    case "add-publisher": {
      const publisher = { ...ask.publisher, addedAt: at };
      return { ...enrolment, publishers: added(publishers, publisher, ({ id }) => id === publisher.id) };
    }
    case "end-publisher":
      return { ...enrolment, publishers: ended(publishers, ({ id }) => id === ask.id, at) };
    case "end-enrolment":
      return { ...enrolment, endedAt: enrolment.endedAt ?? at };
  }
}

const inOrder = (a: Amendment, b: Amendment): number =>
  `${a.inForceAt} ${a.askedAt} ${a.id}` < `${b.inForceAt} ${b.askedAt} ${b.id}` ? -1 : 1;

/**
 * The enrolment as it is at this instant: what was asked for and has come into force is applied, in the order of its times;
 * the rest stays in `amendments`. Pure, so that nobody needs to be awake when a change's time comes.
 */
export function inForce(enrolment: Enrolment, now: Instant): Enrolment {
  const due = enrolment.amendments.filter(({ inForceAt }) => inForceAt <= now).sort(inOrder);
  const amendments = enrolment.amendments.filter(({ inForceAt }) => inForceAt > now);
  return { ...due.reduce(apply, enrolment), amendments };
}

/** The enrolments as they are at this instant; those that ended wish for nothing more. */
export const watchingAt = (enrolments: readonly Enrolment[], now: Instant): Enrolment[] =>
  enrolments.map((each) => inForce(each, now)).filter(({ endedAt }) => endedAt === null);

/** Pending changes that an ask takes back: of the same policy choices, or of the same thing. */
export const superseded = (enrolment: Enrolment, ask: Ask): readonly string[] =>
  enrolment.amendments.filter((pending) => isSuperseded(pending.ask, ask)).map(({ id }) => id);

function isSuperseded(pending: Ask, ask: Ask): boolean {
  switch (ask.kind) {
    case "policy":
      return pending.kind === "policy" && overlaps(pending.policy, ask.policy);
    case "end-credential":
      return pending.kind === "add-credential" && pending.credential.id === ask.id;
    case "end-signer":
      return pending.kind === "add-signer" && pending.signer.fingerprint === ask.fingerprint;
    case "end-publisher":
      return pending.kind === "add-publisher" && pending.publisher.id === ask.id;
    default:
      return pending.kind === ask.kind && JSON.stringify(pending) === JSON.stringify(ask);
  }
}

const withoutAmendments = (enrolment: Enrolment, ids: readonly string[]): Enrolment => ({
  ...enrolment,
  amendments: enrolment.amendments.filter(({ id }) => !ids.includes(id)),
});

/**
 * What an entry of its history makes of an enrolment. The history is what happened; the stored enrolment is what it comes
 * to, and can be made again from it. Entries that change nothing about it move its number only. What an entry takes back was
 * pending when that was decided: it is gone, even if its instant came before the entry was written.
 */
export function withEntry(enrolment: Enrolment, { number, at, body }: LedgerEntry): Enrolment {
  return number <= enrolment.number ? enrolment : { ...told(enrolment, at, body), number };
}

const withContact = (enrolment: Enrolment, id: string, told: (contact: Contact) => Contact): Enrolment => ({
  ...enrolment,
  contacts: enrolment.contacts.map((contact) => (contact.id === id ? told(contact) : contact)),
});

function told(enrolment: Enrolment, at: Instant, body: LedgerEntry["body"]): Enrolment {
  switch (body.kind) {
    case "vouched":
      return { ...enrolment, vouchedAt: enrolment.vouchedAt ?? at };
    case "asked":
      return withContact(enrolment, body.contact, (contact) => ({
        ...contact,
        asked: { times: (contact.asked?.times ?? 0) + 1, at },
      }));
    case "confirmed":
      return withContact(enrolment, body.contact, (contact) => ({
        ...contact,
        confirmedAt: contact.confirmedAt ?? at,
      }));
    case "cancelled":
      return inForce(withoutAmendments(enrolment, body.amendments), at);
    case "amended": {
      const before = inForce(withoutAmendments(enrolment, body.supersedes), at);
      return inForce({ ...before, amendments: [...before.amendments, body.amendment] }, at);
    }
    default:
      return enrolment;
  }
}
