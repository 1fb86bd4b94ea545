/** A project's name, always normalised (PEP 503): lower case, every run of `-`, `_`, `.` one `-`. */
export type ProjectName = string;

const VALID = /^([a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i;
const CONTROL = /\p{Cc}/u;

export const normalizeProject = (name: string): ProjectName => name.toLowerCase().replace(/[-_.]+/g, "-");

/** Whether PyPI's rules allow this as a project name (letters, digits, `.`, `_`, `-`; both ends alphanumeric). */
export const isProjectName = (name: string): boolean => name.length <= 250 && VALID.test(name);

/** Whether this can be the exact, case-sensitive name of one distribution file: no path, no control characters. */
export const isFileName = (name: string): boolean =>
  name.length > 0 && name.length <= 500 && !/[/\\]/.test(name) && !CONTROL.test(name) && !/^\.+$/.test(name);

const DISTRIBUTION = /\.(whl|tar\.gz|zip|tar\.bz2|tgz|egg|exe|msi|rpm|deb|tar\.xz|tar\.Z|dmg)$/;

/** What old tools wrote behind the version: a platform and a Python, or an RPM's build and architecture. */
const BUILT_FOR =
  /(\.(win32|win-\w+|linux-\w+|macosx-[\d.]+-\w+|cygwin-[\d.]+-\w+)|-\d+\.(noarch|src|x86_64|i\d86))(-py\d[\d.]*)?$/i;

/** What follows the project's name in a file name, without the dash; `null` when the file is not this project's. */
function afterProject(file: string, project: ProjectName): string | null {
  for (let dash = file.indexOf("-"); dash > 0; dash = file.indexOf("-", dash + 1)) {
    const rest = file.slice(dash + 1);
    if (normalizeProject(file.slice(0, dash)) === project && /^v?\d/i.test(rest)) return rest;
  }
  return null;
}

/**
 * Whether a distribution file's name belongs to the project: its name part, normalised, is the project's.
 * Legacy sdists put dashes into the name part, so every dash is tried (PEP 427, PEP 625).
 */
export const belongsTo = (file: string, project: ProjectName): boolean =>
  isFileName(file) && DISTRIBUTION.test(file) && afterProject(file, project) !== null;

/** Whether a file name of this kind says where the version in it ends. */
export const delimitsVersion = (file: string): boolean => /\.(whl|egg)$/.test(file);

/** The version as the file name spells it, or `null`. A legacy sdist can fool it: prefer the index's word where there is one. */
export function versionIn(file: string, project: ProjectName): string | null {
  const rest = afterProject(file, project);
  if (rest === null || !DISTRIBUTION.test(file)) return null;
  if (delimitsVersion(file)) return rest.split("-")[0] ?? null;
  return rest.replace(DISTRIBUTION, "").replace(BUILT_FOR, "");
}
