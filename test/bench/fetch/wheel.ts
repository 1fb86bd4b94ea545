import { createHash, randomBytes } from "node:crypto";
import { Zip, ZipPassThrough } from "fflate";

/** A wheel that pip takes, of any size in little memory: its chunks are one and the same, again and again. */
export interface Wheel {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  readonly sizeBytes: number;
  readonly sha256: string;
}

const CHUNK = randomBytes(1024 * 1024);
const METADATA = "Metadata-Version: 2.1\nName: bulky\nVersion: 1.0\n";
const WHEEL = "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

export function wheelOf(megabytes: number): Wheel {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  const add = (name: string, parts: readonly Uint8Array[]) => {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    for (const part of parts) entry.push(part);
    entry.push(new Uint8Array(0), true);
  };
  add("bulky/data.bin", Array(megabytes).fill(CHUNK));
  add("bulky-1.0.dist-info/METADATA", [Buffer.from(METADATA)]);
  add("bulky-1.0.dist-info/WHEEL", [Buffer.from(WHEEL)]);
  add("bulky-1.0.dist-info/RECORD", [new Uint8Array(0)]);
  zip.end();
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { name: "bulky-1.0-py3-none-any.whl", chunks, sizeBytes, sha256: hash.digest("hex") };
}
