import * as z from "zod";
import { normalised } from "./names.ts";
import type { Request } from "./requests.ts";

/** Which answers to spoil: all that fit every part given. Projects in any spelling, files by exact name. */
export const whereSchema = z.strictObject({
  route: z.string().optional(),
  project: z.string().optional(),
  file: z.string().optional(),
});

/** How to spoil them. */
export const howSchema = z.discriminatedUnion("kind", [
  /** HTTP 429 with Retry-After. */
  z.strictObject({ kind: z.literal("throttled"), retryAfterSeconds: z.number() }),
  /** HTTP 503 with the edge's HTML. */
  z.strictObject({ kind: z.literal("unavailable") }),
  /** HTTP 403 in JSON: as the Integrity API says that attestations are switched off. */
  z.strictObject({ kind: z.literal("forbidden") }),
  /** XML-RPC's own way of saying 429: a fault in HTTP 200. */
  z.strictObject({ kind: z.literal("rate-limit-fault"), resetSeconds: z.number() }),
  /** An honest answer that says how many calls are left in the window. */
  z.strictObject({ kind: z.literal("rate-limit"), remaining: z.number(), resetSeconds: z.number() }),
  z.strictObject({ kind: z.literal("redirect"), to: z.string(), status: z.number().default(302) }),
  /** Takes the request and never answers. */
  z.strictObject({ kind: z.literal("silent") }),
  /** Drops the connection instead of answering. */
  z.strictObject({ kind: z.literal("dropped") }),
  /** HTTP 200, the right headers, no body. */
  z.strictObject({ kind: z.literal("empty") }),
  /** One bit is wrong in the first answer and in every `oneIn`-th after it: a bad node at the edge. */
  z.strictObject({ kind: z.literal("corrupt"), oneIn: z.number().int().positive() }),
  /** One bit is wrong for whoever keeps a connection open: a bad node at the edge, which a new connection gets round. */
  z.strictObject({ kind: z.literal("bad-node") }),
  z.strictObject({ kind: z.literal("content-type"), type: z.string() }),
  /** Packs the body whatever the client demanded. */
  z.strictObject({ kind: z.literal("gzip") }),
  /** A few bytes at a time. */
  z.strictObject({ kind: z.literal("slow"), chunkBytes: z.number().int().positive(), pauseMs: z.number() }),
  /** The body ends early: the connection breaks, or, close-delimited, ends as if all were well. */
  z.strictObject({
    kind: z.literal("cut"),
    afterBytes: z.number().int(),
    closeDelimited: z.boolean().default(false),
  }),
]);

export type Where = z.input<typeof whereSchema>;
export type How = z.input<typeof howSchema>;
export type Spoil = z.output<typeof howSchema>;

interface Active {
  readonly where: Where;
  readonly how: Spoil;
  left: number;
  seen: number;
}

/** The spoils now switched on. */
export class Spoils {
  readonly #active = new Map<number, Active>();
  #next = 1;

  /** Spoils fitting answers, the first `times` only if told so. Answers the number to switch it off by. */
  add(where: Where, how: How, times: number = Number.POSITIVE_INFINITY): number {
    const id = this.#next;
    this.#next += 1;
    this.#active.set(id, { where, how: howSchema.parse(how), left: times, seen: 0 });
    return id;
  }

  remove(id: number): void {
    this.#active.delete(id);
  }

  clear(): void {
    this.#active.clear();
  }

  /** What happens to this answer, in the order in which the spoils were switched on. Counts it. */
  takeFor(request: Request): readonly Spoil[] {
    if (this.#active.size === 0) return [];
    const hits: Spoil[] = [];
    for (const active of this.#active.values()) {
      if (fits(active.where, request) && strikes(active, request)) hits.push(active.how);
    }
    return hits;
  }
}

function fits(where: Where, request: Request): boolean {
  if (where.route !== undefined && where.route !== request.route) return false;
  if (where.file !== undefined && where.file !== request.file) return false;
  return where.project === undefined || normalised(where.project) === request.project;
}

function strikes(active: Active, { headers }: Request): boolean {
  if (active.left <= 0) return false;
  if (active.how.kind === "bad-node" && headers.connection === "close") return false;
  active.left -= 1;
  active.seen += 1;
  return active.how.kind !== "corrupt" || (active.seen - 1) % active.how.oneIn === 0;
}
