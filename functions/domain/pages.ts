import type { Digest } from "./digests.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";

/** What the index says of the project itself; `gone` is a 404. */
export type ProjectState = "active" | "archived" | "quarantined" | "deprecated" | "gone";

/** One file as a project's page lists it. */
export interface Listing {
  /** The index's claim; `null` when the page gives no SHA-256, which leaves nothing to compare with. */
  readonly declared: Digest | null;
  readonly url: string;
  readonly sizeBytes: number | null;
  /** `false`, or the reason as text (empty when none was given). */
  readonly yanked: string | false;
  /** Where the index says that the file's provenance (PEP 740) is; absent when it names none. */
  readonly provenance?: string;
}

export interface ListedFile extends Listing {
  readonly file: string;
}

/** A project's page as read, parsed at the border. Kept under `digest`, the SHA-256 of its body as it came. */
export interface Page {
  readonly project: ProjectName;
  readonly state: ProjectState;
  /** The serial the page claims to show; `null` when it claims none. */
  readonly serial: number | null;
  readonly versions: readonly string[];
  readonly files: readonly ListedFile[];
  readonly digest: Digest;
  readonly etag: string | null;
}

/** When and through which page something was seen. */
export interface Look {
  readonly at: Instant;
  /** Id of the message that asked for this look: a second look is a new fact, a redelivery is not. */
  readonly asked: string;
  readonly epoch: number;
  readonly serial: number | null;
  readonly page: Digest | null;
  /** What the page claimed, where that was more than the journal had: it is not believed, and the journal may be late. */
  readonly ahead?: number;
}

/** Whether `a` was read from an older page than `b`: by epoch, then serial, then time. An older page proves nothing. */
export function isOlder(a: Look, b: Look): boolean {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  if (a.serial !== null && b.serial !== null && a.serial !== b.serial) return a.serial < b.serial;
  return a.at < b.at;
}
