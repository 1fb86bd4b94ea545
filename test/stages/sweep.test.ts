import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Change } from "../../functions/domain/changes.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { after, instant } from "../../functions/domain/instants.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import type { Deadline } from "../../functions/ports.ts";
import { sweep } from "../../functions/sweep/sweep.ts";
import { FILE, MINUTE, PROJECT, Rig } from "./rig.ts";

const BUDGET = 1_000;
const DAY = 24 * 60 * MINUTE;

let rig: Rig;
beforeEach(async () => {
  rig = new Rig({ sweepBudgetBytes: BUDGET, staleMs: 5 * MINUTE });
  rig.shelf.journalled("create");
  await rig.host.poll();
});

const due = (kind: Deadline["kind"], file: string, more: Partial<Deadline> = {}): Promise<void> =>
  rig.ports.deadlines.put([{ kind, project: PROJECT, file, due: rig.clock.now(), sizeBytes: 0, ...more }]);

const changes = (lane: "now" | "sweep"): Change[] => rig.messages<Change>(`changes-${lane}`);
const told = (): string[] =>
  rig.messages<Finding>("alerts").map(({ verdict, state, openedAt }) => `${verdict} ${state} ${openedAt}`);
const forget = (): void => void rig.store.run("DELETE FROM messages");

/** The journal answers at this instant. */
const polled = async (): Promise<void> => void (await rig.host.poll());

describe("what is due", () => {
  it("as a verdict becomes a change at once, and is asked again ten minutes later while nobody judged it", async () => {
    await due("verdict", FILE);
    await sweep(rig.ports);
    assert.deepEqual(
      changes("now").map(({ reason, files }) => [reason, files]),
      [["deadline", [FILE]]],
    );
    forget();
    rig.clock.ms += 9 * MINUTE;
    await sweep(rig.ports);
    assert.deepEqual(changes("now"), []);
    rig.clock.ms += MINUTE;
    await sweep(rig.ports);
    assert.equal(changes("now").length, 1);
  });

  it("not yet is left alone", async () => {
    await due("verdict", FILE, { due: after(rig.clock.now(), 1) });
    await sweep(rig.ports);
    assert.deepEqual([...changes("now"), ...changes("sweep")], []);
  });

  it("of one project is one change, on the sweep's lane for pages", async () => {
    await rig.enrol();
    for (const file of [FILE, "lantern-1.1.tar.gz"]) await due("verdict", file);
    await due("page", "");
    await sweep(rig.ports);
    assert.deepEqual(
      changes("now").map(({ files }) => files.length),
      [2],
    );
    assert.deepEqual(
      changes("sweep").map(({ reason, files }) => [reason, files]),
      [["sweep", []]],
    );
  });
});

describe("the budget", () => {
  async function rehashesDue(...sizes: readonly number[]): Promise<void> {
    for (const [number, sizeBytes] of sizes.entries())
      await due("rehash", `lantern-1.${number}.tar.gz`, { sizeBytes });
  }
  const named = (): number => changes("sweep").flatMap(({ files }) => files).length;

  it("lets re-hashes pass as far as it reaches; the rest stays due", async () => {
    await rehashesDue(400, 400, 400);
    await sweep(rig.ports);
    assert.equal(named(), 2);
    assert.equal((await rig.ports.deadlines.due("rehash", rig.clock.now(), 10)).length, 1);
    assert.equal((await rig.ports.positions.read())?.spentBytes, 800);
  });

  it("is spent once a day", async () => {
    await rehashesDue(600, 600);
    await sweep(rig.ports);
    forget();
    rig.clock.ms += MINUTE;
    await sweep(rig.ports);
    assert.equal(named(), 0);
  });

  it("is new the next day", async () => {
    await rehashesDue(600, 600);
    await sweep(rig.ports);
    forget();
    rig.clock.ms += DAY;
    await polled();
    await sweep(rig.ports);
    assert.equal(named(), 1);
  });

  it("does not hold up a small file behind a large one", async () => {
    await rehashesDue(5_000, 10);
    await sweep(rig.ports);
    assert.deepEqual(
      changes("sweep").flatMap(({ files }) => files),
      ["lantern-1.1.tar.gz"],
    );
  });

  it("holds up neither deadlines nor pages", async () => {
    await rig.enrol();
    await rehashesDue(5_000);
    await due("verdict", FILE);
    await due("page", "");
    await sweep(rig.ports);
    assert.deepEqual([changes("now").length, changes("sweep").length], [1, 2]);
  });

  it("gives an artifact larger than itself a day of its own, and no more that day", async () => {
    await rehashesDue(5_000);
    await sweep(rig.ports);
    assert.equal(named(), 1);
    assert.equal((await rig.ports.positions.read())?.spentBytes, 5_000);
    forget();
    await rehashesDue(10);
    await sweep(rig.ports);
    assert.equal(named(), 0);
  });
});

describe("the rate", () => {
  const RATE = 0.1;
  /** Six requests are there at first, and six more come a minute. */
  const slow = async (pages: number, files: number): Promise<void> => {
    rig = new Rig({ sweepPerSecond: RATE });
    rig.shelf.journalled("create");
    await rig.host.poll();
    const at = rig.clock.now();
    const page = (each: number) => ({ kind: "page", project: `p${each}`, file: "" }) as const;
    for (let each = 0; each < pages; each += 1) await rig.enrol(`e${each}`, {}, `p${each}`);
    const file = (each: number) => ({ kind: "rehash", project: PROJECT, file: `f${each}` }) as const;
    const due = [...Array.from({ length: pages }, (_, each) => page(each))];
    const hashes = Array.from({ length: files }, (_, each) => file(each));
    await rig.ports.deadlines.put([...due, ...hashes].map((each) => ({ ...each, due: at, sizeBytes: 1 })));
  };
  const asked = (): readonly [pages: number, files: number] => {
    const all = changes("sweep");
    return [all.filter(({ files }) => files.length === 0).length, all.flatMap(({ files }) => files).length];
  };

  it("is kept round by round, also over a restart, and no kind has it all", async () => {
    await slow(50, 50);
    await sweep(rig.ports);
    assert.deepEqual(asked(), [3, 3]);
    rig.clock.ms += MINUTE;
    // Nothing but what is stored says how much is left.
    await sweep({ ...rig.ports });
    assert.deepEqual(asked(), [6, 6]);
    await sweep({ ...rig.ports });
    assert.deepEqual(asked(), [6, 6]);
  });

  it("is all for files where no page is due, save for what is still lent", async () => {
    await slow(0, 200);
    for (let round = 0; round < 20; round += 1) {
      await sweep(rig.ports);
      rig.clock.ms += 10_000;
    }
    const [, files] = asked();
    assert.ok(
      files >= 20 && files <= 26,
      `${files} files in 20 rounds of one request each, and six at first`,
    );
  });
});

describe("a finding that nobody published", () => {
  const finding: Finding = {
    ...aboutMonitor("blind", instant(0), "for the test"),
    project: PROJECT,
    file: FILE,
  };

  it("goes to alert again after two minutes, and until it is published", async () => {
    await rig.ports.view.putFindings([{ ...finding, changedAt: rig.clock.now() }], 1);
    await sweep(rig.ports);
    assert.deepEqual(told(), []);
    rig.clock.ms += 2 * MINUTE + 1;
    await polled();
    for (let round = 1; round <= 2; round += 1) {
      await sweep(rig.ports);
      assert.equal(told().length, round);
    }
    await rig.ports.view.markPublished(finding);
    forget();
    await sweep(rig.ports);
    assert.deepEqual(told(), []);
  });
});

describe("blindness", () => {
  it("is told once when the journal has been silent for too long, and once when it is over", async () => {
    const since = rig.clock.now();
    await sweep(rig.ports);
    for (let minute = 0; minute < 30; minute += 1) {
      rig.clock.ms += MINUTE;
      await sweep(rig.ports);
    }
    assert.deepEqual(told(), [`blind open ${since}`]);
    await polled();
    for (let round = 0; round < 3; round += 1) await sweep(rig.ports);
    assert.deepEqual(told(), [`blind open ${since}`, `blind resolved ${since}`]);
  });

  it("of the next occasion is told again", async () => {
    for (let occasion = 1; occasion <= 2; occasion += 1) {
      rig.clock.ms += 6 * MINUTE;
      await sweep(rig.ports);
      await polled();
      await sweep(rig.ports);
      assert.equal(told().length, 2 * occasion);
      assert.equal(new Set(rig.messages<Finding>("alerts").map(({ id }) => id)).size, occasion);
    }
  });

  it("before the journal was ever read counts from the first sweep, and is told when it lasts", async () => {
    const fresh = new Rig({ staleMs: 5 * MINUTE });
    const since = fresh.clock.now();
    await sweep(fresh.ports);
    fresh.clock.ms += 5 * MINUTE - 1;
    await sweep(fresh.ports);
    assert.deepEqual(fresh.messages("alerts"), []);
    fresh.clock.ms += 1;
    await sweep(fresh.ports);
    const [alert, ...others] = fresh.messages<Finding>("alerts");
    assert.deepEqual([alert?.verdict, alert?.topic, alert?.openedAt, others], ["blind", "health", since, []]);
  });

  it("is what health says, at the same instant", async () => {
    const health = async () =>
      (await (await rig.host.api.request("/v1/health")).json()) as { blind: { since: string } | null };
    const since = rig.clock.now();
    rig.clock.ms += 5 * MINUTE - 1;
    await sweep(rig.ports);
    assert.deepEqual([(await health()).blind, told()], [null, []]);
    rig.clock.ms += 1;
    await sweep(rig.ports);
    assert.deepEqual([(await health()).blind?.since, told()], [since, [`blind open ${since}`]]);
  });

  it("because the journal went back is told at once, in its own words", async () => {
    await sweep(rig.ports);
    rig.shelf.rows = [];
    rig.shelf.headNow = 5;
    await polled();
    for (let round = 0; round < 3; round += 1) await sweep(rig.ports);
    assert.deepEqual(told(), [`journal-went-back open ${rig.clock.now()}`]);
  });

  it("is on health, whatever happens", async () => {
    rig.clock.ms += 6 * MINUTE;
    await sweep(rig.ports);
    for (const finding of rig.messages<Finding>("alerts")) assert.equal(finding.topic, "health");
    assert.equal(told().length, 1);
  });
});
