import * as z from "zod/mini";
import { type Digest, parseDigest } from "../domain/digests.ts";
import { notSha256, SubmissionRefused } from "./refusals.ts";
import type { Claim } from "./submissions.ts";

/** One file: our own spelling, or a file object of PEP 691 (its other keys are of no interest). */
const Entry = z.object({
  file: z.optional(z.string()),
  filename: z.optional(z.string()),
  digest: z.optional(z.string()),
  sha256: z.optional(z.string()),
  hashes: z.optional(z.object({ sha256: z.optional(z.string()) })),
});
type Entry = z.infer<typeof Entry>;

const Manifest = z.union([z.array(z.unknown()), z.object({ files: z.array(z.unknown()) })]);

const SHAPE = '{"files": [{"file": "…", "digest": "sha256:…"}]}';

/** The line that V8 blames: it says one, except of a text that ends too early. */
function lineBlamed(error: unknown, text: string): number | null {
  const message = error instanceof Error ? error.message : "";
  const blamed = /\(line (\d+) column/.exec(message)?.[1];
  if (blamed !== undefined) return Number(blamed);
  return message.includes("end of JSON") ? text.split("\n").length : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SubmissionRefused("bad-json", "This begins like JSON and is not.", lineBlamed(error, text));
  }
}

/** The one value among the spellings given; several that differ, or none, is the caller's mistake to explain. */
const distinct = <T>(given: readonly (T | undefined)[]): T[] => [
  ...new Set(given.filter((value) => value !== undefined)),
];

function nameIn(entry: Entry, where: string): string {
  const [name, ...others] = distinct([entry.file, entry.filename]);
  if (name === undefined || others.length > 0)
    throw new SubmissionRefused("bad-entry", `${where} needs one file name, as "file" or "filename".`);
  return name;
}

function digestText(text: string, where: string): Digest {
  const digest = parseDigest(text);
  if (digest === null) throw new SubmissionRefused("bad-digest", `${where}: ${notSha256(text)}`);
  return digest;
}

function digestIn(entry: Entry, where: string): Digest {
  const texts = distinct([entry.digest, entry.sha256, entry.hashes?.sha256]);
  const [digest, ...others] = distinct(texts.map((text) => digestText(text, where)));
  if (digest === undefined) throw new SubmissionRefused("bad-digest", `${where} has no SHA-256 digest.`);
  if (others.length > 0) throw new SubmissionRefused("two-digests", `${where} says two digests.`);
  return digest;
}

function readEntry(value: unknown, index: number): Claim {
  const where = `files[${index}]`;
  const entry = Entry.safeParse(value);
  if (!entry.success)
    throw new SubmissionRefused("bad-entry", `${where} is not of the form of the entry in ${SHAPE}.`);
  return { file: nameIn(entry.data, where), digest: digestIn(entry.data, where), line: null };
}

/** Whether a submission means to be JSON: no line of any text format begins like this. */
export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** Reads `{"files": […]}` or the bare array. Throws `SubmissionRefused`; the sentence names the entry by its index. */
export function* claimsInJson(text: string): Generator<Claim> {
  const manifest = Manifest.safeParse(parseJson(text));
  if (!manifest.success) throw new SubmissionRefused("bad-entry", `Expected ${SHAPE} or the bare array.`);
  const entries = Array.isArray(manifest.data) ? manifest.data : manifest.data.files;
  for (const [index, entry] of entries.entries()) yield readEntry(entry, index);
}
