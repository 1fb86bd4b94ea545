import { removalEntry } from "./absence.ts";
import type { Case } from "./case.ts";
import { type ContentRow, type ContentSigns, contentRow } from "./content.ts";
import type { Digest } from "./digests.ts";
import type { Authority } from "./enrolments.ts";
import type { Grounds } from "./findings.ts";
import { groundsOf } from "./grounds.ts";
import { wrongAttempts } from "./history.ts";
import { earliest, type Instant } from "./instants.ts";
import type { Entry } from "./journal.ts";
import {
  noteOfProvenance,
  occasionOfProvenance,
  type ProvenanceSigns,
  type ProvenanceStanding,
  provenanceRow,
  provenanceSigns,
  provenanceUntil,
  tellsOfProvenance,
  withProvenance,
} from "./provenance.ts";
import { contentSigns, observedIn, standingSigns } from "./signs.ts";
import { standingRow } from "./standing.ts";
import { gapBefore } from "./unexplained.ts";
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
  /** `null` where no publisher is expected; absent in histories from before one could be. */
  readonly provenance?: ProvenanceStanding | null;
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
export function judge(given: Case, before: Judgement | null): Ruling {
  const of = withProvenance(given, observedIn(given));
  const content = of.history.shown === null ? null : contentFor(contentSigns(of));
  const verdict = content?.row.verdict ?? null;
  const signs = standingSigns(of, verdict);
  const { standing, tells } = standingRow(signs);
  // By a record: provenance does not vouch for itself.
  const isRecorded = verdict === "match" && given.recorded.length > 0;
  const asked = provenanceSigns(of, observedIn(of), isRecorded);
  const provenance = asked && provenanceRow(asked).standing;
  const same = before !== null && before.content === verdict && before.standing === standing;
  const judgement: Judgement = {
    enrolment: of.enrolment.id,
    content: verdict,
    standing,
    authority: authorityOf(of, verdict),
    declared: of.history.shown?.listing.declared ?? null,
    observed: observedIn(of),
    since: same ? before.since : of.now,
    until: earliest([untilOf(of, verdict, standing), provenanceUntil(of, provenance)]),
    provenance,
  };
  const told = [
    ...toldOfContent(of, content),
    ...toldOfStanding(of, standing, tells(signs)),
    ...toldOfProvenance(of, provenance, asked),
  ];
  return { judgement, told };
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

/** A page may show a yank before its entry is read: what tells the next one from it is that it was taken back between. */
function unyankBetween({ entries }: Case): Entry | null {
  const last = entries.findLastIndex(({ action }) => action.kind === "release-yanked");
  return (
    entries.slice(0, Math.max(0, last)).findLast(({ action }) => action.kind === "release-unyanked") ?? null
  );
}

/** What tells one removal or disappearance of a file from the next. */
function occasionOf(of: Case, standing: Standing): string {
  if (standing === "removed") return occasion(removalEntry(of));
  if (standing === "yanked") return occasion(unyankBetween(of));
  if (standing === "reappeared") return gapBefore(of)?.absences.at(0)?.look.at ?? "";
  return standing === "vanished" ? (of.history.shown?.look.at ?? "") : "";
}

function toldOfProvenance(
  of: Case,
  standing: ProvenanceStanding | null,
  signs: ProvenanceSigns | null,
): Told[] {
  const telling = signs && tellsOfProvenance(standing, signs);
  if (telling === null || standing === null || standing === "verified" || standing === "awaited") return [];
  const digests = [of.history.shown?.listing.declared ?? null];
  const grounds = { ...groundsOf(of, standing), note: noteOfProvenance(of, standing) };
  return [{ ...telling, verdict: standing, digests, state: occasionOfProvenance(of, standing), grounds }];
}
