import { idOf } from "./canonical.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import type { Listing, Look } from "./pages.ts";

/** `cross-check`: another source shows what the journal has not told. */
export type Reason = "journal" | "cross-check" | "enrolment" | "record" | "policy" | "deadline" | "sweep";

/** Baselines and re-hashes go to `sweep`, so that they never delay a fresh upload on `now`. */
export type Lane = "now" | "sweep";

/** A reason to look at a project, queued for survey. */
export interface Change {
  readonly id: string;
  readonly project: ProjectName;
  readonly reason: Reason;
  readonly lane: Lane;
  /** The highest journal serial behind this change; a page below it is stale. */
  readonly serial: number | null;
  readonly epoch: number;
  /** The artifacts it concerns; empty means the project as a whole. At most `MOST_FILES_NAMED`. */
  readonly files: readonly string[];
  /** Some entry behind it speaks of the project as a whole, whatever files others name. */
  readonly whole?: true;
  /** When it came about: the instant the journal entry or the request was seen. */
  readonly at: Instant;
  /** Looks already taken for it in vain; counted here, because receive counts do not survive a re-queue. */
  readonly looks: number;
}

/** Together with the next one, this keeps a change well under the message limit. */
export const MOST_FILES_NAMED = 400;
const MOST_NAMES_BYTES = 150_000;

export type ChangeAsked = Pick<Change, "project" | "reason" | "at"> & Partial<Change>;

/** A change with an id computed from what it says, so that the same reason twice is the same change. */
export function change(asked: ChangeAsked): Change {
  const said = { lane: "now", serial: null, epoch: 0, files: [], looks: 0, ...asked } as const;
  return { ...said, id: asked.id ?? idOf(["change", said]) };
}

/** As many changes as it takes to name these files, so that no message outgrows its queue, however long the names. */
export function changesNaming(asked: ChangeAsked, files: readonly string[]): Change[] {
  const count = fitting(files);
  if (files.length <= count) return [change({ ...asked, files })];
  return [change({ ...asked, files: files.slice(0, count) }), ...changesNaming(asked, files.slice(count))];
}

/** How many of the first names go into one message; at least one. */
function fitting(files: readonly string[]): number {
  let leftBytes = MOST_NAMES_BYTES;
  const over = files.slice(0, MOST_FILES_NAMED).findIndex((file) => {
    leftBytes -= Buffer.byteLength(JSON.stringify(file)) + 1;
    return leftBytes < 0;
  });
  return over === -1 ? MOST_FILES_NAMED : Math.max(1, over);
}

/** How one attempt to get an artifact's bytes ended. Only `hashed` obtained a whole body. */
export type AttemptOutcome =
  | "hashed"
  | "gone"
  | "empty"
  | "cut"
  | "encoded"
  | "too-large"
  | "too-slow"
  | "refused"
  | "unreachable";

/** One attempt to fetch an artifact. Every attempt is kept. */
export interface Attempt {
  readonly at: Instant;
  readonly outcome: AttemptOutcome;
  readonly digest: `sha256:${string}` | null;
  readonly sizeBytes: number | null;
  /** The address that answered, where one did: three wrong digests from one machine are one bad machine. */
  readonly address: string | null;
  /** The HTTP status, the server's own name for itself, what went wrong; for the reader of an alert. */
  readonly detail: string | null;
}

/** An artifact to be fetched and hashed, queued for fetch. */
export interface Artifact {
  readonly id: string;
  readonly project: ProjectName;
  readonly file: string;
  readonly release: string | null;
  readonly listing: Listing;
  readonly look: Look;
  readonly lane: Lane;
  /** When the reason for fetching it came about, for the lag. */
  readonly since: Instant;
  /** Attempts so far, oldest first; fetch sends itself the artifact again with one more. */
  readonly attempts: readonly Attempt[];
  /** Set when compare wants these bytes kept for a finding instead of judged again. */
  readonly keepFor: string | null;
  /** Some watcher expects a publisher: the provenance is read, too. */
  readonly wantsProvenance?: true;
  /** The bytes are known, and only the provenance is read; `vain` is how often it could not be had. */
  readonly provenanceOnly?: { readonly vain: number };
}

export type ArtifactWanted = Omit<Artifact, "id" | "attempts" | "keepFor"> & { readonly keepFor?: string };

/** An artifact message; the same look at the same file is the same message. */
export function artifact(wanted: ArtifactWanted): Artifact {
  const said = { keepFor: null, ...wanted, attempts: [] };
  return { ...said, id: idOf(["artifact", said.project, said.file, said.look, said.keepFor]) };
}
