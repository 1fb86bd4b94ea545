import type { Hono } from "hono";
import { blindness } from "../domain/blindness.ts";
import type { Cursor } from "../ports.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

const place = ({ epoch, serial, polledAt, lagSeconds }: Cursor) => ({ epoch, serial, polledAt, lagSeconds });

/** `GET /v1/health`: 200 while the monitor sees, 503 with the same body while it is blind. */
export function healthRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  app.get("/v1/health", async (c) => {
    // Who serves the API may have started a moment ago: when the monitor began, only the sweep has noted.
    const [cursor, position] = await Promise.all([ports.cursors.read(), ports.positions.read()]);
    const startedAt = position?.startedAt ?? null;
    const blind = blindness(cursor, startedAt, ports.clock.now(), settings.staleAfterMs);
    const body = {
      ok: blind === null,
      blind: blind && { since: blind.since, reason: blind.reason },
      cursor: cursor === null ? null : place(cursor),
      unknownActions: cursor?.unknownActions ?? 0,
      queues: await ports.backlog.counts(),
      ...(await ports.view.counts()),
      version: settings.version,
    };
    return c.json(body, body.ok ? 200 : 503);
  });
}
