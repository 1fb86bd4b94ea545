import { isDigest } from "../../functions/domain/digests.ts";
import { isProjectName, normalizeProject, projectsOf } from "../../functions/domain/names.ts";
import { lastOfUrl } from "../../functions/records/paths.ts";
import { inert } from "../../functions/records/quoted.ts";
import { textIn } from "../asking.ts";
import { Misused } from "../misused.ts";
import type { Asked, Item, Unclear } from "./items.ts";

/** pip's rules: a backslash at the end continues a line, and ` #` begins a comment. */
const logicalLines = (text: string): readonly string[] =>
  text
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");

/** One line, in its parts. */
interface Line {
  /** What is required, without hashes and markers. */
  readonly wanted: string;
  readonly hashes: readonly string[];
}

const HASH = /(?:^|\s)--hash[=\s]\s*(\S+)/g;

const partsOf = (line: string): Line => ({
  wanted: line
    .replace(HASH, " ")
    .replace(/(\s|^[^:]*?);.*$/, "$1")
    .trim(),
  hashes: [...line.matchAll(HASH)].map(([, hash = ""]) => hash.toLowerCase()),
});

const PINNED = /^([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s,*]+)$/;
const DIRECT = /^(?:[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@\s*)?(https?:\/\/\S+)$/;

const INCLUDES = /^(-r|--requirement|-c|--constraint)\b/;
const EDITABLE = /^(-e|--editable)\b/;

/** Options steer pip and require nothing; those that do are unclear. */
function unclearOption(line: string): readonly Unclear[] {
  const label = inert(line);
  if (INCLUDES.test(line))
    return [{ label, why: "Files that a file includes are not followed: name it with -r of its own." }];
  if (EDITABLE.test(line)) return [{ label, why: "What is installed from a folder is on no index." }];
  return [];
}

/** What a line requires: a release of a project, or one file of it by its address. */
type Wanted = Pick<Item, "file" | "version" | "projects"> & { readonly hashes: readonly string[] };

function wantedIn({ wanted, hashes }: Line): Wanted | null {
  const [, name = "", version = ""] = PINNED.exec(wanted) ?? [];
  if (isProjectName(name)) return { file: null, version, projects: [normalizeProject(name)], hashes };
  const [, address] = DIRECT.exec(wanted) ?? [];
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return null;
  const file = lastOfUrl(url.href);
  const fragment = new URLSearchParams(url.hash.slice(1)).get("sha256");
  return {
    file,
    version: null,
    projects: projectsOf(file),
    hashes: [...hashes, ...(fragment === null ? [] : [`sha256:${fragment.toLowerCase()}`])],
  };
}

function read(line: string): Asked {
  if (line.startsWith("-")) return { items: [], unclear: unclearOption(line) };
  const parts = partsOf(line);
  const label = inert(parts.wanted);
  const unclear = (why: string): Asked => ({ items: [], unclear: [{ label, why }] });
  const wanted = wantedIn(parts);
  if (wanted === null || wanted.projects.length === 0)
    return unclear(
      "It is not pinned: only name==version, or the address of one file, says what pip would get.",
    );
  const { hashes, ...rest } = wanted;
  const digests = hashes.filter(isDigest);
  if (digests.length === 0)
    return unclear(
      "It has no --hash=sha256:…, so pip would take any bytes: pip hash and pip-compile --generate-hashes write them.",
    );
  return { items: digests.map((digest) => ({ label, ...rest, digest })), unclear: [] };
}

/** Every hash of a requirements file, and every line that pins none. Throws `Misused` for a file that requires nothing. */
export function requirementsIn(path: string): Asked {
  const lines = logicalLines(textIn(path, "requirements file")).map(read);
  const items = lines.flatMap((line) => line.items);
  const unclear = lines.flatMap((line) => line.unclear);
  if (items.length + unclear.length === 0) throw new Misused(`${inert(path)} requires nothing`);
  return { items, unclear };
}
