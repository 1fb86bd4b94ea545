import { idOf } from "./canonical.ts";
import type { Attempt } from "./changes.ts";
import type { Digest } from "./digests.ts";
import type { ProjectName } from "./names.ts";
import type { Listing, Look, ProjectState } from "./pages.ts";

interface OfArtifact {
  readonly id: string;
  readonly project: ProjectName;
  readonly file: string;
  readonly release: string | null;
  readonly look: Look;
}

/** Seen on a page, without fetching. */
export interface ListedSighting extends OfArtifact {
  readonly kind: "listed";
  readonly listing: Listing;
}

/** Looked for on a page, and not there. */
export interface AbsentSighting extends OfArtifact {
  readonly kind: "absent";
  readonly state: ProjectState;
}

/** The page itself could not be read: it says nothing about the file, and that is worth knowing. */
export interface BlurredSighting extends OfArtifact {
  readonly kind: "page-unreadable";
  readonly reason: string;
}

/** The dated outcome of fetching one artifact, with every attempt. `observed` is the last whole body's digest. */
export interface Observation extends OfArtifact {
  readonly kind: "hashed" | "gone" | "unreadable";
  readonly listing: Listing;
  readonly observed: Digest | null;
  readonly attempts: readonly Attempt[];
}

/** What a look said of the project as a whole; names the enrolments whose baseline this page becomes. */
export interface ProjectSighting {
  readonly kind: "project";
  readonly id: string;
  readonly project: ProjectName;
  readonly look: Look;
  readonly state: ProjectState | "unreadable";
  readonly baselineOf: readonly string[];
  /** The journal's head asked after the enrolments were committed and before this page was read. */
  readonly head: number | null;
  readonly reason: string | null;
}

export type Sighting = ListedSighting | AbsentSighting | BlurredSighting;
export type ArtifactFact = Sighting | Observation;

/** What the judge learns. Its id is the hash of everything else it says: a redelivery is the same fact, a second look is not. */
export type Fact = ArtifactFact | ProjectSighting;

type Unnamed<F> = F extends Fact ? Omit<F, "id"> : never;

/** Names a fact by what it says. */
export const fact = <F extends Unnamed<Fact>>(said: F): F & { readonly id: string } => ({
  ...said,
  id: idOf(said),
});

export const isObservation = (of: Fact): of is Observation =>
  of.kind === "hashed" || of.kind === "gone" || of.kind === "unreadable";
