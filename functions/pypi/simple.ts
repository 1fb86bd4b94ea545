import * as z from "zod/mini";
import { type Digest, parseDigest, sha256 } from "../domain/digests.ts";
import { normalizeProject, type ProjectName } from "../domain/names.ts";
import type { ListedFile, Page, ProjectState } from "../domain/pages.ts";
import { garbled } from "./answers.ts";
import { foreignJson } from "./foreign-json.ts";

/** The JSON project page: PEP 691, with 700 (size, versions, serial), 592 (yanked) and 792 (status). Unknown keys are ignored. */
const PAGE = z.object({
  meta: z.object({
    "api-version": z.string().check(z.regex(/^1\.\d+$/)),
    "_last-serial": z.optional(z.unknown()),
  }),
  name: z.string(),
  "project-status": z.optional(z.unknown()),
  versions: z.optional(z.unknown()),
  files: z.array(
    z.object({
      filename: z.string().check(z.regex(/^[^\p{Cc}\p{Cs}]{1,500}$/u)),
      url: z.string(),
      hashes: z.optional(z.unknown()),
      size: z.optional(z.unknown()),
      yanked: z.optional(z.unknown()),
      provenance: z.optional(z.unknown()),
    }),
  ),
});

type FileSaid = z.infer<typeof PAGE>["files"][number];

/** Whence a page came, beside its body. */
export interface Source {
  readonly project: ProjectName;
  readonly url: string;
  readonly etag: string | null;
  /** What the header says; the body's word counts first. */
  readonly serial: number | null;
}

/**
 * Reads a page's body. What a page must have to be believed (the project's name, files with distinct names) is
 * required; whatever else is missing or odd becomes `null`, so that one odd entry hides no other. A file's name and
 * URL are kept as they came, even those that no file can have. Throws `IndexUnavailable` (`garbled`).
 */
export function pageOf(body: Uint8Array, source: Source): Page {
  const said = PAGE.safeParse(jsonOf(body));
  if (!said.success)
    throw garbled(
      `the page of ${source.project} is no project page: ${z.prettifyError(said.error).slice(0, 300)}`,
    );
  const { meta, name, files, versions } = said.data;
  if (normalizeProject(name) !== source.project)
    throw garbled(`the page of ${source.project} calls itself ${JSON.stringify(name.slice(0, 100))}`);
  if (new Set(files.map((file) => file.filename)).size !== files.length)
    throw garbled(`the page of ${source.project} lists one file name twice`);
  return {
    project: source.project,
    state: stateOf(said.data["project-status"]),
    serial: count(meta["_last-serial"]) ?? source.serial,
    versions: Array.isArray(versions) ? versions.filter(isText) : [],
    files: files.map((file) => listed(file, source.url)),
    digest: sha256(body),
    etag: source.etag,
  };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return foreignJson(body);
  } catch (error) {
    throw garbled("the page is no JSON", error);
  }
}

const listed = (file: FileSaid, base: string): ListedFile => ({
  file: file.filename,
  declared: declaredIn(file.hashes),
  url: absolute(file.url, base),
  sizeBytes: count(file.size),
  yanked: yankedIn(file.yanked),
  ...(typeof file.provenance === "string" && { provenance: absolute(file.provenance, base) }),
});

const STATES: ReadonlySet<unknown> = new Set<ProjectState>([
  "active",
  "archived",
  "quarantined",
  "deprecated",
]);
const isState = (said: unknown): said is ProjectState => STATES.has(said);

/** An unknown status is `active`: the state that explains nothing away. PEP 792 says `state` in its prose. */
function stateOf(said: unknown): ProjectState {
  const state = field(said, "status") ?? field(said, "state");
  return isState(state) ? state : "active";
}

function declaredIn(hashes: unknown): Digest | null {
  const hex = field(hashes, "sha256");
  return typeof hex === "string" ? parseDigest(hex) : null;
}

const MOST_URL_CHARACTERS = 4_000;
const MOST_REASON_CHARACTERS = 1_000;

/** What is no URL stays as it is, and will be refused when it is asked for; `about:` anything is no origin. */
function absolute(url: string, base: string): string {
  const whole = URL.parse(url, base)?.href ?? url.toWellFormed();
  return whole.length > MOST_URL_CHARACTERS ? "about:too-long" : whole;
}

/** Half a character, the index's or one cut here, has no canonical JSON: the fact that holds it could never be told. */
function yankedIn(said: unknown): string | false {
  if (typeof said === "string") return said.slice(0, MOST_REASON_CHARACTERS).toWellFormed();
  return said === true ? "" : false;
}

/** A whole number of something, or `null`. */
const count = (said: unknown): number | null =>
  typeof said === "number" && Number.isSafeInteger(said) && said >= 0 ? said : null;

const isText = (said: unknown): said is string => typeof said === "string" && said.isWellFormed();

const field = (said: unknown, key: string): unknown =>
  typeof said === "object" && said !== null && Object.hasOwn(said, key)
    ? (said as Record<string, unknown>)[key]
    : undefined;
