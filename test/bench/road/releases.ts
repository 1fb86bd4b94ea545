import { createHash } from "node:crypto";

/** One release of one file of 10 KB, made of its own name, so that index and watcher need not tell each other. */
export interface Release {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

const FILE_BYTES = 10_000;

export function releaseOf(number: number, version: string): Release {
  const project = `bench-${number}`;
  const file = `bench_${number}-${version}-py3-none-any.whl`;
  return {
    project,
    version,
    file,
    bytes: Buffer.alloc(FILE_BYTES, createHash("sha256").update(file).digest()),
  };
}

export const sha256Of = ({ bytes }: Release): string => createHash("sha256").update(bytes).digest("hex");
