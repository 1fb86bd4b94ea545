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

/** Says which release a file belongs to. */
export type ReleaseFinder = (file: string) => string | null;

/**
 * The release of each file of a project: the index's spelling where one of its versions fits the file name, else the
 * file name's own. Made once per page: projects with thousands of releases list thousands of files.
 */
export function releaseFinder(project: ProjectName, versions: readonly string[]): ReleaseFinder {
  const spelled = new Map(versions.map((version) => [releaseKey(version), version]));
  return (file) => {
    const own = versionIn(file, project);
    return own === null ? null : (spelled.get(releaseKey(own)) ?? own);
  };
}

/** The release of one file, as its name spells it unless one of `versions` fits. */
export const releaseOf = (file: string, project: ProjectName, versions: readonly string[]): string | null =>
  releaseFinder(project, versions)(file);
