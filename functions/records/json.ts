import * as z from "zod/mini";
import { readDigest, sha256Among } from "./claimed-digests.ts";
import { type Positions, positionsIn } from "./positions.ts";
import { refusal, SubmissionRefused } from "./refusals.ts";
import type { Claim, Place } from "./submissions.ts";

/** One file: our own spelling, or a file object of PEP 691 (its other keys are of no interest). */
const Entry = z.object({
  file: z.optional(z.string()),
  filename: z.optional(z.string()),
  digest: z.optional(z.string()),
  sha256: z.optional(z.string()),
  hashes: z.optional(z.record(z.string(), z.unknown())),
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

function nameIn(entry: Entry, place: Place): string {
  const [name, ...others] = distinct([entry.file, entry.filename]);
  if (name === undefined || others.length > 0)
    throw refusal("bad-entry", 'One file name is needed, as "file" or "filename".', place);
  return name;
}

interface Said {
  readonly text: string;
  readonly algorithm: string | null;
}

/** Every digest in an entry. An MD5 beside a SHA-256 is of no interest; alone it is refused by name. */
function digestsSaid({ digest, sha256, hashes = {} }: Entry, place: Place): Said[] {
  const own = [
    { text: digest, algorithm: null },
    { text: sha256, algorithm: "sha256" },
  ].flatMap(({ text, algorithm }) => (text === undefined ? [] : [{ text, algorithm }]));
  if (own.length > 0 && !("sha256" in hashes)) return own;
  const text = sha256Among(hashes, place);
  return text === undefined ? own : [...own, { text, algorithm: "sha256" }];
}

function readEntry(value: unknown, index: number, lineOf: Positions): Claim {
  const where: Place = { line: null, entry: `files[${index}]` };
  const read = Entry.safeParse(value);
  if (!read.success) throw refusal("bad-entry", `This is not of the form of the entry in ${SHAPE}.`, where);
  const file = nameIn(read.data, where);
  const around = { ...where, line: lineOf(file) };
  const claims = digestsSaid(read.data, around).map(({ text, algorithm }): Claim => {
    const place = { ...where, line: lineOf(text) ?? around.line };
    return { file, digest: readDigest(text, place, algorithm), ...place };
  });
  const [claim] = claims;
  if (claim === undefined) throw refusal("no-digest", "No SHA-256 digest is given.", around);
  const other = claims.find(({ digest }) => digest !== claim.digest);
  if (other !== undefined) throw refusal("two-digests", "Two digests are given.", other);
  return claim;
}

/** Whether a submission means to be JSON: no line of any text format begins like this. */
export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text);

/**
 * Reads `{"files": […]}` (a page of PEP 691 is one), or the bare array. Throws `SubmissionRefused`; the sentence names the
 * entry by its index.
 */
export function* claimsInJson(text: string): Generator<Claim> {
  const manifest = Manifest.safeParse(parseJson(text));
  if (!manifest.success) throw new SubmissionRefused("bad-entry", `Expected ${SHAPE} or the bare array.`);
  const entries = Array.isArray(manifest.data) ? manifest.data : manifest.data.files;
  const lineOf = positionsIn(text);
  for (const [index, entry] of entries.entries()) yield readEntry(entry, index, lineOf);
}
