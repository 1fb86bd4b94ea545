import { createHash } from "node:crypto";
import { createBLAKE2b, type IHasher } from "hash-wasm";
import { metadataOf } from "./wheels.ts";

let blake2b: IHasher | undefined;

/** Must have resolved once before any `Content` is made: BLAKE2b-256 is not in Node and loads asynchronously. */
export async function readyToHash(): Promise<void> {
  blake2b ??= await createBLAKE2b(256);
}

function blake2b256(bytes: Uint8Array): string {
  if (blake2b === undefined) throw new Error("readyToHash() was not awaited");
  return blake2b.init().update(bytes).digest("hex");
}

/** One file's bytes and what the index says of them. MD5 and metadata are worked out only when asked for. */
export class Content {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly blake2b256: string;
  readonly #file: string;
  #md5: string | undefined;
  #metadata: Uint8Array | null | undefined;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.bytes = bytes;
    this.sha256 = sha256(bytes);
    this.blake2b256 = blake2b256(bytes);
  }

  /** Where the files origin keeps it: the address is a commitment to the bytes. */
  get path(): string {
    const hash = this.blake2b256;
    return `/packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}/${this.#file}`;
  }

  get md5(): string {
    this.#md5 ??= createHash("md5").update(this.bytes).digest("hex");
    return this.#md5;
  }

  /** The wheel's METADATA (PEP 658); null for anything else, and for bytes that are no wheel. */
  get metadata(): Uint8Array | null {
    if (this.#metadata === undefined) this.#metadata = metadataOf(this.#file, this.bytes);
    return this.#metadata;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
