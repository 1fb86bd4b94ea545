import type { Shown } from "../../functions/domain/sources.ts";
import type { IndexUnavailable, Looked, Source, Sources, Take } from "../../functions/ports.ts";

export const shown = (project: string, serial: number | null, release: string | null = null): Shown => ({
  project,
  serial,
  release,
  published: release === null ? null : "Sun, 22 Nov 2026 12:00:00 GMT",
});

/** A source that shows what a test gives it, with an ETag that changes with it. */
export class FakeSource implements Source {
  shows: readonly Shown[] = [];
  /** How far it says it reaches. */
  serial: number | null = null;
  /** What it throws, once it has shown everything. */
  breaks: IndexUnavailable | null = null;
  isTagged = true;
  readonly asked: (string | null)[] = [];

  async look(etag: string | null, take: Take): Promise<Looked> {
    this.asked.push(etag);
    const own = this.isTagged ? JSON.stringify([this.shows, this.serial]) : null;
    if (etag !== null && etag === own && this.breaks === null) return { kind: "unchanged" };
    for (const each of this.shows) await take([each]);
    if (this.breaks !== null) throw this.breaks;
    return { kind: "whole", etag: own, serial: this.serial };
  }
}

export class FakeSources implements Sources {
  readonly list = new FakeSource();
  readonly updates = new FakeSource();
  readonly projects = new FakeSource();
}
