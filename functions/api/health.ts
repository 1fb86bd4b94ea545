import type { Hono } from "hono";
import { type Blindness, blindness } from "../domain/blindness.ts";
import type { Cursor } from "../ports.ts";
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

const place = ({ epoch, serial, polledAt, lagSeconds }: Cursor) => ({ epoch, serial, polledAt, lagSeconds });

/** Whether the monitor is blind at this moment. */
export async function blindnessNow(
  { positions, clock }: Pick<ApiPorts, "positions" | "clock">,
  cursor: Cursor | null,
  { staleAfterMs }: ApiSettings,
): Promise<Blindness | null> {
  // Who serves the API may have started a moment ago: when the monitor began, only the sweep has noted.
  const startedAt = (await positions.read())?.startedAt ?? null;
  return blindness(cursor, startedAt, clock.now(), staleAfterMs);
}

export function healthRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, HEALTH, async (c) => {
    const cursor = await ports.cursors.read();
    const blind = await blindnessNow(ports, cursor, settings);
    const body: HealthAnswer = {
      ok: blind === null,
      blind: blind && { since: blind.since, reason: blind.reason },
      cursor: cursor === null ? null : place(cursor),
      unknownActions: cursor?.unknownActions ?? 0,
      queues: [...(await ports.backlog.counts())],
      ...(await ports.view.counts()),
      version: settings.version,
    };
    return c.json(body, body.ok ? 200 : 503);
  });
}
