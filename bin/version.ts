import { readFileSync } from "node:fs";

/** Our version, read beside the checkout's root or the installed one's, wherever this file was compiled to. */
export function versionHere(): string {
  for (const up of ["../package.json", "../../package.json"]) {
    try {
      const { version } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8"));
      return String(version);
    } catch {
      // Not there: the next one up.
    }
  }
  return "unknown";
}
