import type { Hono } from "hono";
import * as z from "zod/mini";
import { hexOf, parseDigest } from "../domain/digests.ts";
import { type Enrolment, isSelfClaimed } from "../domain/enrolments.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Manifest } from "../ports.ts";
import { parseSubmission } from "../records/formats.ts";
import { SubmissionRefused } from "../records/refusals.ts";
import type { Claim } from "../records/submissions.ts";
import { queryOf } from "./asking.ts";
import { callerOf } from "./callers.ts";
import { type Sight, sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { type Watched, watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

const ManifestQuery = z.strictObject({ enrolment: z.optional(z.string()) });
const SignatureQuery = z.strictObject({ enrolment: z.optional(z.string()), signer: z.optional(z.string()) });

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";

export const MANIFEST: Route = {
  method: "GET",
  path: "/v1/projects/{project}/manifests/{digest}",
  id: "manifest",
  summary: "A submission as it came, to the byte, without its signature",
  who: "anybody",
  query: ManifestQuery,
  answers: {
    200: {
      what: "The bytes whose SHA-256 this is; what is not UTF-8 text as octets",
      schema: null,
      also: ["text/plain", BYTES],
    },
  },
  refuses: ["no-such-manifest"],
};

export const SIGNATURE: Route = {
  method: "GET",
  path: "/v1/projects/{project}/manifests/{digest}/signature",
  id: "signature",
  summary: "The OpenSSH signature of a manifest, for `ssh-keygen -Y verify -n counterfoil`",
  who: "anybody",
  query: SignatureQuery,
  answers: { 200: { what: "Armored, as it came", schema: null, also: ["text/plain"] } },
  refuses: ["no-such-manifest"],
};

/** How a digest and a name stand in a line that says nothing else, as `sha256sum dist/*` and its BSD sister write it. */
function* plainLines(hex: string, file: string): Generator<string> {
  for (const folder of ["", "./", "dist/", "./dist/"])
    yield* [`${hex}  ${folder}${file}`, `${hex} *${folder}${file}`, `SHA256 (${folder}${file}) = ${hex}`];
}

/** It was read once; should this version read it otherwise, it is nobody's to see but its watcher's. */
function claimsIn(bytes: Uint8Array, project: ProjectName): readonly Claim[] {
  try {
    return parseSubmission(bytes, project).claims;
  } catch (error) {
    if (error instanceof SubmissionRefused) return [];
    throw error;
  }
}

/**
 * Whether a manifest says nothing that strangers may not see. Every file that it names was shown by a page, also one whose
 * record came by an earlier manifest. And it says nothing else: a lock file names what else somebody depends on, and a
 * requirements file may hold a password of an index.
 */
function isPublic({ bytes }: Manifest, project: ProjectName, { isShown }: Sight): boolean {
  const claims = claimsIn(bytes, project);
  if (claims.length === 0 || !claims.every(({ file }) => isShown(file))) return false;
  const plain = new Set(claims.flatMap(({ file, digest }) => [...plainLines(hexOf(digest), file)]));
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.every((line) => line === "" || plain.has(line));
}

const vouchedFirst = (enrolments: readonly Enrolment[]): readonly Enrolment[] =>
  enrolments.toSorted((a, b) => Number(isSelfClaimed(a)) - Number(isSelfClaimed(b)));

/** The manifest, for whoever may see it. What they may not see is as if it were not there. Throws `Refused`. */
async function demandManifest(
  typed: string,
  enrolment: string | undefined,
  { project, enrolments }: Watched,
  sight: Sight,
  ports: ApiPorts,
): Promise<Manifest> {
  const digest = parseDigest(typed);
  const asked = vouchedFirst(enrolments).filter(({ id }) => enrolment === undefined || id === enrolment);
  for (const { id } of digest === null ? [] : asked) {
    const kept = digest && (await ports.manifests.kept(id, digest));
    if (kept && (sight.isOwn(id) || isPublic(kept, project, sight))) return kept;
  }
  throw new Refused("no-such-manifest", `${project} has no manifest of this digest that you may see.`);
}

/** Text that any host hands on to the byte; a byte order mark or another encoding would not survive being called text. */
function isPlainText(bytes: Uint8Array): boolean {
  return Buffer.from(new TextDecoder().decode(bytes)).equals(bytes);
}

export function manifestRoutes(app: Hono, ports: ApiPorts): void {
  const manifestFor = async (
    request: Request,
    at: { project: string; digest: string },
    enrolment?: string,
  ) => {
    const caller = await callerOf(request, ports);
    const watched = await watchedProject(at.project, ports);
    const sight = sightOf(caller, await ports.view.ofProject(watched.project));
    return demandManifest(at.digest, enrolment, watched, sight, ports);
  };
  const named = ({ project = "", digest = "" }: Record<string, string>) => ({ project, digest });
  serve(app, MANIFEST, async (c) => {
    const { enrolment } = queryOf(c, ManifestQuery);
    const { bytes } = await manifestFor(c.req.raw, named(c.req.param()), enrolment);
    return c.body(new Uint8Array(bytes), 200, { "Content-Type": isPlainText(bytes) ? TEXT : BYTES });
  });
  serve(app, SIGNATURE, async (c) => {
    const { enrolment, signer } = queryOf(c, SignatureQuery);
    const { signatures } = await manifestFor(c.req.raw, named(c.req.param()), enrolment);
    const signature = signatures.find((each) => signer === undefined || each.signer === signer);
    if (signature === undefined) throw new Refused("no-such-manifest", "Nobody signed it, or not this key.");
    return c.body(signature.armored, 200, { "Content-Type": TEXT });
  });
}
