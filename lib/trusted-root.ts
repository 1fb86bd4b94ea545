import { readFileSync } from "node:fs";
import * as z from "zod/mini";

/** As much as shows what a file is meant for; the function itself reads it to the end when it starts. */
const ROOT = z.object({
  mediaType: z.string().check(z.startsWith("application/vnd.dev.sigstore.trustedroot")),
  tlogs: z.array(z.unknown()).check(z.minLength(1)),
  ctlogs: z.array(z.unknown()).check(z.minLength(1)),
  certificateAuthorities: z.array(z.unknown()).check(z.minLength(1)),
});

/** Beside the function's code, where Lambda starts it. */
export const TRUSTED_ROOT_FILE = "trusted-root.json";

/** Whether there is a Sigstore trusted root in this file. */
export function isTrustedRoot(path: string): boolean {
  try {
    return ROOT.safeParse(JSON.parse(readFileSync(path, "utf8"))).success;
  } catch {
    return false;
  }
}
