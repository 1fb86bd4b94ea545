import { readFileSync } from "node:fs";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import * as z from "zod/mini";
import bundled from "./trusted-root.json" with { type: "json" };

export type { TrustedRoot };

const SOME = z.array(z.record(z.string(), z.unknown())).check(z.minLength(1));

/** As much of Sigstore's trusted root as shows that it is one: empty, it would refuse everything, and say so of everything. */
const ROOT = z.object({
  mediaType: z.string().check(z.regex(/^application\/vnd\.dev\.sigstore\.trustedroot[.+;=\w]*$/)),
  tlogs: SOME,
  certificateAuthorities: SOME,
  ctlogs: SOME,
});

/** Reads a trusted root in its JSON form. Throws an `Error` that says what is wrong with it. */
export function trustedRoot(json: unknown): TrustedRoot {
  const said = ROOT.safeParse(json);
  if (!said.success)
    throw new Error(
      `this is no trusted root of Sigstore's (trusted_root.json): ${z.prettifyError(said.error).replaceAll("\n", " ").slice(0, 300)}`,
    );
  return TrustedRoot.fromJSON(json);
}

/** The public instance's, as it was when this was built (docs/decisions/0062). */
const bundledRoot = (): TrustedRoot => trustedRoot(bundled);

/** The root in this file, or the bundled one. Throws an `Error` that says what is wrong with the file. */
export const rootIn = (file: string | undefined): TrustedRoot =>
  file === undefined ? bundledRoot() : trustedRoot(JSON.parse(readFileSync(file, "utf8")));
