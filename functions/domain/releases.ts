import { explain, valid } from "@renovatebot/pep440";
import { delimitsVersion, type ProjectName, versionIn } from "./names.ts";

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

/** The same of what a file name spells: tools wrote dashes or underscores for what PEP 440 does not know. */
const spelledKey = (version: string): string =>
  valid(version) === null ? version.toLowerCase().replace(/[^a-z0-9]+/g, "-") : releaseKey(version);

/**
 * What a version in a legacy file name may be, longest first: all of it, or what stands before a boundary (`1.0` of
 * `1.0-final`). A point is one only where it cannot belong to the version: before a letter, in what PEP 440 does not know.
 */
function readings(own: string): string[] {
  const boundary = valid(own) === null ? /[-_]|\.(?=[a-z])/gi : /[-_]/g;
  const ends = [...own.matchAll(boundary)].slice(0, MOST_BOUNDARIES).reverse();
  return [own, ...ends.map(({ index }) => own.slice(0, index))];
}

/** More than any version has; a stranger's name of nothing but dashes costs no more. */
const MOST_BOUNDARIES = 12;

/** Says which release a file belongs to. */
export type ReleaseFinder = (file: string) => string | null;

/**
 * The release of each file of a project: the index's spelling where one of its versions fits the file name (of a legacy
 * one: the longest that it begins with), else the file name's own. Made once per page: projects with thousands of
 * releases list thousands of files.
 */
export function releaseFinder(project: ProjectName, versions: readonly string[]): ReleaseFinder {
  const exact = new Map(versions.map((version) => [releaseKey(version), version]));
  const spelled = new Map(versions.map((version) => [spelledKey(version), version]));
  return (file) => {
    const own = versionIn(file, project);
    if (own === null) return null;
    const found = exact.get(releaseKey(own));
    if (found !== undefined || delimitsVersion(file)) return found ?? own;
    const reading = readings(own).find((each) => spelled.has(spelledKey(each)));
    return reading === undefined ? own : (spelled.get(spelledKey(reading)) ?? own);
  };
}

/** The release of one file, as its name spells it unless one of `versions` fits. */
export const releaseOf = (file: string, project: ProjectName, versions: readonly string[]): string | null =>
  releaseFinder(project, versions)(file);
