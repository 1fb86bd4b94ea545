import { idOf } from "./canonical.ts";
import type { Attempt } from "./changes.ts";
import type { Digest } from "./digests.ts";
import type { Instant } from "./instants.ts";
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
  /** Absent where nobody asked, or the index did not say. */
  readonly ownership?: Ownership;
}

/** One attestation (PEP 740) that was verified offline: who published which bytes, by the certificate. Foreign text, cut and inert. */
export interface Attested {
  /** `github`, `gitlab`, or the certificate's issuer where it is neither. */
  readonly provider: string;
  readonly issuer: string;
  /** `owner/name`, or `group/subgroup/name`; an address, for a service account. */
  readonly repository: string;
  /** The file under `.github/workflows`, or the path of GitLab's CI file; `null` where there is none. */
  readonly workflow: string | null;
  readonly ref: string | null;
  readonly sha: string | null;
  readonly predicateType: string;
  /** The digest that the signed statement names for the artifact. Only one equal to the observed digest says anything. */
  readonly digest: Digest;
  /** When the transparency log took it in. */
  readonly at: Instant;
}

/** What reading a provenance object came to. */
export type Provenance =
  /** Every attestation in it is signed under the trusted root, is in the transparency log, and names this artifact. */
  | { readonly outcome: "verified"; readonly attested: readonly Attested[]; readonly object: Digest }
  /** It came whole, and something in it does not hold. */
  | { readonly outcome: "refused"; readonly reason: string; readonly object: Digest }
  /** The index has none. */
  | { readonly outcome: "none" }
  /** It could not be had; says nothing of the artifact. */
  | { readonly outcome: "unread"; readonly reason: string };

/** A look at the artifact's provenance object, read where its listing said that it is. */
export interface ProvenanceSighting extends OfArtifact {
  readonly kind: "provenance";
  readonly url: string;
  readonly provenance: Provenance;
}

/** Who may publish, as the index tells it; sorted. */
export interface Ownership {
  readonly roles: readonly { readonly role: string; readonly user: string }[];
  readonly organization: string | null;
  /** The serial that the index's answer claims to show; `null` when it claims none. */
  readonly serial: number | null;
}

export type Sighting = ListedSighting | AbsentSighting | BlurredSighting | ProvenanceSighting;
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
