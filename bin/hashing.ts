import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Digest } from "../functions/domain/digests.ts";

const BUFFER_BYTES = 1024 * 1024;

/** A file on disk and its SHA-256. */
export interface Hashed {
  readonly path: string;
  readonly digest: Digest;
}

type OnRead = (sizeBytes: number) => void;

async function hashOpen(file: FileHandle, buffer: Uint8Array, onRead: OnRead): Promise<Digest> {
  const hash = createHash("sha256");
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, null);
    if (bytesRead === 0) return `sha256:${hash.digest("hex")}`;
    hash.update(buffer.subarray(0, bytesRead));
    onRead(bytesRead);
  }
}

/** The SHA-256 of files on disk, one after the other through one buffer: constant memory, however large they are. */
export async function* hashFiles(
  paths: readonly string[],
  onRead: OnRead = () => {},
): AsyncGenerator<Hashed> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (const path of paths) {
    await using file = await open(path);
    yield { path, digest: await hashOpen(file, buffer, onRead) };
  }
}
