import { valid } from "@renovatebot/pep440";

/** A project's name, always normalised (PEP 503): lower case, every run of `-`, `_`, `.` one `-`. */
export type ProjectName = string;

const PROJECT = /^([a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i;
const CONTROL = /\p{Cc}/u;

export const normalizeProject = (name: string): ProjectName => name.toLowerCase().replace(/[-_.]+/g, "-");

/** Whether PyPI's rules allow this as a project name (letters, digits, `.`, `_`, `-`; both ends alphanumeric). */
export const isProjectName = (name: string): boolean => name.length <= 250 && PROJECT.test(name);

/** Whether this can be the exact, case-sensitive name of one distribution file: no path, no control characters. */
export const isFileName = (name: string): boolean =>
  name.length > 0 && name.length <= 500 && !/[/\\]/.test(name) && !CONTROL.test(name) && !/^\.+$/.test(name);

/** Wheels and sdists, and what PyPI took before 2023: it keeps and lists it to this day. */
const DISTRIBUTION = /\.(whl|tar\.gz|zip|tar\.bz2|tgz|egg|exe|msi|rpm|deb|tar\.xz|tar\.Z|dmg)$/;

/** What old tools wrote behind the version: a platform and a Python, or an RPM's build and architecture. */
const BUILT_FOR =
  /(\.(win32|win-\w+|linux-\w+|macosx-[\d.]+-\w+|cygwin-[\d.]+-\w+)|-\d+\.(noarch|src|x86_64|i\d86))(-py\d[\d.]*)?$/i;

const BEGINS_A_VERSION = /^v?\d/i;
const TAG = /^[\w.]+$/;

/** One way to cut a file name into a project's name and the rest. */
interface Reading {
  readonly name: string;
  readonly rest: string;
}

/** Every dash behind which a version may begin, from the left. */
function* cuts(text: string): Generator<Reading> {
  for (let dash = text.indexOf("-"); dash > 0; dash = text.indexOf("-", dash + 1)) {
    const rest = text.slice(dash + 1);
    if (BEGINS_A_VERSION.test(rest)) yield { name: text.slice(0, dash), rest };
  }
}

/** What follows the project's name in a file name, without the dash; `null` when the file is not this project's. */
function afterProject(file: string, project: ProjectName): string | null {
  for (const { name, rest } of cuts(file)) if (normalizeProject(name) === project) return rest;
  return null;
}

/** name-version(-build)-python-abi-platform: no part holds a dash, and a build begins with a digit (PEP 427). */
function wheelNamed([name = "", version = "", ...tags]: readonly string[]): readonly string[] {
  const build = tags.length === 4 ? tags[0] : "0";
  const shaped = (tags.length === 3 || tags.length === 4) && tags.every((tag) => TAG.test(tag));
  return shaped && /^\d/.test(build ?? "") && BEGINS_A_VERSION.test(version) ? [name] : [];
}

/** name-version(-pyX.Y(-platform)): as setuptools escaped them, name and version hold no dash. */
const eggNamed = ([name = "", version = "", python = "py3"]: readonly string[]): readonly string[] =>
  /^py\d/.test(python) && BEGINS_A_VERSION.test(version) ? [name] : [];

/**
 * PEP 625 leaves one dash. Before it, names and versions held dashes: what PEP 440 takes for a version is one, the longest
 * first (`ctx-0.1.2-1` is ctx's), and only where nothing is, anything is that begins like one (`1.0-final`).
 */
function sdistNamed(stem: string): readonly string[] {
  const readings = [...cuts(stem)];
  const regular = readings.filter(({ rest }) => valid(rest) !== null);
  return (regular.length > 0 ? regular : readings).map(({ name }) => name);
}

function namesIn(file: string): readonly string[] {
  if (!isFileName(file) || !DISTRIBUTION.test(file)) return [];
  const stem = file.replace(DISTRIBUTION, "");
  if (file.endsWith(".whl")) return wheelNamed(stem.split("-"));
  if (file.endsWith(".egg")) return eggNamed(stem.split("-"));
  return sdistNamed(stem.replace(BUILT_FOR, ""));
}

/**
 * Every project that a distribution file of this name may belong to, the likeliest first; none if it is no such name. A
 * wheel's, an egg's and a PEP 625 sdist's name leave no choice; a legacy one may, and only the index knows.
 */
export const projectsOf = (file: string): readonly ProjectName[] => [
  ...new Set(namesIn(file).filter(isProjectName).map(normalizeProject)),
];

/** Whether a distribution file's name may belong to the project (PEP 427, PEP 625, and sdists from before it). */
export const belongsTo = (file: string, project: ProjectName): boolean => projectsOf(file).includes(project);

/** Whether a file name of this kind says where the version in it ends. */
export const delimitsVersion = (file: string): boolean => /\.(whl|egg)$/.test(file);

/**
 * The version as the file name spells it, or `null`. Reads what a page lists also where it is misshapen; a legacy sdist
 * can fool it: prefer the index's word where there is one.
 */
export function versionIn(file: string, project: ProjectName): string | null {
  const rest = afterProject(file, project);
  if (rest === null || !DISTRIBUTION.test(file)) return null;
  if (delimitsVersion(file)) return rest.split("-")[0] ?? null;
  return rest.replace(DISTRIBUTION, "").replace(BUILT_FOR, "");
}
