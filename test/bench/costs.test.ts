import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Synthesised } from "../lib/template.ts";
import { byGroup, byStep, dollarsFor, dollarsOf, totalOf } from "./costs/bill.ts";
import { page } from "./costs/page.ts";
import { DEPLOYED } from "./costs/steps.ts";
import { looksOf, rehashDays, rehashesOf, VOLUMES, type Volume } from "./costs/volumes.ts";

const [small, middle, large] = VOLUMES;
assert.ok(small && middle && large);

const isAbout = (actual: number | undefined, expected: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 0.005 * expected, `${actual}, not ${expected}`);

describe("docs/costs.md", () => {
  it("is what the script computes: else run `npm run costs`", () => {
    assert.equal(readFileSync(new URL("../../docs/costs.md", import.meta.url), "utf8"), page());
  });

  it("has the same total by service as by step", () => {
    for (const volume of VOLUMES) {
      const sold = [...byGroup(volume).values()].reduce((all, each) => all + each, 0);
      isAbout(sold, totalOf(volume));
    }
  });
});

describe("the arithmetic of costs", () => {
  it("of feed's waiting is a quarter of a gigabyte for 55 seconds of each of a month's 43,800 minutes", () => {
    // 43,800 × 55 s × 0.25 GB = 602,250 GB-s; 43,800 invocations and schedules; 83.22 MB of log, kept for three months.
    const expected = 602_250 * 0.0000133334 + 0.0438 * 0.2 + 0.0438 * 1 + 0.08322 * (0.5 + 3 * 0.03);
    isAbout(byStep(small).get("feed, waiting for the next poll"), expected);
    isAbout(expected, 8.13);
  });

  it("of polling is 525,600 cursors moved, and 42 reads with each", () => {
    isAbout(byStep(small).get("feed, polling"), 0.5256 * 0.625 + 0.5256 * 42 * 0.125);
  });

  it("of what stands there is 45 alarms, 22 metrics, a dashboard and a key", () => {
    isAbout(byStep(large).get("alarms, metrics, dashboard, key"), 4.5 + 6.6 + 3 + 1);
  });

  it("of idle queues is six times fifteen requests a minute", () => {
    isAbout(byStep(small).get("event sources, asking empty queues"), (6 * 15 * 43_800 * 0.4) / 1e6);
  });

  it("of RSS is two feeds a minute, 14 KB written twice and read once, and ten names looked up", () => {
    isAbout(byStep(small).get("feed, reading RSS"), 0.0876 * (28 * 0.625 + 15 * 0.125));
  });

  it("of counting is each project's view, as often as rounds suffice", () => {
    // 10,000 projects of 150 files: 50 rounds after six hours; 30 units a project, and 250 for the names.
    const units = (43_800 / 410) * (10_000 * 30 + 250);
    isAbout(byStep(middle).get("counting what was hashed again"), (units * 0.125) / 1e6);
  });

  it("of a price is per its unit", () => {
    isAbout(dollarsFor("writeUnits", 8e6), 5);
    isAbout(dollarsOf({ logGigabytes: 10 }), 5.9);
  });

  it("of re-hashing stops at the budget, and says how long everything takes", () => {
    // Small: 10,000 files after 126 hours on average. Middle: 50 GB a day of files of 4 MB are 12,500 files a day.
    isAbout(rehashesOf(small), (10_000 * 730) / 126);
    isAbout(rehashDays(small), 5.25);
    isAbout(rehashDays(middle), 120);
    isAbout(looksOf(middle), (10_000 * 730) / 18);
  });
});

describe("costs", () => {
  const MORE: Readonly<Record<string, (volume: Volume) => Volume>> = {
    projects: (volume) => ({ ...volume, projects: 2 * volume.projects, files: 2 * volume.files }),
    "new files": (volume) => ({ ...volume, newFiles: 2 * volume.newFiles }),
    "bytes of a file": (volume) => ({
      ...volume,
      meanMegabytes: 2 * volume.meanMegabytes,
      sweepBudgetGigabytes: 1e6,
    }),
    sweeps: (volume) => ({ ...volume, sweepHours: volume.sweepHours / 2 }),
  };
  for (const [what, more] of Object.entries(MORE))
    it(`grow with ${what}`, () => {
      for (const volume of VOLUMES) assert.ok(totalOf(more(volume)) > totalOf(volume), volume.name);
    });

  it("grow with the size of the monitor", () => {
    assert.ok(totalOf(small) < totalOf(middle) && totalOf(middle) < totalOf(large));
  });
});

describe("what is computed with", () => {
  const deployed = new Synthesised();

  it("is as many alarms and queues as are deployed", () => {
    assert.equal(deployed.of("AWS::CloudWatch::Alarm").length, DEPLOYED.alarms);
    assert.equal(deployed.of("AWS::CloudWatch::Dashboard").length, 1);
    assert.equal(deployed.of("AWS::KMS::Key").length, 1);
    const sources = deployed.of("AWS::Lambda::EventSourceMapping");
    const ofQueues = sources.filter(({ Properties }) => Properties["StartingPosition"] === undefined);
    assert.equal(ofQueues.length, DEPLOYED.queues);
  });

  it("is each function's memory as deployed", () => {
    const memory = deployed
      .of("AWS::Lambda::Function")
      .map(({ Properties }) => [
        String(Properties["Description"]).replace("Counterfoil: ", ""),
        Properties["MemorySize"],
      ]);
    assert.deepEqual(Object.fromEntries(memory), DEPLOYED.memoryMegabytes);
  });
});
