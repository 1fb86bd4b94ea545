import { explain, valid } from "@renovatebot/pep440";
import { type ProjectName, versionIn } from "./names.ts";

/**
 * What two spellings of one release have in common: PEP 440 normalised, trailing zeros stripped (`1.0` = `1.0.0`,
 * as PyPI keeps releases unique). A version PEP 440 does not know stays as it is, in lower case.
 */
export function releaseKey(version: string): string {
  if (valid(version) === null) return version.toLowerCase();
  const parts = explain(version);
  if (parts === null) return version.toLowerCase();
  const trimmed = parts.release.join(".").replace(/(\.0)+$/, "");
  return parts.public.replace(parts.release.join("."), trimmed) + (parts.local ? `+${parts.local}` : "");
}

/** The release a file belongs to: the index's spelling where one of its versions fits the file name, else the file name's. */
export function releaseOf(file: string, project: ProjectName, versions: readonly string[]): string | null {
  const spelled = versionIn(file, project);
  if (spelled === null) return null;
  const key = releaseKey(spelled);
  return versions.find((version) => releaseKey(version) === key) ?? spelled;
}
