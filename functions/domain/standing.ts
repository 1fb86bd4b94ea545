import type { Standing, Telling } from "./verdicts.ts";

/** What the standing table looks at, each sign one of few values. */
export interface StandingSigns {
  /** The newest page shows it. */
  readonly listed: boolean;
  /** Some page has shown it. */
  readonly everListed: boolean;
  /** A journal entry since then takes it away, by name, with its release or with its project. */
  readonly removalEntry: boolean;
  /** The project's status or a quarantine entry explains that it is not shown. */
  readonly quarantined: boolean;
  /** Two readings a confirmation window apart lack it, and the cursor has passed them without finding an entry. */
  readonly absenceProven: boolean;
  /** Pages have lacked it for longer than a deadline, and it can be neither proven nor explained. */
  readonly absenceOverdue: boolean;
  /** We were blind between the last page that showed it and now: an entry may have passed unseen. */
  readonly blindBetween: boolean;
  /** Two readings a confirmation window apart show it, and the cursor has passed them without an entry that adds it. */
  readonly unannounced: boolean;
  /** We were blind while it came: an entry that adds it may have passed unseen. */
  readonly blindBefore: boolean;
  /** It is back after an entry took it away, or after it was proven gone without one. */
  readonly back: boolean;
  readonly journalled: boolean;
  readonly recorded: boolean;
  /** The deadline of what is expected has passed. */
  readonly unseenOverdue: boolean;
  readonly missingOverdue: boolean;
  readonly yanked: boolean;
  /** Its content verdict is (and, after a removal, was) `match`. */
  readonly matched: boolean;
  readonly frozen: boolean;
}

/** One row: when it fits, and whom it tells. */
export interface StandingRow {
  readonly standing: Standing;
  readonly fits: (signs: StandingSigns) => boolean;
  readonly tells: (signs: StandingSigns) => Telling | null;
}

const telling = (severity: Telling["severity"]): Telling => ({ topic: "findings", severity });
const nobody = (): null => null;

/** The standing table, row by row. The first that fits is the standing; the last always fits. */
export const STANDING: readonly StandingRow[] = [
  {
    standing: "removed",
    fits: (signs) => !signs.listed && signs.removalEntry,
    tells: (signs) => telling(signs.frozen ? "critical" : signs.matched ? "warning" : "notice"),
  },
  // Never what no page has shown: a status would hide an upload for good.
  {
    standing: "hidden",
    fits: (signs) => !signs.listed && signs.everListed && signs.quarantined,
    tells: nobody,
  },
  {
    standing: "vanished",
    fits: (signs) => signs.everListed && ((!signs.listed && signs.absenceProven) || signs.absenceOverdue),
    tells: ({ listed, absenceProven, blindBetween }) =>
      telling(!listed && absenceProven && !blindBetween ? "critical" : "warning"),
  },
  {
    standing: "unseen",
    fits: (signs) => !signs.everListed && signs.journalled && signs.unseenOverdue,
    tells: () => telling("warning"),
  },
  {
    standing: "missing",
    fits: (signs) => !signs.everListed && signs.recorded && signs.missingOverdue,
    tells: () => telling("warning"),
  },
  { standing: "expected", fits: (signs) => !signs.everListed, tells: nobody },
  {
    standing: "unannounced",
    fits: (signs) => signs.listed && signs.unannounced,
    tells: ({ blindBefore }) => telling(blindBefore ? "warning" : "critical"),
  },
  { standing: "reappeared", fits: (signs) => signs.listed && signs.back, tells: () => telling("critical") },
  { standing: "yanked", fits: (signs) => signs.listed && signs.yanked, tells: () => telling("notice") },
  // Also where one reading lacks it: until absence is proven, what was last proven stands.
  { standing: "listed", fits: () => true, tells: nobody },
];

/** The row that speaks for these signs. */
export function standingRow(signs: StandingSigns): StandingRow {
  const row = STANDING.find((each) => each.fits(signs));
  if (row === undefined) throw new Error("the standing table must end in a row that always fits");
  return row;
}
