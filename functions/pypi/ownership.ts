import type { IncomingMessage } from "node:http";
import * as z from "zod/mini";
import type { Ownership } from "../domain/facts.ts";
import { isProjectName, normalizeProject, type ProjectName } from "../domain/names.ts";
import { IndexUnavailable, type Owners } from "../ports.ts";
import { dismiss, garbled, mediaType, refusal, unavailable } from "./answers.ts";
import { foreignJson } from "./foreign-json.ts";
import { decodedBody } from "./packed.ts";
import { etagOf, type PagesConfig } from "./pages.ts";

/** PyPI's names are ASCII and half as long. With so many of so long ones the fact that tells of them still fits its queue. */
const name = z.string().check(z.regex(/^[\x20-\x7e]{1,100}$/));
const MOST_ROLES = 300;

/** https://docs.pypi.org/api/json/ as far as it says who may publish. An index without the key does not say. */
const SAID = z.object({
  info: z.object({ name: z.string() }),
  last_serial: z.optional(z.unknown()),
  ownership: z.optional(
    z.object({
      roles: z.array(z.object({ role: name, user: name })).check(z.maxLength(MOST_ROLES)),
      organization: z.nullable(name),
    }),
  ),
});

/** What was answered last, by its ETag. */
interface Held {
  readonly etag: string;
  readonly ownership: Ownership | null;
}

const MOST_HELD = 1_000;

/**
 * Who may publish, over the legacy JSON API. Asked again it asks conditionally: the answer holds every file of the project,
 * megabytes for some, and hardly ever changes. What was answered is held in memory only; without it the answer is read in full.
 */
export function owners(config: PagesConfig): Owners {
  const held = new Map<ProjectName, Held>();
  return {
    async read(project) {
      if (!isProjectName(project)) throw new IndexUnavailable("refused", "this is no project's name");
      try {
        const read = await ask(project, held.get(project) ?? null, config);
        held.delete(project);
        if (read !== null && read.etag !== "") held.set(project, read);
        const [oldest] = held.keys();
        if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
        return read?.ownership ?? null;
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

async function ask(project: ProjectName, held: Held | null, config: PagesConfig): Promise<Held | null> {
  const { connection, limits, clock, index } = config;
  const url = new URL(`pypi/${encodeURIComponent(project)}/json`, index).href;
  const headers = {
    Accept: "application/json",
    "Accept-Encoding": "gzip",
    ...(held && { "If-None-Match": held.etag }),
  };
  const answer = await connection.ask({ url, totalMs: limits.pageMs, headers });
  if (answer.statusCode === 304 && held !== null) {
    dismiss(answer);
    return held;
  }
  // Quarantined, removed, or without a release: then nobody is said to own it, and nothing follows from that.
  if (answer.statusCode === 404) {
    dismiss(answer);
    return null;
  }
  if (answer.statusCode !== 200) throw refusal(answer, clock.now());
  return { etag: etagOf(answer) ?? "", ownership: await readIn(answer, project, limits.pageBytes) };
}

async function readIn(
  answer: IncomingMessage,
  project: ProjectName,
  mostBytes: number,
): Promise<Ownership | null> {
  if (mediaType(answer) !== "application/json") {
    dismiss(answer);
    throw garbled(`the JSON of ${project} is ${mediaType(answer) || "untyped"}`);
  }
  return ownershipIn(await decodedBody(answer, mostBytes), project);
}

/** Sorted, so that the same people are the same answer. Throws `IndexUnavailable` (`garbled`). */
function ownershipIn(body: Uint8Array, project: ProjectName): Ownership | null {
  const said = SAID.safeParse(jsonOf(body, project));
  if (!said.success)
    throw garbled(`the JSON of ${project} is odd: ${z.prettifyError(said.error).slice(0, 300)}`);
  const { info, ownership, last_serial: serial } = said.data;
  if (normalizeProject(info.name) !== project)
    throw garbled(`the JSON of ${project} calls itself ${JSON.stringify(info.name.slice(0, 100))}`);
  if (ownership === undefined) return null;
  const roles = ownership.roles.map(({ role, user }) => ({ role, user }));
  const key = ({ role, user }: { role: string; user: string }): string => JSON.stringify([user, role]);
  return {
    roles: roles.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    organization: ownership.organization,
    serial: typeof serial === "number" && Number.isSafeInteger(serial) && serial >= 0 ? serial : null,
  };
}

function jsonOf(body: Uint8Array, project: ProjectName): unknown {
  try {
    return foreignJson(body);
  } catch (error) {
    throw garbled(`the JSON of ${project} is none`, error);
  }
}
