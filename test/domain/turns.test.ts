import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reading } from "../../functions/domain/blindness.ts";
import { after } from "../../functions/domain/instants.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";
import type { ChosenSource, SourceName, SourceState } from "../../functions/domain/sources.ts";
import { type States, turnsOf } from "../../functions/domain/turns.ts";
import { minute } from "./perfect.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TRIED = minute(0);
const { staleMs, listMs, carryingListMs, rssMs } = DEFAULT_SETTINGS;

const answered = (more: Partial<SourceState> = {}): SourceState => ({
  epoch: 1,
  serial: 1,
  etag: null,
  seen: [],
  since: TRIED,
  triedAt: TRIED,
  answeredAt: TRIED,
  failing: null,
  notBefore: null,
  moves: 1,
  ...more,
});

const all = (state: SourceState | null): States => ({ list: state, updates: state, projects: state });
/** The journal as it was last polled so long before `now`. */
const polled = (now: string, agoMs: number): Reading => ({
  epoch: 1,
  serial: 1_000,
  polledAt: after(now, -agoMs),
  blind: null,
});

function turns(
  afterMs: number,
  more: { state?: SourceState | null; silentMs?: number | null; source?: ChosenSource } = {},
) {
  const { state = answered(), silentMs = 0, source = "journal" } = more;
  const now = after(TRIED, afterMs);
  const reading = silentMs === null ? null : polled(now, silentMs);
  return turnsOf(all(state), reading, now, { ...DEFAULT_SETTINGS, source });
}

const FEEDS: readonly SourceName[] = ["updates", "projects"];
const EACH: readonly SourceName[] = ["list", ...FEEDS];

describe("whose turn it is", () => {
  it("is everybody's who was never looked at", () => {
    assert.deepEqual(turns(0, { state: null }), EACH);
  });

  it("is the feeds' every minute, and the list's every hour, while the journal answers", () => {
    assert.deepEqual(turns(rssMs - 1), []);
    assert.deepEqual(turns(rssMs), FEEDS);
    assert.deepEqual(turns(listMs - 1), FEEDS);
    assert.deepEqual(turns(listMs), EACH);
  });

  it("is the list's every five minutes once the journal was silent for half of what makes blind", () => {
    assert.deepEqual(turns(carryingListMs, { silentMs: staleMs / 2 - 1 }), FEEDS);
    assert.deepEqual(turns(carryingListMs, { silentMs: staleMs / 2 }), EACH);
    assert.deepEqual(turns(carryingListMs - 1, { silentMs: HOUR }), FEEDS);
    assert.deepEqual(turns(carryingListMs, { silentMs: null }), EACH);
  });

  it("is the list's every five minutes while the journal does not come to where the list was", () => {
    const aheadSince = (agoMs: number) =>
      answered({ ahead: { serial: 1_001, since: after(TRIED, carryingListMs - agoMs) } });
    assert.deepEqual(turns(carryingListMs, { state: aheadSince(staleMs / 2 - 1) }), FEEDS);
    assert.deepEqual(turns(carryingListMs, { state: aheadSince(staleMs / 2) }), EACH);
  });

  it("comes although a clock that was wrong noted a look, or a wait, that is still to come", () => {
    assert.deepEqual(turns(-365 * 24 * HOUR), EACH);
    const state = answered({ notBefore: after(TRIED, 365 * 24 * HOUR) });
    assert.deepEqual(turns(listMs, { state }), EACH);
  });

  it("is the list's every five minutes where it is the source, however fresh a cursor is", () => {
    assert.deepEqual(turns(carryingListMs - 1, { source: "list" }), FEEDS);
    assert.deepEqual(turns(carryingListMs, { source: "list" }), EACH);
  });

  it("is never the list's where RSS is the source, once it was read", () => {
    assert.deepEqual(turns(10 * HOUR, { source: "rss" }), FEEDS);
    assert.deepEqual(turns(10 * HOUR, { source: "rss", silentMs: 10 * HOUR }), FEEDS);
    assert.deepEqual(turns(carryingListMs, { source: "rss", silentMs: null }), EACH);
  });

  it("comes sooner after a look that failed, or that nobody ended; never sooner than every five minutes for the list", () => {
    for (const answeredAt of [null, minute(-60)]) {
      const state = answered({ answeredAt });
      assert.deepEqual(turns(carryingListMs - 1, { state }), FEEDS);
      assert.deepEqual(turns(carryingListMs, { state }), EACH);
      assert.deepEqual(turns(rssMs - 1, { state }), []);
    }
  });

  it("does not come before the index wants to be asked again", () => {
    const state = answered({ answeredAt: null, notBefore: after(TRIED, HOUR) });
    assert.deepEqual(turns(HOUR - 1, { state }), []);
    assert.deepEqual(turns(HOUR, { state }), EACH);
  });
});
