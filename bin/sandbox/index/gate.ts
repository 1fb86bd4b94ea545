import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Answer, type Ask, answer, decoded } from "./answer.ts";
import { deliver } from "./delivery.ts";
import type { Request, RequestLog } from "./requests.ts";
import { nowhere, type Parts, type RouteEntry, type World } from "./routes.ts";
import { instead, spoiled } from "./spoiling.ts";
import type { Spoil } from "./spoils.ts";

/** The addresses an asker is told of: those of the scheme it came by. */
export interface Origins {
  readonly url: string;
  readonly filesOrigin: string;
}

/** The one way from a request to an answer: find the route, note the request, answer, spoil, send. */
export function gate(
  routes: readonly RouteEntry[],
  world: World,
  requests: RequestLog,
  origins: () => Origins,
): RequestListener {
  return (incoming, response) => {
    const ask = askOf(incoming, origins());
    const [entry, parts] = find(routes, ask.path);
    const request = requests.add(noted(ask, entry, parts, world));
    handle(ask, entry, parts, world, request, response).catch((error: unknown) => {
      request.status = 500;
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  };
}

async function handle(
  ask: Ask,
  entry: RouteEntry,
  parts: Parts,
  world: World,
  request: Request,
  response: ServerResponse,
): Promise<void> {
  const spoils = world.faults.spoils.takeFor(request);
  if (spoils.some(({ kind }) => kind === "silent")) return;
  if (spoils.some(({ kind }) => kind === "dropped")) return void response.destroy();
  const replaced = spoils.map(instead).find((each) => each !== null);
  const honest = replaced ?? (await routed(ask, entry, world, parts));
  const sent = spoils.reduce(replaced === undefined ? spoiled : kept, honest);
  request.status = sent.status;
  await deliver(response, sent, spoils);
}

function kept(honest: Answer, _spoil: Spoil): Answer {
  return honest;
}

function routed(ask: Ask, entry: RouteEntry, world: World, parts: Parts): Answer | Promise<Answer> {
  if (entry === nowhere || entry.methods.includes(ask.method)) return entry.answer(ask, world, parts);
  return answer(405, "text/plain; charset=UTF-8", "405 Method Not Allowed", {
    Allow: entry.methods.join(", "),
  });
}

function find(routes: readonly RouteEntry[], path: string): readonly [RouteEntry, Parts] {
  for (const entry of routes) {
    const match = entry.pattern.exec(path);
    if (match !== null) return [entry, partsOf(match.groups ?? {})];
  }
  return [nowhere, {}];
}

function partsOf(groups: Record<string, string | undefined>): Parts {
  const parts = Object.entries(groups).map(([name, text]) => [name, decoded(text ?? "")]);
  return Object.fromEntries(parts);
}

function noted(ask: Ask, { route }: RouteEntry, parts: Parts, { catalogue }: World): Request {
  const { method, path, headers } = ask;
  const stored = parts.file === undefined ? undefined : catalogue.store.find(decoded(path));
  const project =
    stored?.about.project ?? catalogue.project(parts.project ?? "")?.name ?? parts.project ?? null;
  return { at: new Date(), route, method, path, headers, project, file: parts.file ?? null, status: null };
}

function askOf(incoming: IncomingMessage, origins: Origins): Ask {
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    ...origins,
    body: () => bodyOf(incoming),
  };
}

/** The whole request body. */
export async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}
