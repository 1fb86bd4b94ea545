import { valid } from "@renovatebot/pep440";
import { normalizeProject } from "../domain/names.ts";
import { releaseKey } from "../domain/releases.ts";

/**
 * Whether two names are one file's. Tools sign a wheel's name with its tags in another order, or with the project and version
 * spelled otherwise, than the index lists it (PEP 740: compared after parsing). What is no wheel and no sdist must be equal.
 */
export const isSameFile = (one: string, other: string): boolean =>
  one === other || keyOf(one) === keyOf(other);

/** What spellings of one file's name have in common. */
function keyOf(file: string): string {
  if (file.endsWith(".whl")) return wheelKey(file.slice(0, -".whl".length).split("-")) ?? file;
  const [, stem = "", suffix = ""] = /^(.+)(\.tar\.gz|\.zip)$/.exec(file) ?? [];
  const dash = stem.lastIndexOf("-");
  const version = stem.slice(dash + 1);
  if (dash < 1 || valid(version) === null) return file;
  return `${normalizeProject(stem.slice(0, dash))}-${releaseKey(version)}${suffix}`;
}

/** name-version(-build)-python-abi-platform; each of the last three may be a set, in any order (PEP 425). */
function wheelKey([name = "", version = "", ...rest]: readonly string[]): string | null {
  if (valid(version) === null || rest.length < 3 || rest.length > 4) return null;
  const [build, tags] = rest.length === 4 ? [rest[0] ?? "", rest.slice(1)] : ["", rest];
  const sorted = tags.map((tag) => tag.split(".").toSorted().join("."));
  return `${[normalizeProject(name), releaseKey(version), build, ...sorted].join("-")}.whl`;
}
