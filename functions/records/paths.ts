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
