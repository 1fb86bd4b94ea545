import type { Amendment, Ask, Enrolment, Recorded } from "./enrolments.ts";
import { isInForce } from "./enrolments.ts";
import { type Finding, type FindingKey, findingId, type Grounds, threadOf } from "./findings.ts";
import type { Instant } from "./instants.ts";
import { artifactSubject, enrolmentSubject } from "./ledger.ts";
import { NO_GROUNDS } from "./monitor.ts";
import { type Policy, type PolicyChange, publisherInWords } from "./policy.ts";
import type { Severity, WatchVerdict } from "./verdicts.ts";

interface Noticed {
  readonly verdict: WatchVerdict;
  readonly severity: Severity;
  readonly at: Instant;
  readonly file?: string;
  readonly release?: string | null;
  readonly to?: readonly string[];
  readonly key: Pick<FindingKey, "subject" | "digests" | "state">;
  readonly grounds: Partial<Grounds>;
}

function notice(enrolment: Enrolment, noticed: Noticed): Finding {
  const { id, project, selfClaimed, vouchedAt } = enrolment;
  const { verdict, severity, at, file = null, release = null, to = null } = noticed;
  return {
    id: findingId({ enrolment: id, verdict, ...noticed.key }),
    enrolment: id,
    selfClaimed: selfClaimed && vouchedAt === null,
    project,
    file,
    release,
    verdict,
    severity,
    topic: "findings",
    state: "open",
    opening: 1,
    openedAt: at,
    changedAt: at,
    thread: threadOf(id, project, release ?? verdict),
    acknowledged: null,
    resolvedBy: null,
    to,
    grounds: { ...NO_GROUNDS, ...noticed.grounds },
  };
}

/** Whom the watcher had told before something changed, and still has at this instant. */
export const contactsBefore = ({ contacts }: Enrolment, now: Instant): string[] =>
  contacts.filter((contact) => isInForce(contact, now)).map(({ id }) => id);

/**
 * What is told of a change of the enrolment: to the contacts as they were before it, and to the operator. `enrolment` is as
 * it was. Told at once, also of what acts later only: whoever did not ask for it has until then.
 */
export function aboutAmendment(enrolment: Enrolment, amendment: Amendment): Finding {
  const { id, ask, askedAt, inForceAt, by } = amendment;
  const waits = inForceAt > askedAt;
  return notice(enrolment, {
    verdict: "enrolment-changed",
    severity: waits ? "warning" : "notice",
    at: askedAt,
    to: contactsBefore(enrolment, askedAt),
    key: { subject: enrolmentSubject(enrolment.id), digests: [], state: id },
    grounds: {
      deadline: waits ? inForceAt : null,
      note: `${inWords(ask, enrolment)} Asked for with ${by}; change ${id}.`,
      by,
      change: id,
    },
  });
}

/** The same, taken back before it came into force. */
export const aboutCancelling = (
  enrolment: Enrolment,
  amendment: Amendment,
  by: string,
  at: Instant,
): Finding => {
  const told = aboutAmendment(enrolment, amendment);
  const note = `${inWords(amendment.ask, enrolment)} Taken back with ${by}; change ${amendment.id}.`;
  const to = contactsBefore(enrolment, at);
  return { ...told, state: "resolved", changedAt: at, to, grounds: { ...told.grounds, note } };
};

/** Proves to the contacts of one enrolment that its alerts arrive, as grave as they come. */
export const aboutDrill = (enrolment: Enrolment, at: Instant, by: string): Finding =>
  notice(enrolment, {
    verdict: "drill",
    severity: "critical",
    at,
    key: { subject: enrolmentSubject(enrolment.id), digests: [], state: at },
    grounds: { note: `Sent by \`counterfoil drill\` with ${by}.` },
  });

const recordedIn = (records: readonly Recorded[]): Grounds["recorded"] =>
  records.map(({ digest, authority, recordedAt }) => ({ digest, authority, recordedAt }));

const MOST_LISTED = 10;

/** A file for which one watcher recorded several digests: at most one of them can be true. */
export function aboutContest(enrolment: Enrolment, live: readonly Recorded[], at: Instant): Finding | null {
  const [first] = live;
  const digests = [...new Set(live.map(({ digest }) => digest))].sort();
  if (first === undefined || digests.length < 2) return null;
  const { file, release, project } = first;
  return notice(enrolment, {
    verdict: "record-contested",
    severity: "warning",
    at,
    file,
    release,
    key: { subject: artifactSubject(project, file), digests, state: "" },
    grounds: { recorded: recordedIn(live.slice(-MOST_LISTED)), by: live.at(-1)?.credential ?? "" },
  });
}

/** A watcher took a record back. */
export function aboutWithdrawal(
  enrolment: Enrolment,
  withdrawn: readonly Recorded[],
  { at, by, reason }: { readonly at: Instant; readonly by: string; readonly reason: string },
): Finding | null {
  const [first] = withdrawn;
  if (first === undefined) return null;
  const { file, release, project, digest } = first;
  return notice(enrolment, {
    verdict: "record-changed",
    severity: "warning",
    at,
    file,
    release,
    key: { subject: artifactSubject(project, file), digests: [digest], state: at },
    grounds: {
      recorded: recordedIn(withdrawn),
      by,
      note: `Withdrawn at ${at} with ${by}${reason === "" ? "" : `: ${reason}`}.`,
    },
  });
}

/** What a change is, in one sentence. */
export function inWords(ask: Ask, enrolment: Enrolment): string {
  switch (ask.kind) {
    case "policy":
      return `Policy: ${policyInWords(ask.policy, enrolment)}.`;
    case "add-contact":
      return `Contact added: ${ask.contact.address} (told nothing until it confirms).`;
    case "end-contact":
      return `Contact removed: ${enrolment.contacts.find(({ id }) => id === ask.id)?.address ?? ask.id}.`;
    case "add-credential": {
      const { kind, name, id } = ask.credential;
      const instead = ask.replaces ? `, in place of ${ask.replaces.id}` : "";
      return `New ${kind} key ${name === "" ? id : `"${name}" (${id})`}${instead}.`;
    }
    case "end-credential":
      return `Key revoked: ${ask.id}.`;
    case "add-signer":
      return `New signing key: ${ask.signer.type} ${ask.signer.fingerprint}.`;
    case "end-signer":
      return `Signing key revoked: ${ask.fingerprint}.`;
    case "add-publisher":
      return `New CI publisher: ${ask.publisher.repository} at ${ask.publisher.issuer}.`;
    case "end-publisher":
      return `CI publisher removed: ${enrolment.publishers.find(({ id }) => id === ask.id)?.repository ?? ask.id}.`;
    case "end-enrolment":
      return "The watch ends: nothing of this project is told any more.";
  }
}

/** What a choice is that was left to the operator. */
const OPERATORS = "the operator's bound";

function policyInWords(change: PolicyChange, { policy }: Enrolment): string {
  const { deadlines, provenance, builders, ...choices } = change;
  const said = (name: string, from: unknown, to: unknown): string => `${name} from ${from} to ${to}`;
  const own = Object.entries(choices).map(([name, to]) =>
    said(name, policy[name as keyof typeof choices] ?? OPERATORS, to ?? OPERATORS),
  );
  const times = Object.entries(deadlines ?? {}).map(([name, to]) =>
    said(name, policy.deadlines[name as keyof typeof policy.deadlines], to),
  );
  if (provenance !== undefined)
    own.push(said("expected provenance", expectedInWords(policy.provenance), expectedInWords(provenance)));
  if (builders !== undefined)
    own.push(said("build services", buildersInWords(policy.builders), buildersInWords(builders)));
  return [...own, ...times].join(", ");
}

const expectedInWords = (expected: Policy["provenance"]): string =>
  expected === null
    ? "none"
    : `${publisherInWords(expected.publisher)}${expected.counts ? " (counts as a record by ci)" : ""}`;

const buildersInWords = (builders: Policy["builders"]): string =>
  builders.map(({ files, publisher }) => `${files} by ${publisherInWords(publisher)}`).join(" and ") ||
  "none";
