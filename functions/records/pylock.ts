import { parse, TomlError } from "smol-toml";
import * as z from "zod/mini";
import { normalizeProject, type ProjectName } from "../domain/names.ts";
import { readDigest, sha256Among } from "./claimed-digests.ts";
import { lastOfAnyPath, lastOfUrl } from "./paths.ts";
import { type Positions, positionsIn } from "./positions.ts";
import { refusal, SubmissionRefused } from "./refusals.ts";
import type { Claim, Place } from "./submissions.ts";

/** A wheel, an sdist or an archive of PEP 751: named, or by the last part of where it lies. */
const Locked = z.object({
  name: z.optional(z.string()),
  path: z.optional(z.string()),
  url: z.optional(z.string()),
  hashes: z.optional(z.record(z.string(), z.unknown())),
});
type Locked = z.infer<typeof Locked>;

/** One project in the lock file; those of others are not looked into. */
const Named = z.object({ name: z.string() });
const Files = z.object({
  wheels: z.optional(z.array(z.unknown())),
  sdist: z.optional(z.unknown()),
  archive: z.optional(z.unknown()),
});

const LockFile = z.object({ "lock-version": z.string(), packages: z.array(z.unknown()) });

/** Whether a submission means to be a lock file: no other format has such a line. */
export const looksLikePylock = (text: string): boolean =>
  /^[ \t]*(lock-version[ \t]*=|\[\[[ \t]*packages[ \t]*\]\])/m.test(text);

function parseToml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const line = error instanceof TomlError ? error.line : null;
    throw new SubmissionRefused("bad-toml", "This looks like a pylock.toml and is no TOML.", line);
  }
}

const lacking = (what: string, place: Place): SubmissionRefused =>
  refusal("bad-entry", `${what}, as PEP 751 has it.`, place);

function fileIn({ name, path, url }: Locked, place: Place): string {
  const named = name ?? (path === undefined ? undefined : lastOfAnyPath(path));
  const file = named ?? (url === undefined ? undefined : lastOfUrl(url));
  if (file === undefined) throw lacking("A file needs a name, a path or a url", place);
  return file;
}

function readFile(value: unknown, entry: string, lineOf: Positions): Claim {
  const locked = Locked.safeParse(value);
  if (!locked.success) throw lacking("A file is a table with hashes", { line: null, entry });
  const { name, path, url, hashes = {} } = locked.data;
  const around = lineOf(name ?? path ?? url ?? "");
  const text = sha256Among(hashes, { line: around, entry });
  if (text === undefined) throw refusal("no-digest", "No SHA-256 digest is given.", { line: around, entry });
  const place = { line: lineOf(text) ?? around, entry };
  return { file: fileIn(locked.data, place), digest: readDigest(text, place, "sha256"), ...place };
}

/** The files of one entry of `packages`, each with the way to it. */
function filesIn(value: unknown, entry: string): [value: unknown, entry: string][] {
  const files = Files.safeParse(value);
  if (!files.success) throw lacking("wheels is an array", { line: null, entry });
  const { wheels = [], sdist, archive } = files.data;
  const single = Object.entries({ sdist, archive }).filter(([, file]) => file !== undefined);
  return [
    ...single.map(([key, file]): [unknown, string] => [file, `${entry}.${key}`]),
    ...wheels.map((file, index): [unknown, string] => [file, `${entry}.wheels[${index}]`]),
  ];
}

/**
 * Reads the project's files in a `pylock.toml` (PEP 751); what it locks of other projects is theirs to record. Throws
 * `SubmissionRefused`; the sentence names the entry.
 */
export function* claimsInPylock(text: string, project: ProjectName): Generator<Claim> {
  const lock = LockFile.safeParse(parseToml(text));
  if (!lock.success || !/^1(\.|$)/.test(lock.data["lock-version"]))
    throw new SubmissionRefused(
      "bad-entry",
      'Expected lock-version = "1.0" and [[packages]], as PEP 751 has it.',
    );
  const lineOf = positionsIn(text);
  for (const [index, value] of lock.data.packages.entries()) {
    const entry = `packages[${index}]`;
    const named = Named.safeParse(value);
    if (!named.success) throw lacking("An entry of packages has a name", { line: null, entry });
    if (normalizeProject(named.data.name) !== project) continue;
    for (const [file, where] of filesIn(value, entry)) yield readFile(file, where, lineOf);
  }
}
