import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { pollReport } from "../../functions/aws/poll-report.ts";
import { roomIn } from "../../functions/aws/room.ts";
import { after } from "../../functions/domain/instants.ts";
import type { Cursor } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { contextWith, readLog, readMeter } from "./stage.ts";

const CURSOR: Cursor = {
  epoch: 1,
  serial: 10,
  from: 0,
  polledAt: minute(0),
  caughtUpAt: minute(0),
  blind: null,
  intervals: [],
  unknownActions: 3,
  lagSeconds: 2,
  moves: 4,
};
const polled = (cursor: Partial<Cursor> = {}) => ({ rows: 5, changes: 1, cursor: { ...CURSOR, ...cursor } });

/** Whoever watches the watcher, and how often it was asked. */
async function watcher(status: number, claim: (url: string, asked: () => number) => Promise<void>) {
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await claim(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, () => count);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function rig(heartbeatUrl?: string, cursor: Cursor | null = CURSOR) {
  const { lines, stage } = readLog();
  const { sums, meter } = readMeter();
  return { lines, sums, report: pollReport({ log: stage.log, meter, heartbeatUrl, cursor }) };
}

describe("a report of polls", () => {
  it("counts what each poll brought; of unknown actions those that are new, and no lag where nothing is", async () => {
    const { sums, report } = rig();
    await report.polled(polled());
    await report.polled(polled({ unknownActions: 5, serial: 11 }));
    await report.polled(polled({ unknownActions: 5, serial: 11 }));
    assert.deepEqual(sums, {
      Polls: 3,
      JournalRows: 15,
      Changes: 3,
      UnknownActions: 2,
      Blind: 0,
      LagSeconds: 2,
    });
  });

  it("counts unknown actions from the beginning where there was no cursor", async () => {
    const { sums, report } = rig(undefined, null);
    await report.polled(polled({ unknownActions: 2 }));
    assert.equal(sums["UnknownActions"], 2);
  });

  it("never counts backwards when a cursor was restored from an older copy", async () => {
    const { sums, report } = rig();
    await report.polled(polled({ unknownActions: 0 }));
    assert.equal(sums["UnknownActions"], 0);
  });

  it("says that a poll found the monitor blind, and counts no poll for one that failed", async () => {
    const { sums, lines, report } = rig();
    await report.polled(polled({ blind: { since: minute(0), reason: "went back" } }));
    report.failed(new Error("429"), 1);
    assert.deepEqual([sums["Blind"], sums["Polls"]], [1, 1]);
    assert.deepEqual(lines.map(({ level, text }) => [level, text]).at(-1), ["warn", "journal not read"]);
  });

  it("gives one sign of life an invocation", async () => {
    await watcher(200, async (url, asked) => {
      const { report } = rig(url);
      await report.polled(polled());
      await report.polled(polled());
      assert.equal(asked(), 1);
    });
  });

  it("gives none for a blind poll, nor for one that failed", async () => {
    await watcher(200, async (url, asked) => {
      const { report } = rig(url);
      report.failed(new Error("429"), 1);
      await report.polled(polled({ blind: { since: minute(0), reason: "went back" } }));
      assert.equal(asked(), 0);
    });
  });

  for (const status of [302, 404, 500]) {
    it(`goes on when the sign of life is answered by ${status}, and logs it`, async () => {
      await watcher(status, async (url) => {
        const { report, lines } = rig(url);
        await report.polled(polled({ serial: 11 }));
        assert.ok(lines.some(({ level, text }) => level === "warn" && text === "heartbeat not taken"));
      });
    });
  }

  it("goes on when nobody is there to take it", async () => {
    const { report, sums } = rig("http://127.0.0.1:1/");
    await report.polled(polled());
    assert.equal(sums["Polls"], 1);
  });

  for (const status of [302, 500, "no answer"] as const) {
    it(`logs of a heartbeat's address no more than its origin: ${status}`, async () => {
      await watcher(status === "no answer" ? 200 : status, async (url) => {
        const origin = status === "no answer" ? "http://127.0.0.1:1" : new URL(url).origin;
        const { report, lines } = rig(`${origin}/ping/s3cret?key=s3cret`);
        await report.polled(polled());
        const said = JSON.stringify(lines);
        assert.ok(said.includes(`"Error: ${origin} `), said);
        assert.doesNotMatch(said, /s3cret/);
      });
    });
  }
});

describe("an invocation", () => {
  const room = (elapsedMs: number, remainingMs: number, aheadMs = 0): boolean => {
    let now = minute(0);
    const has = roomIn(
      contextWith(() => remainingMs),
      { now: () => now },
    );
    now = after(now, elapsedMs);
    return has(aheadMs);
  };

  it("has room for a poll that begins within 55 seconds", () => {
    assert.deepEqual([room(0, 180_000), room(54_999, 120_000), room(55_000, 120_000)], [true, true, false]);
    assert.deepEqual([room(40_000, 120_000, 14_999), room(40_000, 120_000, 15_000)], [true, false]);
  });

  it("has none when its own time is nearly over", () => {
    assert.deepEqual([room(0, 5_001), room(0, 5_000), room(0, 15_000, 10_000)], [true, false, false]);
  });
});
