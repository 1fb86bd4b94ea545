import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LIST_FRESH_MS, type Reading, visionOf, type Watch } from "../../functions/domain/blindness.ts";
import { after, minutes } from "../../functions/domain/instants.ts";
import { type ChosenSource, NEVER } from "../../functions/domain/sources.ts";
import { minute } from "./perfect.ts";

const STALE_MS = 300_000;
const NOW = minute(0);
const STARTED = minute(-600);
const ago = (ms: number): string => after(NOW, -ms);
const polled = (at: string, blind: Reading["blind"] = null): Reading => ({
  epoch: 1,
  serial: 1_000,
  polledAt: at,
  blind,
});
const answered = (ms: number | null, more: Partial<Watch["list"]> = {}): NonNullable<Watch["list"]> => ({
  epoch: 1,
  answeredAt: ms === null ? null : ago(ms),
  ...more,
});

function seen(
  source: ChosenSource,
  reading: Reading | null,
  list: Watch["list"],
  updates: Watch["list"] = null,
) {
  const { by, blind, late } = visionOf(reading, STARTED, NOW, STALE_MS, { source, list, updates });
  return { by, blind: blind?.kind ?? null, late: late !== null, since: (blind ?? late)?.since ?? null };
}

const SILENT = polled(ago(STALE_MS));
const SEES = { blind: null, late: false, since: null };

describe("what the monitor can promise", () => {
  it("by the journal is all, whatever the others say", () => {
    for (const list of [null, answered(null), answered(0)])
      assert.deepEqual(seen("journal", polled(ago(STALE_MS - 1)), list), { by: "journal", ...SEES });
  });

  it("without the journal is to be late, as long as the list answers", () => {
    const late = { by: "list", blind: null, late: true, since: SILENT.polledAt };
    assert.deepEqual(seen("journal", SILENT, answered(LIST_FRESH_MS - 1)), late);
    const blind = { by: null, blind: "silent", late: false, since: SILENT.polledAt };
    assert.deepEqual(seen("journal", SILENT, answered(LIST_FRESH_MS)), blind);
    assert.deepEqual(seen("journal", SILENT, answered(null)), blind);
  });

  it("by a journal that answers and does not come to where the list was is to be late, and blind without the list", () => {
    const since = ago(STALE_MS);
    const ahead = { serial: 1_001, since };
    const list = answered(0, { ahead });
    assert.deepEqual(seen("journal", polled(NOW), list), { by: "list", blind: null, late: true, since });
    const blind = { by: null, blind: "silent", late: false, since };
    assert.deepEqual(seen("journal", polled(NOW), answered(LIST_FRESH_MS, { ahead })), blind);
    for (const more of [
      { ahead: { ...ahead, since: ago(STALE_MS - 1) } },
      { ahead: { ...ahead, serial: 1_000 } },
      { ahead, epoch: 2 },
    ])
      assert.deepEqual(seen("journal", polled(NOW), answered(0, more)), { by: "journal", ...SEES });
  });

  it("is not taken from a clock that was wrong: what is to come was not read yet", () => {
    const toCome = ago(-365 * 24 * 3_600_000);
    assert.equal(seen("journal", polled(toCome), null).blind, "silent");
    const list = answered(-365 * 24 * 3_600_000);
    assert.equal(seen("journal", SILENT, list).blind, "silent");
    assert.equal(seen("journal", polled(ago(-1_000)), null).blind, null);
    const ahead = { serial: 1_001, since: toCome };
    assert.equal(seen("journal", polled(NOW), answered(0, { ahead })).late, true);
  });

  it("by RSS alone is to be blind for all but new releases", () => {
    const blind = { by: "rss", blind: "releases-only", late: false, since: SILENT.polledAt };
    assert.deepEqual(seen("journal", SILENT, null, answered(0)), blind);
    assert.deepEqual(seen("journal", SILENT, null, answered(minutes(15))), {
      ...blind,
      by: null,
      blind: "silent",
    });
    assert.deepEqual(seen("rss", polled(NEVER), answered(0), answered(0)), { ...blind, since: STARTED });
  });

  it("by a journal that went back is nothing, also where the list answers", () => {
    const back = { since: minute(-3), reason: "the head is below the cursor" };
    const blind = { by: null, blind: "went-back", late: false, since: back.since };
    assert.deepEqual(seen("journal", polled(NOW, back), answered(0)), blind);
    assert.deepEqual(seen("list", polled(NOW, back), answered(0)), { by: "list", ...SEES });
  });

  it("by the list, where that was chosen, is not to be late: it was never to be sooner", () => {
    assert.deepEqual(seen("list", polled(NEVER), answered(0)), { by: "list", ...SEES });
    const since = ago(LIST_FRESH_MS);
    assert.deepEqual(seen("list", polled(NEVER), answered(LIST_FRESH_MS)), {
      by: null,
      blind: "silent",
      late: false,
      since,
    });
  });

  it("without a place from where the journal would have to be read is nothing, since the start", () => {
    const unread = { by: null, blind: "unread", late: false, since: STARTED };
    assert.deepEqual(seen("journal", null, answered(0)), unread);
    assert.deepEqual(seen("list", null, null), unread);
    assert.deepEqual(seen("journal", polled(NEVER), answered(0)), {
      by: "list",
      blind: null,
      late: true,
      since: STARTED,
    });
  });
});
