import type { Digest } from "./digests.ts";
import { isLive, type Recorded } from "./enrolments.ts";
import type { Instant } from "./instants.ts";
import type { LedgerEntry } from "./ledger.ts";

/** What makes two records of one enrolment one and the same. */
export const sameness = ({ file, digest, authority, signers }: Recorded): string =>
  `${digest} ${authority} ${signers.join(",")} ${file}`;

const claimOf = ({ file, digest }: Pick<Recorded, "file" | "digest">): string => `${digest} ${file}`;

/**
 * The live records of an enrolment as its history tells them: those read before, and what these entries, which are all that
 * follow, add and take back.
 */
export function liveAfter(before: readonly Recorded[], entries: readonly LedgerEntry[]): Recorded[] {
  const live = new Map(before.filter(isLive).map((record) => [sameness(record), record]));
  for (const { body } of entries) {
    if (body.kind === "recorded") add(live, body.records);
    if (body.kind === "withdrawn") takeBack(live, body.records);
  }
  return [...live.values()];
}

/** What is live already stays as it first was. */
function add(live: Map<string, Recorded>, records: readonly Recorded[]): void {
  for (const record of records) if (!live.has(sameness(record))) live.set(sameness(record), record);
}

function takeBack(live: Map<string, Recorded>, records: readonly Recorded[]): void {
  const over = new Set(records.map(claimOf));
  for (const [key, record] of live) if (over.has(claimOf(record))) live.delete(key);
}

/** Each digest on record once, in the order of their first record. */
export const digestsIn = (records: readonly Recorded[]): Digest[] => [
  ...new Set(records.map(({ digest }) => digest)),
];

/**
 * Since when these live records of one file contradict each other: since the digest that came last has been on record.
 * `null` while they agree.
 */
export function contestedSince(live: readonly Recorded[]): Instant | null {
  const firsts = digestsIn(live).map(
    (digest) =>
      live
        .filter((record) => record.digest === digest)
        .map(({ recordedAt }) => recordedAt)
        .sort()
        .at(0) ?? "",
  );
  return firsts.length < 2 ? null : (firsts.sort().at(-1) ?? null);
}
