import type { Case } from "./case.ts";
import { type ContentRow, type ContentSigns, contentRow } from "./content.ts";
import type { Digest } from "./digests.ts";
import type { Authority, Recorded } from "./enrolments.ts";
import type { Grounds } from "./findings.ts";
import { wrongAttempts } from "./history.ts";
import type { Instant } from "./instants.ts";
import type { Entry } from "./journal.ts";
import { contentSigns, graceEnd, observedIn, removalEntry, silences, standingSigns } from "./signs.ts";
import { standingRow } from "./standing.ts";
import { untilOf } from "./until.ts";
import type { ContentVerdict, Standing, Telling, Verdict } from "./verdicts.ts";

/** What one look at the facts made of one artifact for one enrolment. */
export interface Judgement {
  readonly enrolment: string;
  /** `null` while no page has listed the artifact: then its standing speaks. */
  readonly content: ContentVerdict | null;
  readonly standing: Standing;
  readonly authority: Authority | null;
  readonly declared: Digest | null;
  readonly observed: Digest | null;
  readonly since: Instant;
  /** When the judgement could change without anything new being learned; `null` when never. */
  readonly until: Instant | null;
}

/** A verdict that wants to be told, before it is known whether it was told already. */
export interface Told extends Telling {
  readonly verdict: Verdict;
  readonly digests: readonly (Digest | null)[];
  readonly state: string;
  readonly grounds: Grounds;
}

/** What judging answers: what is so, and what of it is worth telling. */
export interface Ruling {
  readonly judgement: Judgement;
  readonly told: readonly Told[];
}

/**
 * Judges one artifact for one enrolment: the content table, the standing table, and what they tell. Pure: the same
 * set of facts gives the same ruling in whatever order and number they arrived.
 * `before` is the last judgement for the same enrolment, for its `since` only.
 */
export function judge(of: Case, before: Judgement | null): Ruling {
  const content = of.history.shown === null ? null : contentFor(contentSigns(of));
  const verdict = content?.row.verdict ?? null;
  const signs = standingSigns(of, verdict);
  const { standing, tells } = standingRow(signs);
  const same = before !== null && before.content === verdict && before.standing === standing;
  const judgement: Judgement = {
    enrolment: of.enrolment.id,
    content: verdict,
    standing,
    authority: authorityOf(of, verdict),
    declared: of.history.shown?.listing.declared ?? null,
    observed: observedIn(of),
    since: same ? before.since : of.now,
    until: untilOf(of, verdict, standing),
  };
  return { judgement, told: [...toldOfContent(of, content), ...toldOfStanding(of, standing, tells(signs))] };
}

/** What the content table was asked, and the row that answered. */
interface Answered {
  readonly signs: ContentSigns;
  readonly row: ContentRow;
}

const contentFor = (signs: ContentSigns): Answered => ({ signs, row: contentRow(signs) });

function authorityOf(of: Case, content: ContentVerdict | null): Authority | null {
  if (content === "baseline") return "first-seen";
  if (content !== "match") return null;
  const agreeing = of.recorded.filter((record) => record.digest === observedIn(of));
  return agreeing.some((record) => record.authority === "maintainer") ? "maintainer" : "ci";
}

function toldOfContent(of: Case, content: Answered | null): Told[] {
  if (content === null) return [];
  const { signs, row } = content;
  const telling = row.tells(signs);
  const main = telling && {
    ...telling,
    ...contentKey(of, row.verdict, signs),
    grounds: groundsOf(of, row.verdict),
  };
  const flaky =
    signs.body === "agrees" && of.history.latest !== null && wrongAttempts(of.history.latest).length > 0;
  return [...(main ? [main] : []), ...(flaky ? [flakyBeside(of)] : [])];
}

function contentKey(
  of: Case,
  verdict: ContentVerdict,
  signs: ContentSigns,
): Pick<Told, "verdict" | "digests" | "state"> {
  const declared = of.history.shown?.listing.declared ?? null;
  const undecided = verdict === "unverifiable" || verdict === "flaky-edge";
  if (undecided) return { verdict, digests: [declared], state: signs.overdue ? "overdue" : "" };
  const digests = verdict === "substituted" ? [...of.history.agreed] : [declared, observedIn(of)];
  return { verdict, digests, state: "" };
}

/** Wrong attempts beside a right one: the artifact is fine, an edge is not. */
const flakyBeside = (of: Case): Told => ({
  verdict: "flaky-edge",
  topic: "health",
  severity: "notice",
  digests: [of.history.shown?.listing.declared ?? null],
  state: "beside",
  grounds: groundsOf(of, "flaky-edge"),
});

function toldOfStanding(of: Case, standing: Standing, telling: Telling | null): Told[] {
  if (telling === null) return [];
  const state = occasionOf(of, standing);
  return [{ ...telling, verdict: standing, digests: [], state, grounds: groundsOf(of, standing) }];
}

const occasion = (entry: Entry | null): string => (entry === null ? "" : `${entry.epoch}/${entry.serial}`);

/** What tells one removal or disappearance of a file from the next. */
function occasionOf(of: Case, standing: Standing): string {
  if (standing === "removed") return occasion(removalEntry(of));
  if (standing === "yanked")
    return occasion(of.entries.findLast(({ action }) => action.kind === "release-yanked") ?? null);
  return standing === "vanished" ? (of.history.shown?.look.at ?? "") : "";
}

/** What the reader of an alert compares by eye, as it stands at this judgement. */
export function groundsOf(of: Case, verdict: Verdict): Grounds {
  const { shown, latest, agreed, firstSeen } = of.history;
  const observed = observedIn(of);
  const entry =
    verdict === "removed"
      ? removalEntry(of)
      : (of.entries.findLast((e) => "file" in e.action && e.action.file === of.file) ?? null);
  return {
    declared: shown?.listing.declared ?? null,
    observed,
    recorded: worthReading(of.recorded, observed),
    before: agreed.filter((digest) => digest !== observed).slice(-MOST_LISTED),
    wrongAttempts: latest ? wrongAttempts(latest).length : 0,
    attempts: latest?.attempts.length ?? 0,
    url: shown?.listing.url ?? null,
    page: shown?.look.page ?? null,
    entry: entry && `${entry.text} (serial ${entry.serial})`,
    firstSeen,
    deadline: verdict === "awaiting-record" ? graceEnd(of) : null,
    note: noteOf(of, verdict),
  };
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
      return agreeing.length > 0 ? STOLEN_KEY : null;
    case "yanked":
      return shown?.listing.yanked ? `The reason given: ${shown.listing.yanked}` : null;
    case "unverifiable":
      return latest?.observed === null ? (latest.attempts.at(-1)?.detail ?? null) : null;
    default:
      return null;
  }
}

const STOLEN_KEY =
  "A record agrees with the new bytes: if you did not make that record, the key that made it is in other hands.";

const weakNote = (record: Recorded | undefined): string | null =>
  record === undefined
    ? null
    : `CI recorded this digest (credential ${record.credential}), but this watcher confirms with a maintainer key.`;

const outweighedNote = (record: Recorded | undefined): string | null =>
  record === undefined
    ? null
    : `CI recorded this digest (credential ${record.credential}), and a record that counts for more has another.`;
