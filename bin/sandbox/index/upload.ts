import { createHash } from "node:crypto";
import { type Answer, type Ask, answer } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { Content } from "./content.ts";
import { normalised, projectClaimed } from "./names.ts";
import { Refused } from "./releases.ts";
import { escaped } from "./simple.ts";

const fortnightMs = 14 * 24 * 3600 * 1000;

/** The upload API that twine speaks: one file a request, journal rows as PyPI writes them. */
export async function upload(ask: Ask, catalogue: Catalogue, accounts: Accounts): Promise<Answer> {
  try {
    const user = accounts.userOf(ask.headers.authorization);
    await accept(await formOf(ask), user, catalogue);
    return answer(200, "text/html; charset=UTF-8", "");
  } catch (error) {
    if (error instanceof Refused) return refusal(error);
    throw error;
  }
}

/** Who may upload: any token, as `owner`, unless the sandbox was started with tokens of its own. */
export class Accounts {
  readonly #tokens: ReadonlyMap<string, string> | null;

  constructor(tokens: Readonly<Record<string, string>> | undefined) {
    this.#tokens = tokens === undefined ? null : new Map(Object.entries(tokens));
  }

  /** The user behind a Basic or token credential. Throws `Refused`. */
  userOf(authorization: string | undefined): string {
    const basic = /^Basic (.+)$/i.exec(authorization ?? "");
    const [name = "", ...rest] = Buffer.from(basic?.[1] ?? "", "base64")
      .toString()
      .split(":");
    const token = /^token (.+)$/i.exec(authorization ?? "")?.[1] ?? rest.join(":");
    const user = this.#tokens === null ? anybody(name, token) : this.#tokens.get(token);
    if (user === undefined) throw new Refused(403, "Invalid or non-existent authentication information.");
    return user;
  }
}

function anybody(name: string, token: string): string | undefined {
  if (token === "") return undefined;
  return name === "" || name === "__token__" ? "owner" : name;
}

/** Reads the form, or says in PyPI's way that there is none. */
async function formOf(ask: Ask): Promise<FormData> {
  const headers = { "Content-Type": ask.headers["content-type"] ?? "" };
  try {
    return await new Response(await ask.body(), { headers }).formData();
  } catch {
    throw new Refused(400, "Upload payload does not have a file.");
  }
}

async function accept(form: FormData, user: string, catalogue: Catalogue): Promise<void> {
  const upload = form.get("content");
  if (form.get(":action") !== "file_upload") throw new Refused(400, "Unsupported action.");
  if (!(upload instanceof File)) throw new Refused(400, "Upload payload does not have a file.");
  const [project, version, pyversion] = [
    field(form, "name"),
    field(form, "version"),
    field(form, "pyversion"),
  ];
  const bytes = new Uint8Array(await upload.arrayBuffer());
  checkName(upload.name, project);
  checkDigests(form, upload.name, bytes);
  checkState(catalogue, project, version);
  checkTwin(catalogue, upload.name, bytes);
  const requires = form.get("requires_python");
  const more = typeof requires === "string" && requires !== "" ? { requiresPython: requires } : {};
  catalogue.publish({ project, version, user, files: [{ name: upload.name, bytes, pyversion, ...more }] });
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  if (typeof value !== "string" || value === "") throw new Refused(400, `${name}: This field is required.`);
  return value;
}

function checkName(file: string, project: string): void {
  const claimed = projectClaimed(file);
  if (claimed === null) throw new Refused(400, "Invalid file extension: Use .tar.gz or .whl extension.");
  if (claimed !== normalised(project))
    throw new Refused(400, `Start filename for '${project}' with its name.`);
}

function checkDigests(form: FormData, file: string, bytes: Uint8Array): void {
  const { sha256, blake2b256 } = new Content(file, bytes);
  const md5 = createHash("md5").update(bytes).digest("hex");
  for (const [name, digest] of Object.entries({ sha256, blake2_256: blake2b256, md5 })) {
    const sent = form.get(`${name}_digest`);
    if (typeof sent === "string" && sent !== "" && sent.toLowerCase() !== digest) {
      throw new Refused(
        400,
        "The digest supplied does not match a digest calculated from the uploaded file.",
      );
    }
  }
}

function checkState(catalogue: Catalogue, project: string, version: string): void {
  const known = catalogue.project(project);
  if (known !== undefined && known.status !== "active") {
    throw new Refused(403, `Project ${known.display} is ${known.status} and accepts no uploads.`);
  }
  const createdAt = known?.release(version)?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
  if (catalogue.now().getTime() - createdAt > fortnightMs) {
    throw new Refused(400, "Files can no longer be added to this release: it is more than 14 days old.");
  }
}

/** The same bytes under another name are refused: digests are unique across the index. */
function checkTwin(catalogue: Catalogue, file: string, bytes: Uint8Array): void {
  const { sha256, blake2b256 } = new Content(file, bytes);
  const twin = catalogue.fileWith(sha256);
  if (twin === undefined || twin === file) return;
  throw new Refused(400, `File already exists ('${twin}', with blake2_256 hash '${blake2b256}').`);
}

function refusal({ status, message }: Refused): Answer {
  const page = `<html>\n <head>\n  <title>${status} ${escaped(message)}</title>\n </head>\n <body>\n  <h1>${status} ${escaped(message)}</h1>\n </body>\n</html>\n`;
  return { ...answer(status, "text/html; charset=UTF-8", page), reason: message };
}
