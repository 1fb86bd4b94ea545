import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { hexOf } from "../functions/domain/digests.ts";
import { type ProjectName, projectsOf } from "../functions/domain/names.ts";
import { decoded } from "../functions/records/decoding.ts";
import { parseSubmission } from "../functions/records/formats.ts";
import { inert } from "../functions/records/quoted.ts";
import { splitSigned } from "../functions/records/ssh/manifests.ts";
import { claimedSigner } from "../functions/records/ssh/sshsig.ts";
import { projectOfAll } from "./guessing.ts";
import { hashAll } from "./hashing-bar.ts";
import { Misused } from "./misused.ts";
import { signManifest } from "./signing.ts";

/** What `counterfoil record` is told. */
export interface Submitting {
  readonly project?: string;
  readonly manifest?: string;
  readonly signature?: string;
  readonly sign?: string;
}

/** What will be sent: the manifest to the byte, and the signature behind it. */
export interface Draft {
  readonly project: ProjectName;
  readonly manifest: Uint8Array<ArrayBuffer>;
  readonly signature: string | null;
}

function bytesIn(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new Misused(`${inert(path)} cannot be read, so nothing was sent`, cause);
  }
}

/** One name, two files: which of them is meant? */
function demandDistinct(files: readonly string[]): void {
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new Misused(`${inert(twice)} is named twice, in two folders`);
}

/** What a shell hands over when a pattern fits nothing, or a folder is named, looks like a bad file name and is not. */
function demandFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory())
    throw new Misused(`${inert(path)} is a folder: name the files in it, such as ${inert(path)}/*`);
  if (found === undefined && /[*?[]/.test(path))
    throw new Misused(`no file fits ${inert(path)}: build the release first, or name its files`);
  if (found === undefined) throw new Misused(`there is no file ${inert(path)}`);
}

async function hashedDraft(paths: readonly string[], project?: string): Promise<Omit<Draft, "signature">> {
  const files = paths.map((path) => basename(path));
  for (const path of paths) demandFile(path);
  demandDistinct(files);
  const owner = projectOfAll(files, project);
  const hashed = await hashAll(paths);
  const lines = hashed.map(({ path, digest }) => `${hexOf(digest)}  ${basename(path)}\n`);
  return { project: owner, manifest: new Uint8Array(Buffer.from(lines.join(""))) };
}

/** Whatever in a manifest of any format has the form of a distribution file's name. */
const namesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\s()*"',]+/)
      .map((part) => part.replace(/^.*[/\\]/, ""))
      .filter((part) => projectsOf(part).length > 0),
  ),
];

/** A manifest that somebody made before, checked here as the monitor will. Throws `SubmissionRefused`. */
function readDraft(path: string, project?: string): Draft {
  const { manifest, signature } = splitSigned(bytesIn(path));
  const owner = projectOfAll(project === undefined ? namesIn(decoded(manifest)) : [], project);
  parseSubmission(manifest, owner);
  return { project: owner, manifest: new Uint8Array(manifest), signature };
}

function signatureIn(path: string): string {
  const armored = Buffer.from(bytesIn(path)).toString("latin1");
  claimedSigner(armored);
  return armored;
}

/** Signatures begin on a line of their own, and what is signed is every byte before. */
function demandLastLineEnds({ manifest }: Pick<Draft, "manifest">): void {
  if (manifest.at(-1) !== 0x0a)
    throw new Misused(
      "the manifest's last line has no end, so no signature can follow it: add a newline and sign it again",
    );
}

async function signed(draft: Draft, { sign, signature }: Submitting): Promise<Draft> {
  if (sign === undefined && signature === undefined) return draft;
  if (draft.signature !== null || (sign !== undefined && signature !== undefined))
    throw new Misused("one signature at a time: the manifest's own, --sign or --signature");
  demandLastLineEnds(draft);
  const armored =
    sign === undefined ? signatureIn(signature ?? "") : await signManifest(sign, draft.manifest);
  return { ...draft, signature: armored };
}

/**
 * Makes what is to be sent out of files to hash, or of a manifest that is there. Throws `Misused`, `NotSigned`,
 * `SubmissionRefused` and `SignatureRefused`; nothing was sent then.
 */
export async function draftOf(paths: readonly string[], asked: Submitting): Promise<Draft> {
  const { manifest, project } = asked;
  if ((manifest === undefined) === (paths.length === 0))
    throw new Misused("name the files to record, or a manifest of them with --manifest");
  const draft =
    manifest === undefined
      ? { ...(await hashedDraft(paths, project)), signature: null }
      : readDraft(manifest, project);
  return signed(draft, asked);
}

/** The draft as it travels. */
export const bodyOf = ({ manifest, signature }: Draft): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat([manifest, Buffer.from(signature ?? "", "latin1")]));
