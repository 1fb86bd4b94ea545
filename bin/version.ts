import { readFileSync } from "node:fs";

/** What the manifest says, beside the checkout's root or the installed one's, wherever this file was compiled to. */
function manifest(): { readonly version?: unknown; readonly homepage?: unknown } {
  for (const up of ["../package.json", "../../package.json"]) {
    try {
      return JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8"));
    } catch {
      // Not there: the next one up.
    }
  }
  return {};
}

export const versionHere = (): string => String(manifest().version ?? "unknown");

/** Where an index's operator finds us when the monitor's own operator gave no contact. */
export const homepageHere = (): string => String(manifest().homepage ?? "no contact given");
