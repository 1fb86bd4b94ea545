import type { Hono } from "hono";
import { between, type Instant } from "../domain/instants.ts";
import type { Cursor } from "../ports.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

/** Since when, and why, the monitor cannot promise to see uploads. */
export type Blind = NonNullable<Cursor["blind"]>;

/** Blindness as it stands: what feed has said, or that it has said nothing for too long. Before the first poll too. */
export function blindness(
  cursor: Cursor | null,
  now: Instant,
  startedAt: Instant,
  staleAfterMs: number,
): Blind | null {
  if (cursor === null) return { since: startedAt, reason: "the journal has not been read yet" };
  if (cursor.blind !== null) return cursor.blind;
  if (between(cursor.polledAt, now) <= staleAfterMs) return null;
  const silence = `the journal was last read in full at ${cursor.polledAt}`;
  return { since: cursor.polledAt, reason: silence };
}

const place = ({ epoch, serial, polledAt, lagSeconds }: Cursor) => ({ epoch, serial, polledAt, lagSeconds });

/** `GET /v1/health`: 200 while the monitor sees, 503 with the same body while it is blind. */
export function healthRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const startedAt = ports.clock.now();
  app.get("/v1/health", async (c) => {
    const cursor = await ports.cursors.read();
    const blind = blindness(cursor, ports.clock.now(), startedAt, settings.staleAfterMs);
    const body = {
      ok: blind === null,
      blind,
      cursor: cursor === null ? null : place(cursor),
      unknownActions: cursor?.unknownActions ?? 0,
      queues: await ports.backlog.counts(),
      ...(await ports.view.counts()),
      version: settings.version,
    };
    return c.json(body, body.ok ? 200 : 503);
  });
}
