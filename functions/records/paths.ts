import { refusal } from "./refusals.ts";
import type { Place } from "./submissions.ts";

/** `sha256sum dist/*` is what people type: where the file lay on their machine is no part of its name. */
export const lastOfPath = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The last part of a path as Python and PowerShell write it, which on Windows has backslashes. */
export const lastOfAnyPath = (path: string): string => lastOfPath(path.replaceAll("\\", "/"));

/** Whether this is a URL with an authority; `C:\dist` is none. */
export const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

/** The file that a URL names, percent-decoded; the empty name where that cannot be done. */
export function lastOfUrl(url: string): string {
  const last = lastOfPath(url.replace(/[?#].*$/s, ""));
  try {
    return decodeURIComponent(last);
  } catch {
    return "";
  }
}

const SECOND_DIGEST = /[0-9a-f]{32}\s|[:=] ?[0-9a-f]{32}/i;

/**
 * Refuses a path that a second line has run into: where the newline between two is lost, the end of the first would be
 * dropped as a folder of the second, which then had the first one's digest.
 */
export function demandOneLine(path: string, place: Place): void {
  if (SECOND_DIGEST.test(path))
    throw refusal("unparsable-line", "Two digests stand in one line: a newline is missing.", place);
}
