import { clean, compare, valid } from "@renovatebot/pep440";

/** The name a project's address is made of (PEP 503). */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** What makes two spellings one release: PEP 440's normal form without trailing zeros. */
export function canonicalVersion(version: string): string {
  const cleaned = clean(version) ?? version;
  return cleaned.replace(/^((?:\d+!)?\d+(?:\.\d+)*?)(?:\.0)+(?!\.?\d)/, "$1");
}

/** Orders versions as the index's pages do; what is no version comes first. */
export function byVersion(left: string, right: string): number {
  const known = Number(valid(left) !== null) - Number(valid(right) !== null);
  if (known !== 0) return known;
  return valid(left) === null ? byText(left, right) : compare(left, right);
}

/** Orders by code point, as the index's database does. */
export function byText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export type Kind = "bdist_wheel" | "sdist";

/** Whether the file name is a wheel's; everything else counts as a source distribution. */
export function kindOf(file: string): Kind {
  return file.endsWith(".whl") ? "bdist_wheel" : "sdist";
}

/** The project that a new file's name claims, or null when the name has no accepted form. */
export function projectClaimed(file: string): string | null {
  const wheel = /^([\w.]+)-[^-]+(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(file);
  const source = /^(.+)-[^-]+\.tar\.gz$/.exec(file);
  const name = wheel?.[1] ?? source?.[1];
  return name === undefined ? null : normalised(name);
}

/** The interpreter tag that the journal names for a file: `source`, or the wheel's python tag. */
export function pyversionOf(file: string): string {
  return kindOf(file) === "sdist" ? "source" : (file.split("-").at(-3) ?? "py3");
}
