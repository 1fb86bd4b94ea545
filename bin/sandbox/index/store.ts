import type { Content } from "./content.ts";

/** What the files origin says of a file in its headers. */
export interface About {
  readonly project: string;
  readonly version: string;
  readonly pyversion: string;
}

/** One object of the file store. `served` differs from the content once somebody has tampered with it. */
export interface Stored {
  readonly content: Content;
  readonly about: About;
  served: Uint8Array;
}

/** The bytes behind the files origin, by address. Nothing is ever deleted from it, as on PyPI. */
export class FileStore {
  readonly #objects = new Map<string, Stored>();

  keep(content: Content, about: About): void {
    this.#objects.set(content.path, { content, about, served: content.bytes });
  }

  find(path: string): Stored | undefined {
    return this.#objects.get(path);
  }

  /** Serves other bytes from the same address: the index's declaration is untouched. */
  swap(content: Content, served: Uint8Array): void {
    const stored = this.#objects.get(content.path);
    if (stored !== undefined) stored.served = served;
  }
}

/** A copy with one bit turned over, by default in the middle. */
export function withFlippedBit(bytes: Uint8Array, at: number = bytes.length >>> 1): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}
