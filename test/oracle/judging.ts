import { type Branch, passed, type Span, type Watched } from "./branch.ts";
import { type Choices, MINUTE, TIMES, type Variant } from "./script.ts";
import { told as alerts, opened, resolved } from "./telling.ts";

/** A record, as a watcher made it. */
export interface Said {
  readonly key: "ci" | "maintainer";
  readonly variant: Variant;
  readonly atMs: number;
  /** One by CI from before the watcher ever used a maintainer's key counts on as it did. */
  readonly silences: boolean;
}

/** Everything about one watcher and one file that does not depend on what was seen. */
export interface Case {
  readonly watcher: string;
  readonly choices: Choices;
  /** Live records for the file. */
  readonly said: readonly Said[];
  /** Some row adds it that is younger than the watch: then it is no baseline. */
  readonly isAdded: boolean;
  readonly now: Span;
  /** How bad it is to be unrecorded, now; several where the design or the timing leaves room. */
  readonly severities: readonly string[];
  /** When the journal was seen to add it; `null` if no row does, or none that the watcher could see. */
  readonly journalled: Span | null;
  readonly isShut: boolean;
  /** How many rows remove it. */
  readonly removals: number;
  /** None of the rows that add it is younger. */
  readonly isRemoved: boolean;
  readonly isAnnounced: boolean;
  /** How often its release was yanked. */
  readonly yanks: number;
}

/** Time until a deadline is acted on. */
const SLACK_MS = 15 * MINUTE;

/** Judges a file for one watcher; several answers where what is so cannot be said from outside. */
export function judged(branch: Branch, of: Case): Branch[] {
  const before = branch.watched[of.watcher];
  if (before === undefined) return [branch];
  return contents(branch, of, before).flatMap(([seen, watched]) =>
    standings(seen, of, watched).map((each) => ({
      ...seen,
      watched: { ...seen.watched, [of.watcher]: each },
    })),
  );
}

type Judged = readonly [Branch, Watched];

function contents(branch: Branch, of: Case, before: Watched): Judged[] {
  if (!branch.everListed) return [[branch, before]];
  const anew = listedContents(branch, of, before);
  // What becomes of a verdict after the file has gone is its last one; whether a deadline still ends is left open.
  return branch.listed || before.content === null ? anew : [[branch, before], ...anew];
}

function listedContents(branch: Branch, of: Case, before: Watched): Judged[] {
  const { observed, declared } = branch;
  if (observed === null || observed === "none") return unverifiable(branch, of, before);
  const recorded = of.said.map(({ variant }) => variant);
  const firm = of.said.filter((each) => counts(each, of)).map(({ variant }) => variant);
  const had = resolved({ ...before }, "unverifiable", ["warning"], true);
  const critical = (verdict: string): Judged[] => [
    [branch, told(had, verdict, `${verdict} ${declared} ${observed} ${recorded.join()}`)],
  ];
  // Records that silence say otherwise: what another key vouches for does not make it better.
  const asked = firm.length > 0 ? firm : recorded;
  if (observed !== declared) {
    const known = recorded.length === 0 ? branch.agreed : asked;
    return critical(known.includes(observed) ? "misdeclared" : "replaced");
  }
  if (branch.agreed.some((each) => each !== declared)) return critical("substituted");
  if (asked.length > 0 && !asked.includes(observed)) return critical("mismatch");
  if (firm.includes(observed)) return [[branch, matched(had)]];
  if (recorded.length === 0 && (before.baseline === declared || before.baseline === "hidden") && !of.isAdded)
    return [[branch, { ...had, content: "baseline" }]];
  return unrecorded(branch, of, had);
}

/** It silences, and no maintainer's record of the same file names other bytes than one by CI. */
const counts = ({ key, silences, variant }: Said, { said }: Case): boolean =>
  silences &&
  (key === "maintainer" || !said.some((each) => each.key === "maintainer" && each.variant !== variant));

const SEVERITIES = ["notice", "warning", "critical"];

/** A record came, or the bytes did: whatever waited for it ends. */
const matched = (before: Watched): Watched => ({
  ...resolved(resolved(before, "awaiting-record", SEVERITIES, true), "unrecorded", SEVERITIES, true),
  content: "match",
});

/** Other bytes than those that were waited for: whether that ends the waiting is left open. */
function told(before: Watched, verdict: string, identity: string): Watched {
  const waited = resolved(
    resolved(before, "awaiting-record", SEVERITIES, false),
    "unrecorded",
    SEVERITIES,
    false,
  );
  const again = before.opened.some((each) => each.startsWith(`${verdict} `));
  const now = opened(waited, identity as `${string} ${string}`, "critical");
  return { ...(again ? orTheSame(before, now, `critical ${verdict} open`) : now), content: verdict };
}

/** Whether the same verdict over other digests is another finding is certain of the observed ones only. */
function orTheSame(before: Watched, now: Watched, key: string): Watched {
  const [least = 0] = before.told[key] ?? [];
  const [, most = 0] = now.told[key] ?? [];
  return { ...now, told: { ...now.told, [key]: [least, most] } };
}

function unverifiable(branch: Branch, of: Case, before: Watched): Judged[] {
  const quiet: Judged = [branch, { ...before, content: "unverifiable" }];
  if (branch.noneSince === null || before.open.includes("unverifiable overdue")) return [quiet];
  const isDue = passed(branch.noneSince, TIMES.unverifiableMs, of.now, SLACK_MS);
  const loud: Judged = [branch, opened(quiet[1], "unverifiable overdue", "warning")];
  return isDue === "yes" ? [loud] : isDue === "no" ? [quiet] : [quiet, loud];
}

function unrecorded(branch: Branch, of: Case, before: Watched): Judged[] {
  const { strict, frozen, graceMinutes } = of.choices;
  const graceMs = strict || frozen ? 0 : graceMinutes * MINUTE;
  const since = branch.firstSeen ?? of.now;
  const isJustSeen = since.loMs === of.now.loMs && since.hiMs === of.now.hiMs;
  const isDue = graceMs === 0 ? "yes" : isJustSeen ? "no" : passed(since, graceMs, of.now, SLACK_MS);
  const late = of.severities.map((severity): Judged => {
    const hiMs = Math.max(since.loMs, Math.min(since.hiMs, of.now.hiMs - graceMs));
    const seen = { ...branch, firstSeen: { ...since, hiMs } };
    const ended = resolved(before, "awaiting-record", SEVERITIES, true);
    return [seen, { ...opened(ended, `unrecorded ${branch.declared}`, severity), content: "unrecorded" }];
  });
  if (before.content === "unrecorded")
    return late.flatMap(([to, is]) => graver(before, is).map((each): Judged => [to, each]));
  if (isDue === "yes") return late;
  const seen = {
    ...branch,
    firstSeen: {
      ...since,
      loMs: Math.min(since.hiMs, Math.max(since.loMs, of.now.loMs - graceMs - SLACK_MS)),
    },
  };
  const waits = opened(before, `awaiting-record ${branch.declared}`, "notice");
  const early: Judged = [seen, { ...waits, content: "awaiting-record" }];
  return isDue === "no" ? [early] : [early, ...late];
}

/** It became worse to be unrecorded since it was told: told as that at the next look, it ends as that. */
function graver(before: Watched, now: Watched): Watched[] {
  const key = "critical unrecorded open";
  const isOpen = now.open.length === before.open.length;
  if (!isOpen || !(key in now.told) || key in before.told) return [now];
  return [before, alerts(before, key, [1, 1])];
}

function standings(branch: Branch, of: Case, before: Watched): Watched[] {
  if (branch.listed) return announced(branch, of).map((each) => present(each, of, before));
  if (branch.everListed) return absent(branch, of, before);
  if (of.isRemoved && of.journalled !== null) return absent({ ...branch, absence: "removed" }, of, before);
  if (of.journalled !== null)
    return late(of, before).flatMap((each) =>
      awaited(of, each, "unseen", of.journalled ?? of.now, TIMES.unseenMs),
    );
  const [first] = of.said;
  if (first === undefined) return [before];
  const last = of.said.at(-1) ?? first;
  const since = { loMs: first.atMs, hiMs: last.atMs };
  const waits = awaited(of, before, "missing", since, TIMES.missingMs);
  return of.isShut ? [...waits, { ...before, standing: "hidden" }] : waits;
}

/** Recorded and journalled, but on no page: whether it counts as published by its deadline is left open. */
function late(of: Case, before: Watched): Watched[] {
  const [first] = of.said;
  if (first === undefined || before.standing === "missing" || before.standing === "unseen") return [before];
  const since = { loMs: first.atMs, hiMs: first.atMs };
  if (passed(since, TIMES.missingMs, of.now, SLACK_MS) === "no") return [before];
  return [before, { ...opened(before, "missing of", "warning") }];
}

function awaited(
  of: Case,
  before: Watched,
  verdict: "unseen" | "missing",
  since: Span,
  afterMs: number,
): Watched[] {
  const isDue = before.standing === verdict ? "yes" : passed(since, afterMs, of.now, SLACK_MS);
  const early = { ...before, standing: "expected" };
  const late = { ...opened(before, `${verdict} of`, "warning"), standing: verdict };
  return isDue === "yes" ? [late] : isDue === "no" ? [early] : [early, late];
}

/** A row that adds it at last ends that it is unannounced. */
function announced(branch: Branch, { journalled, now }: Case): Branch[] {
  if (!branch.isUnannounced || journalled === null) return [branch];
  const known = { ...branch, isUnannounced: false };
  return journalled.hiMs <= now.loMs ? [known] : [branch, known];
}

function present(branch: Branch, of: Case, before: Watched): Watched {
  const came = ["unseen", "missing"].reduce((now, each) => resolved(now, each, ["warning"], true), before);
  const is = (standing: string, time: number, severity: string): Watched => ({
    ...opened(came, `${standing} ${time}`, severity),
    standing,
  });
  if (branch.isUnannounced && !of.isAnnounced) return is("unannounced", 0, "critical");
  if (branch.returns > 0) return is("reappeared", branch.returns, "critical");
  return branch.yanked ? is("yanked", of.yanks, "notice") : { ...came, standing: "listed" };
}

function absent(branch: Branch, of: Case, before: Watched): Watched[] {
  if (branch.absence === "unexplained" || branch.absence === null)
    return [before, ...lacked(branch, of, before)];
  if (branch.absence === "hidden" && before.standing === "vanished")
    return [before, { ...before, standing: "hidden" }];
  if (branch.absence === "hidden") return [{ ...before, standing: "hidden" }];
  if (branch.absence === "vanished")
    return [{ ...opened(before, `vanished ${branch.returns}`, "critical"), standing: "vanished" }];
  const severity = of.choices.frozen ? "critical" : before.content === "match" ? "warning" : "notice";
  const removed = { ...opened(before, `removed ${of.removals}`, severity), standing: "removed" };
  // OPEN: a release removed after its file had vanished covers it by the table, and is not looked at.
  return before.standing === "vanished" ? [before, removed] : [removed];
}

/** Gone, and for so long without an explanation or a proof that it is told all the same. */
function lacked({ learned, returns }: Branch, of: Case, before: Watched): Watched[] {
  if (learned === null || passed(learned, TIMES.missingMs, of.now, SLACK_MS) === "no") return [];
  return [{ ...opened(before, `vanished ${returns} unproven`, "warning"), standing: "vanished" }];
}
