import { isLive, type Recorded } from "../domain/enrolments.ts";
import { digestsIn } from "../domain/records.ts";
import type { ArtifactRow } from "../domain/view.ts";

/** What one watcher's records say of a file that somebody holds. */
export type Said = "ok" | "differs" | "unrecorded" | "unknown";

/** What is known of one file for one watcher. */
export interface Known {
  /** The digest of the file that somebody holds. */
  readonly digest: string;
  readonly recorded: readonly Recorded[];
  /** Whether a record silences under the watcher's policy. */
  readonly silences: (record: Recorded) => boolean;
  readonly row: ArtifactRow | null;
  readonly selfClaimed: boolean;
}

/** An answer with its strength in words: on what it rests, and what that would not have caught. */
export interface Strength {
  readonly answer: Said;
  readonly why: string;
}

/** Of a file that no page has shown, whether or not somebody recorded it. */
export const NOTHING_KNOWN: Strength = {
  answer: "unknown",
  why: "This monitor knows nothing of the file that it could tell.",
};

const GOOD_FAITH = "malware that was recorded in good faith, and a build compromised before it was hashed";

/** The words for the strongest of the records that agree. */
function strengthOf({ authority, recordedAt, signers }: Recorded): string {
  if (authority === "ci")
    return `Matches what CI recorded at ${recordedAt}; no maintainer has confirmed it. Would not have caught: whoever holds that CI, ${GOOD_FAITH}.`;
  if (signers.length === 0)
    return `A maintainer's key recorded it at ${recordedAt}, says this monitor. Would not have caught: that key in other hands, this monitor lying, ${GOOD_FAITH}.`;
  return `Signed by ${signers.join(", ")}, recorded at ${recordedAt}; the manifest and its signature can be checked without this monitor. Would not have caught: that signing key in other hands, ${GOOD_FAITH}.`;
}

const RANK = ({ authority, signers }: Recorded): number =>
  authority === "ci" ? 0 : signers.length > 0 ? 2 : 1;

/** The live records from the strongest to the weakest, the oldest of equals first. */
export const byStrength = (records: readonly Recorded[]): Recorded[] =>
  records.toSorted((a, b) => RANK(b) - RANK(a) || (a.recordedAt < b.recordedAt ? -1 : 1));

const others = (live: readonly Recorded[], digest: string): string =>
  digestsIn(live)
    .filter((each) => each !== digest)
    .slice(0, 3)
    .join(", ");

function answerOf({ digest, recorded, silences, row }: Known): Strength {
  const live = recorded.filter(isLive);
  const agreeing = live.filter((record) => record.digest === digest);
  const [strongest] = byStrength(agreeing.filter(silences));
  if (live.length === 0) return { answer: "unrecorded", why: unrecorded(row) };
  if (agreeing.length === 0)
    return { answer: "differs", why: `On record is ${others(live, digest)}, and yours is another.` };
  if (digestsIn(live).length > 1)
    return {
      answer: "differs",
      why: `Contested: on record is also ${others(live, digest)}, and at most one can be right.`,
    };
  if (strongest === undefined)
    return {
      answer: "unrecorded",
      why: "CI recorded it, but this watcher confirms with a maintainer's key, and has not.",
    };
  return { answer: "ok", why: strengthOf(strongest) };
}

const unrecorded = (row: ArtifactRow | null): string =>
  row?.verdict === "baseline"
    ? "This watcher has recorded nothing of it: it was published before the watch began, and nobody confirmed it."
    : "This watcher has recorded nothing of it.";

const CRITICAL = new Set(["substituted", "replaced", "misdeclared", "mismatch"]);

function indexWords(row: ArtifactRow | null): string {
  if (row === null || row.hashedAt === null) return " The index's own copy was never hashed here.";
  const verdict = CRITICAL.has(row.verdict ?? "") ? `, and is \`${row.verdict}\`: look at the findings` : "";
  return ` The index's own copy was last hashed at ${row.hashedAt}${verdict}.`;
}

const CLAIMED = " Nobody but this watcher says who they are: anybody could have enrolled and said so.";

/** What a watcher's records say, and how much that is worth. */
export function strengthFor(known: Known): Strength {
  const { answer, why } = answerOf(known);
  return { answer, why: `${why}${indexWords(known.row)}${known.selfClaimed ? CLAIMED : ""}` };
}

/** One watcher's answer, and whether they are one for whom nobody has vouched. */
export interface Voice extends Strength {
  readonly selfClaimed: boolean;
}

const ORDER: readonly Said[] = ["differs", "ok", "unrecorded", "unknown"];

/**
 * The one answer for a file of several watchers. One who differs outweighs all that agree. Strangers are not heard: a false
 * record of theirs must neither make a file look right nor a right one look false.
 */
export function together(voices: readonly Voice[]): Strength {
  const heard = voices.filter(({ selfClaimed }) => !selfClaimed);
  for (const answer of ORDER) {
    const voice = heard.find((each) => each.answer === answer);
    if (voice !== undefined && answer !== "unknown") return { answer, why: voice.why };
  }
  const claimed = voices.find(({ answer }) => answer === "ok" || answer === "differs");
  if (claimed === undefined) return NOTHING_KNOWN;
  const said = claimed.answer === "ok" ? "agree" : "differ";
  return {
    answer: "unknown",
    why: `Only watchers for whom nobody has vouched recorded it (${said}): that says nothing.`,
  };
}
