import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";

/** What an operator follows an index by: its journal, cross-checked by the others, or one of them without it. */
export type ChosenSource = "journal" | "list" | "rss";

/** What says which projects moved, beside the journal: the list of all projects, the newest releases, the newest projects. */
export type SourceName = "list" | "updates" | "projects";

/** One project as a source shows it. */
export interface Shown {
  readonly project: ProjectName;
  /** Its last serial; `null` where the source knows none. */
  readonly serial: number | null;
  /** As the source spells it; `null` where it speaks of the project as a whole. */
  readonly release: string | null;
  /** When it was published, in the source's own words: to tell two of the same name apart, never to compare. */
  readonly published: string | null;
}

/** What is remembered of a source between looks. */
export interface SourceState {
  /** The cursor's epoch: serials compare only inside one. */
  readonly epoch: number;
  /** How far the list reached when it was last read whole; `null` of sources without serials. */
  readonly serial: number | null;
  readonly etag: string | null;
  /** Keys of what feeds showed, the latest first, at most `MOST_SEEN`; of the list: of the enrolled projects that it lacked. */
  readonly seen: readonly string[];
  /** The first look of all, answered or not. */
  readonly since: Instant;
  /** Begin of the last look, which may still be under way. */
  readonly triedAt: Instant;
  /** Begin of the last look that was answered in full, also by "unchanged". */
  readonly answeredAt: Instant | null;
  /** Set while looks fail. */
  readonly failing: { readonly since: Instant; readonly reason: string } | null;
  /** The index wants no look before this. */
  readonly notBefore: Instant | null;
  /** Since when whole lists reach less far than `serial`: older copies of an edge, or `serial` was never true. @default null */
  readonly shortSince?: Instant | null;
  /** The first serial that a list reached and the journal has not come to since. @default null */
  readonly ahead?: { readonly serial: number; readonly since: Instant } | null;
  /** Counts the moves: the condition of the compare-and-swap. */
  readonly moves: number;
}

/** Five times what PyPI's feed of releases holds: edges keep copies of several ages, and take turns with them. */
export const MOST_SEEN = 500;

/** When nothing was ever read: an instant from before any look. */
export const NEVER: Instant = "1970-01-01T00:00:00.000Z";
