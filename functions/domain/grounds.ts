import { removalEntry } from "./absence.ts";
import type { Case } from "./case.ts";
import type { Digest } from "./digests.ts";
import type { Recorded } from "./enrolments.ts";
import type { Observation } from "./facts.ts";
import type { Grounds } from "./findings.ts";
import { type Gap, wrongAttempts } from "./history.ts";
import type { Instant } from "./instants.ts";
import { type Entry, fileOf, removes } from "./journal.ts";
import { isStandIn, unreadEnd } from "./provenance.ts";
import { graceEnd, observedIn, silences } from "./signs.ts";
import { gapBefore } from "./unexplained.ts";
import type { Verdict } from "./verdicts.ts";

/** What the reader of an alert compares by eye, as it stands at this judgement. */
export function groundsOf(of: Case, verdict: Verdict): Grounds {
  const { shown, latest, agreed, firstSeen } = of.history;
  const observed = observedIn(of);
  const entry = entryFor(of, verdict);
  return {
    declared: shown?.listing.declared ?? null,
    observed,
    recorded: worthReading(
      of.recorded.filter((record) => !isStandIn(record)),
      observed,
    ),
    before: agreed.filter((digest) => digest !== observed).slice(-MOST_LISTED),
    wrongAttempts: latest ? wrongAttempts(latest).length : 0,
    attempts: latest?.attempts.length ?? 0,
    url: shown?.listing.url ?? null,
    page: shown?.look.page ?? null,
    entry: entry && `${entry.text} (serial ${entry.serial})`,
    firstSeen,
    deadline: deadlineOf(of, verdict),
    note: noteOf(of, verdict),
  };
}

/** The entry that explains it; of a file that is back, what had taken it away. */
function entryFor(of: Case, verdict: Verdict): Entry | null {
  if (verdict === "removed") return removalEntry(of);
  if (verdict === "reappeared")
    return of.entries.findLast((entry) => removes(entry, of.file, of.release)) ?? null;
  return of.entries.findLast((entry) => fileOf(entry) === of.file) ?? null;
}

/** What there is to wait for, or was: past it, the wait itself is what is told. */
function deadlineOf(of: Case, verdict: Verdict): Instant | null {
  if (verdict === "awaiting-record") return graceEnd(of);
  return verdict === "provenance-unverifiable" ? unreadEnd(of) : null;
}

/** More than a reader compares by eye; and a thousand records must not make a finding too large to be told. */
const MOST_LISTED = 10;

/** The records that agree with what was fetched, then the newest of the others. */
function worthReading(recorded: readonly Recorded[], observed: Digest | null): Grounds["recorded"] {
  const agreeing = recorded.filter((record) => record.digest === observed);
  const others = recorded.filter((record) => record.digest !== observed).slice(-MOST_LISTED);
  const listed = [...agreeing, ...others].slice(0, MOST_LISTED);
  return listed.map(({ digest, authority, recordedAt }) => ({ digest, authority, recordedAt }));
}

/** What the row of the table says more than its name. */
function noteOf(of: Case, verdict: Verdict): string | null {
  const { shown, latest } = of.history;
  const agreeing = of.recorded.filter((record) => record.digest === observedIn(of));
  switch (verdict) {
    case "unrecorded":
    case "awaiting-record":
      return weakNote(agreeing.find((record) => !silences(of, record)));
    case "mismatch":
      return outweighedNote(agreeing[0]);
    case "substituted":
      return agreeing.length === 0 ? null : agreeing.every(isStandIn) ? STOLEN_CI : STOLEN_KEY;
    case "yanked":
      return shown?.listing.yanked ? `The reason given: ${shown.listing.yanked}` : null;
    case "reappeared":
      return goneNote(gapBefore(of));
    case "flaky-edge":
      return latest && wrongNote(latest);
    case "unverifiable":
      return latest?.observed === null ? (latest.attempts.at(-1)?.detail ?? null) : null;
    default:
      return null;
  }
}

const STOLEN_KEY =
  "A record agrees with the new bytes: if you did not make that record, the key that made it is in other hands.";

const STOLEN_CI =
  "Its provenance names the new bytes: if you did not publish them, the CI that did is in other hands.";

function weakNote(record: Recorded | undefined): string | null {
  if (record === undefined) return null;
  const said = isStandIn(record)
    ? `There is ${record.credential} over this digest`
    : `CI recorded this digest (credential ${record.credential})`;
  return `${said}, but this watcher confirms with a maintainer key.`;
}

const outweighedNote = (record: Recorded | undefined): string | null =>
  record === undefined
    ? null
    : `CI recorded this digest (credential ${record.credential}), and a record that counts for more has another.`;

/** Whoever runs the edge asks which of its machines it was, and what came. */
function wrongNote(latest: Observation): string | null {
  const last = wrongAttempts(latest).at(-1);
  if (last === undefined) return null;
  const from = last.address === null ? "" : ` from ${last.address}`;
  return `Other bytes came${from} at ${last.at}: ${last.digest}${last.detail === null ? "" : ` (${last.detail})`}.`;
}

const goneNote = (gap: Gap | null): string | null =>
  gap && `It was last listed at ${gap.before.at}, and not at ${gap.absences.at(0)?.look.at}.`;
