import * as z from "zod/mini";
import { type Digest, parseDigest } from "../domain/digests.ts";
import { printable } from "./answers.ts";
import { NotHolding } from "./attestations.ts";
import { isSameFile } from "./file-names.ts";

/** Both kinds that PyPI takes: published by this publisher, and built in this way. */
const PREDICATES = [
  "https://docs.pypi.org/attestations/publish/v1",
  "https://slsa.dev/provenance/v1",
] as const;

/** in-toto's statement, version 1 (https://github.com/in-toto/attestation), with what PEP 740 demands of it: one subject. */
const STATEMENT = z.object({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
  predicateType: z.string(),
});

/** What a signed statement says of a file. */
export interface Statement {
  readonly digest: Digest;
  readonly predicateType: string;
}

/** Reads a statement about this file, of bytes whose signature holds. Throws `NotHolding` where it is none, or another file's. */
export function statementOf(payload: Uint8Array, file: string): Statement {
  const said = STATEMENT.safeParse(jsonOf(payload));
  if (!said.success) throw new NotHolding("what was signed is no in-toto statement, version 1");
  const { subject, predicateType } = said.data;
  const [first, ...others] = subject;
  if (first === undefined || others.length > 0)
    throw new NotHolding(`what was signed speaks of ${subject.length} files instead of one`);
  if (!isSameFile(first.name, file))
    throw new NotHolding(`what was signed speaks of another file, ${printable(first.name)}`);
  const digest = parseDigest(first.digest.sha256);
  if (digest === null) throw new NotHolding("what was signed names no SHA-256 of the file");
  if (!PREDICATES.some((known) => known === predicateType))
    throw new NotHolding(`what was signed is of an unknown kind, ${printable(predicateType)}`);
  return { digest, predicateType };
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (error) {
    throw new NotHolding("what was signed is no JSON", error);
  }
}
