import { inForce, quietens, superseded, withEntry } from "../domain/amendments.ts";
import { change } from "../domain/changes.ts";
import { type Amendment, type Ask, type Enrolment, isInForce } from "../domain/enrolments.ts";
import type { Finding } from "../domain/findings.ts";
import { after, between, type Instant, minutes } from "../domain/instants.ts";
import { enrolmentSubject, type LedgerBody, type LedgerEntry } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { aboutAmendment, aboutCancelling } from "../domain/notices.ts";
import { mintId } from "../records/credentials.ts";
import { untilUncontended } from "./contention.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

/** Which enrolment shall change, and who asks. */
export interface Amending {
  readonly project: ProjectName;
  readonly enrolment: string;
  /** Id of the credential. */
  readonly by: string;
}

/** The enrolment as it is at this instant, and what the ledger tells of it since it was stored. */
interface Known {
  readonly now: Instant;
  readonly enrolment: Enrolment;
  readonly last: LedgerEntry | null;
  /** What a crash left untold: entries that are in the ledger and not in the stored enrolment. */
  readonly lost: readonly LedgerEntry[];
}

async function knownOf({ project, enrolment: id }: Omit<Amending, "by">, ports: ApiPorts): Promise<Known> {
  const now = ports.clock.now();
  const stored = (await ports.enrolments.ofProject(project)).find((each) => each.id === id);
  if (stored === undefined) throw new Refused("no-such-enrolment", `${project} has no enrolment of this id.`);
  const entries = await ports.ledger.read(enrolmentSubject(id), Math.max(0, stored.number - 1));
  const lost = entries.filter(({ number }) => number > stored.number);
  return { now, enrolment: lost.reduce(withEntry, stored), last: entries.at(-1) ?? null, lost };
}

/**
 * Appends to an enrolment's history what `decide` makes of the enrolment as it is now, one entry after the other, and lets it
 * act. The order is the promise: the ledger first, then whoever must hear of it, and only then the stored enrolment, by which
 * everybody judges; so nothing acts that was not written down and told. What a crash left between the two is made good by
 * whoever asks for a change of the same enrolment next, also where that is refused. Durable when it resolves. Throws `Refused`, also what `decide` throws.
 */
export async function amendEnrolment(
  asked: Amending,
  ports: ApiPorts,
  decide: (enrolment: Enrolment, now: Instant) => readonly LedgerBody[],
): Promise<Enrolment> {
  const { enrolment, entries, last, now, refused } = await untilUncontended(() =>
    append(asked, ports, decide),
  );
  await tell(entries, ports);
  await setTerms(entries, asked.project, ports);
  if (entries.length > 0) await ports.enrolments.put(enrolment);
  // Asked for again, the latest entry too, though it is stored already: the first time may have stopped just before this.
  if ([...entries, refused === null ? last : null].some((entry) => entry?.body.kind === "amended"))
    await ports.queues.changes.now.send([change({ project: asked.project, reason: "policy", at: now })]);
  await ports.durability.flush();
  if (refused !== null) throw refused;
  return inForce(enrolment, now);
}

/** What the history was added to; `lost` is among `entries`, to be told again. */
interface Appended extends Omit<Known, "lost"> {
  readonly entries: readonly LedgerEntry[];
  /** Why nothing was decided: thrown once what a crash left behind is made good. */
  readonly refused: Refused | null;
}

async function append(
  asked: Amending,
  ports: ApiPorts,
  decide: (enrolment: Enrolment, now: Instant) => readonly LedgerBody[],
): Promise<Appended> {
  const known = await knownOf(asked, ports);
  const { now } = known;
  const entries = [...known.lost];
  let { enrolment, last } = known;
  const write = async (bodies: readonly LedgerBody[]): Promise<void> => {
    for (const body of bodies) {
      last = await ports.ledger.append(enrolmentSubject(asked.enrolment), last, body);
      enrolment = withEntry(enrolment, last);
      entries.push(last);
    }
  };
  await write(toldTooLate(known));
  const decided = decisionOf(inForce(enrolment, now), now, asked, decide);
  if (!(decided instanceof Refused)) await write(decided);
  return { now, enrolment, last, entries, refused: decided instanceof Refused ? decided : null };
}

/** Of the delay a tenth may have gone by before anybody is told: what a crash kept from them for longer is taken back. */
function toldTooLate({ lost, enrolment, now }: Known): LedgerBody[] {
  const late = lost.flatMap(({ body }) => {
    if (body.kind !== "amended") return [];
    const { id, askedAt, inForceAt } = body.amendment;
    const isPending = enrolment.amendments.some((each) => each.id === id);
    return isPending && between(askedAt, now) * 10 > between(askedAt, inForceAt) ? [id] : [];
  });
  return late.length === 0 ? [] : [cancelling(enrolment, late, "monitor", now)];
}

/** Decides anew whether the key counts: it may have been revoked while its request was on the way. */
function decisionOf(
  enrolment: Enrolment,
  now: Instant,
  { by }: Amending,
  decide: (enrolment: Enrolment, now: Instant) => readonly LedgerBody[],
): readonly LedgerBody[] | Refused {
  const held = enrolment.credentials.find(({ id }) => id === by);
  if (held !== undefined && !isInForce(held, now))
    return new Refused("revoked-key", `The key was revoked; it ended at ${held.endsAt}.`);
  try {
    return decide(enrolment, now);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

const noticesIn = (entries: readonly LedgerEntry[]): Finding[] =>
  entries.flatMap(({ body }) =>
    body.kind === "amended" || body.kind === "cancelled"
      ? [...body.notices]
      : body.kind === "drilled"
        ? [body.finding]
        : [],
  );

async function tell(entries: readonly LedgerEntry[], { queues }: ApiPorts): Promise<void> {
  const notices = noticesIn(entries);
  if (notices.length > 0) await queues.alerts.send(notices);
}

/** The sweep goes by the stored enrolment, which is stored after its terms are set. */
const STORED_MS = minutes(1);

/** What waits makes re-hashes rarer, and concerns what is hashed from then on. */
const quickens = (body: LedgerBody): boolean =>
  body.kind === "vouched" ||
  (body.kind === "amended" &&
    body.amendment.ask.kind === "policy" &&
    "rehashDays" in body.amendment.ask.policy);

/** Somebody must look again when what waits comes into force; the judging itself needs nobody awake. */
async function setTerms(
  entries: readonly LedgerEntry[],
  project: ProjectName,
  { deadlines, clock }: Pick<ApiPorts, "deadlines" | "clock">,
): Promise<void> {
  const term = { project, sizeBytes: 0 } as const;
  for (const { body } of entries) {
    if (body.kind === "amended" && body.amendment.inForceAt > body.amendment.askedAt) {
      const { id, inForceAt } = body.amendment;
      await deadlines.put([{ ...term, kind: "terms", file: id, due: inForceAt }]);
    } else if (quickens(body))
      await deadlines.put([{ ...term, kind: "pace", file: "", due: after(clock.now(), STORED_MS) }]);
    const over = body.kind === "amended" ? body.supersedes : body.kind === "cancelled" ? body.amendments : [];
    for (const id of over) await deadlines.clear("terms", project, id);
  }
}

/**
 * Bytes of an enrolment to which nothing is added. It is one item of a table that takes 400 KB, and what ended stays in it:
 * whoever stole a key must not fill it, a few things a day, until nothing of it can be ended any more.
 */
const MOST_ENROLMENT_BYTES = 250_000;

/** What ends something always fits. */
function demandFits(enrolment: Enrolment, ask: Ask): void {
  const isAdding = ask.kind.startsWith("add-");
  if (isAdding && Buffer.byteLength(JSON.stringify([enrolment, ask])) > MOST_ENROLMENT_BYTES)
    throw new Refused(
      "too-many",
      "With what it held before, the enrolment holds so much that nothing more can be added. Enrol anew, then end this one.",
    );
}

/**
 * What an ask becomes: in force at once, or after the operator's delay where it makes the monitor quieter. Throws `Refused`
 * (`too-many`).
 */
export function amendmentFor(
  enrolment: Enrolment,
  ask: Ask,
  { by, now, louder = false }: { readonly by: string; readonly now: Instant; readonly louder?: boolean },
  { quieteningMs }: Pick<ApiSettings, "quieteningMs">,
): LedgerBody {
  demandFits(enrolment, ask);
  const waitMs = !louder && quietens(ask) ? quieteningMs : 0;
  const amendment: Amendment = { id: mintId(), ask, askedAt: now, inForceAt: after(now, waitMs), by };
  const supersedes = superseded(enrolment, ask);
  const notices = [aboutAmendment(enrolment, amendment), ...takenBack(enrolment, supersedes, by, now)];
  return { kind: "amended", amendment, supersedes, notices };
}

const takenBack = (enrolment: Enrolment, ids: readonly string[], by: string, now: Instant): Finding[] =>
  enrolment.amendments
    .filter(({ id }) => ids.includes(id))
    .map((amendment) => aboutCancelling(enrolment, amendment, by, now));

/** Takes pending changes back; ids that are not pending are not touched. */
export const cancelling = (
  enrolment: Enrolment,
  ids: readonly string[],
  by: string,
  now: Instant,
): LedgerBody => ({ kind: "cancelled", amendments: ids, by, notices: takenBack(enrolment, ids, by, now) });
