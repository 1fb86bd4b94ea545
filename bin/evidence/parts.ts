import { createHash } from "node:crypto";
import type { Part } from "../../functions/client/asking.ts";
import type { Client } from "../../functions/client/client.ts";
import { ApiRefused, ApiUnreachable } from "../../functions/client/errors.ts";
import { type Digest, hexOf } from "../../functions/domain/digests.ts";
import type { EvidenceAnswer } from "../../functions/records/answers/evidence.ts";
import type { FindingAnswer } from "../../functions/records/answers/findings.ts";
import { patiently } from "../patience.ts";

/** One file of the archive. */
export interface Member {
  readonly name: string;
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Of the whole file, where it is known before; what is otherwise ends the export. */
  readonly digest: Digest | null;
}

/** Bytes at hand, as a file of the archive. */
export function member(name: string, content: string | Uint8Array, digest: Digest | null = null): Member {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const once = async function* () {
    yield bytes;
  };
  return { name, sizeBytes: bytes.length, bytes: once(), digest };
}

/** Whose evidence it is, and who is asked for it. */
export interface Asked {
  readonly client: Client;
  readonly project: string;
  readonly finding: string;
}

/** What the list says of a finding, and the finding itself. */
export interface Listed {
  readonly finding: FindingAnswer;
  readonly evidence: EvidenceAnswer;
}

/** Why something that was listed is not handed out, by the code of the refusal. */
const WHY: Readonly<Record<string, string>> = {
  "no-such-evidence": "not kept any more",
  "not-vouched": "handed out when the operator has vouched for the watcher, or by the operator",
};

/** The first part, or why there is none. */
async function firstOf({ client, project, finding }: Asked, digest: Digest): Promise<Part | string> {
  try {
    return await patiently(() => client.evidencePart(project, finding, digest, 0));
  } catch (error) {
    const why = error instanceof ApiRefused ? WHY[error.code] : undefined;
    if (why === undefined) throw error;
    return why;
  }
}

/**
 * What is kept under a digest, read part by part while it is written: never in memory as a whole. A text says why
 * there is none. `isWhole` demands that it has the digest that names it. Throws as the client does.
 */
export async function keptMember(
  asked: Asked,
  name: string,
  digest: Digest,
  isWhole: boolean,
): Promise<Member | string> {
  const first = await firstOf(asked, digest);
  if (typeof first === "string") return first;
  const { client, project, finding } = asked;
  const rest = async function* () {
    yield first.bytes;
    for (let from = first.bytes.length; from < first.wholeBytes; ) {
      const at = from;
      const { bytes, wholeBytes } = await patiently(() => client.evidencePart(project, finding, digest, at));
      if (wholeBytes !== first.wholeBytes)
        throw new ApiUnreachable(`The monitor's ${name} changed meanwhile.`);
      yield bytes;
      from += bytes.length;
    }
  };
  return { name, sizeBytes: first.wholeBytes, bytes: rest(), digest: isWhole ? digest : null };
}

/** Hashes what flows by. */
export class Sum {
  readonly #hash = createHash("sha256");

  take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  get digest(): Digest {
    return `sha256:${this.#hash.copy().digest("hex")}`;
  }
}

/** A line as `sha256sum -c` reads it. */
export const sumLine = (digest: Digest, name: string): string => `${hexOf(digest)}  ${name}\n`;
