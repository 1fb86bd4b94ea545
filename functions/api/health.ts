import type { Hono } from "hono";
import { type Blindness, type Vision, visionOf, type Watch } from "../domain/blindness.ts";
import { NEVER } from "../domain/sources.ts";
import { UNSEEN, UNSEEN_BY_NONE } from "../domain/words/source-words.ts";
import type { Cursor, SweepPosition } from "../ports.ts";
import { HealthAnswer } from "../records/answers/health.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

export const HEALTH: Route = {
  method: "GET",
  path: "/v1/health",
  id: "health",
  summary: "Whether the monitor can promise to see uploads, and how far it is",
  who: "anybody",
  answers: {
    200: { what: "It sees", schema: HealthAnswer },
    503: { what: "It is blind; the same body", schema: HealthAnswer },
  },
  refuses: [],
};

/** A place that another source made says nothing of the journal. */
const isRead = (cursor: Cursor | null): cursor is Cursor => cursor !== null && cursor.polledAt !== NEVER;

const place = ({ epoch, serial, polledAt, lagSeconds }: Cursor) => ({ epoch, serial, polledAt, lagSeconds });

type SeeingPorts = Pick<ApiPorts, "positions" | "clock" | "sourceStates">;

/** Whether the monitor is blind at this moment. */
export const blindnessNow = async (
  ports: SeeingPorts,
  cursor: Cursor | null,
  settings: ApiSettings,
): Promise<Blindness | null> => (await visionNow(ports, cursor, settings, await statesOf(ports))).blind;

async function visionNow(
  { positions, clock }: SeeingPorts,
  cursor: Cursor | null,
  { staleAfterMs, source }: ApiSettings,
  states: Omit<Watch, "source">,
): Promise<Vision> {
  // Who serves the API may have started a moment ago: when the monitor began, only the sweep has noted.
  const startedAt = (await positions.read())?.startedAt ?? null;
  return visionOf(cursor, startedAt, clock.now(), staleAfterMs, { source, ...states });
}

const statesOf = async ({ sourceStates }: SeeingPorts) => ({
  list: await sourceStates.read("list"),
  updates: await sourceStates.read("updates"),
});

type Watched = Awaited<ReturnType<ApiPorts["sourceStates"]["read"]>>;

/** When each source was last read in full, and since when it fails. */
function readings(
  cursor: Cursor | null,
  { list, updates }: Awaited<ReturnType<typeof statesOf>>,
): HealthAnswer["sources"] {
  const of = (state: Watched) => ({ readAt: state?.answeredAt ?? null, failing: state?.failing ?? null });
  return [
    { source: "journal", readAt: isRead(cursor) ? cursor.polledAt : null, failing: null },
    { source: "list", ...of(list) },
    { source: "rss", ...of(updates) },
  ];
}

/** How much is hashed again in time, and since when looks are late: over everything, never what or when next. */
const sweeping = (position: SweepPosition | null): Pick<HealthAnswer, "coverage" | "sweepBehind"> => ({
  coverage: position?.counted?.coverage ?? null,
  sweepBehind: position?.behind ? { since: position.behind.since } : null,
});

export function healthRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, HEALTH, async (c) => {
    const cursor = await ports.cursors.read();
    const states = await statesOf(ports);
    const { by, blind, late } = await visionNow(ports, cursor, settings, states);
    const body: HealthAnswer = {
      ok: blind === null,
      blind: blind && { since: blind.since, reason: blind.reason },
      late,
      source: { chosen: settings.source, by, unseen: [...(by === null ? UNSEEN_BY_NONE : UNSEEN[by])] },
      sources: readings(cursor, states),
      cursor: isRead(cursor) ? place(cursor) : null,
      ...sweeping(await ports.positions.read()),
      unknownActions: cursor?.unknownActions ?? 0,
      queues: [...(await ports.backlog.counts())],
      ...(await ports.view.counts()),
      version: settings.version,
    };
    return c.json(body, body.ok ? 200 : 503);
  });
}
