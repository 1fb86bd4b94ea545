import type { Baseline, Enrolment } from "./enrolments.ts";
import type { ProjectSighting } from "./facts.ts";
import type { Instant } from "./instants.ts";
import type { Entry } from "./journal.ts";
import type { Look } from "./pages.ts";

/** Everything the judge is given about one project for one enrolment. Sightings and entries are sets: their order changes nothing. */
export interface ProjectCase {
  readonly enrolment: Enrolment;
  readonly sightings: readonly ProjectSighting[];
  /** The journal's entries about the project as a whole, its people, and quarantines of its releases. */
  readonly entries: readonly Entry[];
  /** Where the index stood when the watch began. */
  readonly began: Pick<Baseline, "head" | "epoch" | "at">;
  /** The instant of judging. */
  readonly now: Instant;
}

/** Something that happened once, and is told once. */
export interface Occasion {
  /** Everything by which it can have become known, the best first: told under any of them, it is told. */
  readonly names: readonly [string, ...string[]];
  readonly release: string | null;
  readonly entry: Entry | null;
  readonly look: Look | null;
  readonly note: string | null;
}

export const ofEntry = ({ epoch, serial }: Entry): string => `entry ${epoch}/${serial}`;
export const ofLook = ({ id }: ProjectSighting): string => `look ${id}`;

/** Ascending, each once. */
export const ascending = (entries: readonly Entry[]): readonly Entry[] =>
  [...new Map(entries.map((each) => [ofEntry(each), each])).values()].sort(
    (a, b) => a.epoch - b.epoch || a.serial - b.serial,
  );

const MOST_NAME_CHARS = 200;

/** A stranger's words within a sentence of ours. */
export const quoted = (text: string): string =>
  text.length <= MOST_NAME_CHARS ? text : `${text.slice(0, MOST_NAME_CHARS).toWellFormed()}…`;
