import type { Content } from "./content.ts";
import { byText, byVersion, canonicalVersion, normalised } from "./names.ts";

/** PEP 792's states, as far as PyPI uses them. */
export type Status = "active" | "archived" | "quarantined";

export interface Role {
  readonly role: "Owner" | "Maintainer";
  readonly user: string;
}

/** One distribution file as the index lists it. */
export interface Artifact {
  readonly file: string;
  readonly pyversion: string;
  readonly requiresPython: string | null;
  readonly uploadedAt: Date;
  /** What the index says of the file: its digests, size and address. The file store may hold something else. */
  content: Content;
  /** Kept from pages although nobody removed it. */
  hidden: boolean;
  /** The provenance object (PEP 740) as the index stores it: any bytes. */
  provenance: Uint8Array | null;
  /** Whether pages name it; they and the Integrity API can disagree. */
  provenanceNamed: boolean;
}

export interface Release {
  readonly version: string;
  readonly createdAt: Date;
  readonly artifacts: Artifact[];
  /** The reason where one was given. */
  yanked: boolean | string;
  quarantined: boolean;
}

/** A project at one moment, in the order of pages. Never changes once taken. */
export interface ProjectView {
  readonly name: string;
  readonly display: string;
  readonly status: Status;
  readonly serial: number;
  readonly createdAt: Date;
  readonly roles: readonly Role[];
  readonly organization: string | null;
  readonly releases: readonly ReleaseView[];
}

export interface ReleaseView extends Omit<Readonly<Release>, "artifacts"> {
  readonly artifacts: readonly Readonly<Artifact>[];
}

/** One project with its releases. Every change of it must go through `touch`, or its pages stay as they were. */
export class Project {
  readonly name: string;
  readonly display: string;
  readonly createdAt: Date;
  readonly roles: Role[] = [];
  organization: string | null = null;
  readonly #releases = new Map<string, Release>();
  /** The same releases in the order of their versions: to sort at every look would cost more than to render. */
  #ordered: Release[] = [];
  #status: Status = "active";
  #serial = 0;
  #view: ProjectView | null = null;

  constructor(display: string, createdAt: Date) {
    this.name = normalised(display);
    this.display = display;
    this.createdAt = createdAt;
  }

  get status(): Status {
    return this.#status;
  }

  set status(status: Status) {
    this.#status = status;
    this.touch();
  }

  get serial(): number {
    return this.#serial;
  }

  set serial(serial: number) {
    this.#serial = serial;
    this.touch();
  }

  get releases(): Iterable<Release> {
    return this.#ordered;
  }

  release(version: string): Release | undefined {
    return this.#releases.get(canonicalVersion(version));
  }

  addRelease(version: string, createdAt: Date): Release {
    const release = { version, createdAt, artifacts: [], yanked: false, quarantined: false };
    this.#releases.set(canonicalVersion(version), release);
    this.#ordered.splice(this.#placeOf(version), 0, release);
    return release;
  }

  dropRelease(version: string): void {
    const dropped = this.release(version);
    this.#releases.delete(canonicalVersion(version));
    this.#ordered = this.#ordered.filter((release) => release !== dropped);
    this.touch();
  }

  touch(): void {
    this.#view = null;
  }

  /** The same object until something changes, so that rendered pages can be kept beside it. */
  view(): ProjectView {
    this.#view ??= {
      name: this.name,
      display: this.display,
      status: this.#status,
      serial: this.#serial,
      createdAt: this.createdAt,
      roles: [...this.roles],
      organization: this.organization,
      releases: this.#ordered.map(viewOf),
    };
    return this.#view;
  }

  #placeOf(version: string): number {
    let [low, high] = [0, this.#ordered.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byVersion(this.#ordered[middle]?.version ?? "", version) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function viewOf(release: Release): ReleaseView {
  const shown = release.artifacts.filter((artifact) => !artifact.hidden).map((artifact) => ({ ...artifact }));
  return { ...release, artifacts: shown.sort((a, b) => byText(a.file, b.file)) };
}
