/** One file of a release to be published. */
export interface NewFile {
  /** The exact file name. Its project is not read from it: old names do not follow the rules. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The tag in the journal row; by default read from the file name. */
  readonly pyversion?: string;
  /** By default read from a wheel's METADATA. */
  readonly requiresPython?: string;
  /** A provenance object (PEP 740), stored and served as it is. @default none */
  readonly provenance?: Uint8Array | undefined;
}

/** A release, or more files for one that exists. */
export interface NewRelease {
  /** As the uploader spells it. The first spelling becomes the display name. */
  readonly project: string;
  readonly version: string;
  readonly files: readonly NewFile[];
  /** Becomes the owner when the project is new. */
  readonly user?: string;
  /** Start of the upload; now by default. */
  readonly at?: Date;
}

/** The index says no to an upload. `status` and `message` are what the client sees. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "Refused";
    this.status = status;
  }
}

/** Nothing of that name is there. */
export class Unknown extends Error {
  constructor(what: string) {
    super(`the sandbox has no ${what}`);
    this.name = "Unknown";
  }
}
