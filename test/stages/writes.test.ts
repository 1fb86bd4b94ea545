import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alert } from "../../functions/alert/alert.ts";
import { compare } from "../../functions/compare/compare.ts";
import { artifact, type Change, change } from "../../functions/domain/changes.ts";
import { type Fact, fact } from "../../functions/domain/facts.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { after } from "../../functions/domain/instants.ts";
import type { Policy } from "../../functions/domain/policy.ts";
import type { SourceName } from "../../functions/domain/sources.ts";
import { crossCheck } from "../../functions/feed/cross-check.ts";
import { feed } from "../../functions/feed/feed.ts";
import { restartCursor } from "../../functions/feed/restart.ts";
import { fetch } from "../../functions/fetch/fetch.ts";
import { IndexUnavailable } from "../../functions/ports.ts";
import { survey } from "../../functions/survey/survey.ts";
import { sweep } from "../../functions/sweep/sweep.ts";
import { Fault, Faults, MODES } from "./faulty.ts";
import { digestOf, FILE, listing, MINUTE, PROJECT, Rig } from "./rig.ts";
import { FakeSources, shown } from "./sources.ts";

/** One stage's one run on a prepared world: the same input each time it is repeated. */
interface Scenario {
  readonly title: string;
  /** What it must have written at least once, or it did not do what its title says. */
  readonly writes: readonly string[];
  readonly policy?: Partial<Policy>;
  /** Leaves the world as the run finds it; answers the run. */
  prepare(rig: Rig): Promise<(ports: Rig["ports"]) => Promise<unknown>>;
  /** What of the end state a repetition may change; nothing by default. */
  readonly forgives?: readonly string[];
}

const REPLACED = digestOf("other bytes");

const journalChange = (rig: Rig, files: readonly string[]): Change =>
  change({
    project: PROJECT,
    reason: "journal",
    at: rig.clock.now(),
    files,
    epoch: 1,
    serial: rig.shelf.rows.at(-1)?.serial ?? 0,
  });

const wantedOf = (rig: Rig) =>
  artifact({
    project: PROJECT,
    file: FILE,
    release: "1.0",
    listing: listing(FILE),
    look: { at: rig.clock.now(), asked: "test", epoch: 1, serial: 1001, page: null },
    lane: "now",
    since: rig.clock.now(),
  });

const attemptOf = (rig: Rig, digest: ReturnType<typeof digestOf>) =>
  ({ at: rig.clock.now(), outcome: "hashed", digest, sizeBytes: 7, address: null, detail: null }) as const;

/** The artifact as fetch observed it, with these bodies. */
function hashedFact(rig: Rig, ...bodies: readonly ReturnType<typeof digestOf>[]): Fact {
  const { id: _, attempts: __, keepFor: ___, lane: ____, since: _____, ...wanted } = wantedOf(rig);
  const attempts = bodies.map((body) => attemptOf(rig, body));
  return fact({ kind: "hashed", ...wanted, observed: bodies.at(-1) ?? null, attempts } as const);
}

const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  feed: [
    {
      title: "a first start",
      writes: ["cursors.move"],
      prepare: async (rig) => {
        rig.shelf.journalled("create");
        return feedOf;
      },
    },
    {
      title: "an upload, among others' and unknown rows",
      writes: ["entries.append", "changes.now.send", "cursors.move"],
      prepare: async (rig) => {
        await rig.watched();
        rig.shelf.journalled("new release");
        rig.shelf.journalled(`add source file ${FILE}`);
        rig.shelf.journalled("add source file other-1.0.tar.gz", "other");
        rig.shelf.journalled("do something new");
        rig.shelf.shows([FILE]);
        return feedOf;
      },
    },
    {
      title: "a row that was committed late, below the cursor",
      writes: ["entries.append", "changes.now.send", "cursors.move"],
      prepare: async (rig) => {
        await rig.watched();
        const serial = rig.shelf.journalled(`add source file ${FILE}`);
        rig.shelf.journalled("new release", "other");
        const [late] = rig.shelf.rows.splice(-2, 1);
        await rig.host.poll();
        if (late !== undefined)
          rig.shelf.rows = [...rig.shelf.rows, late].sort((a, b) => a.serial - b.serial);
        assert.ok(((await rig.ports.cursors.read())?.serial ?? 0) > serial);
        rig.shelf.shows([FILE]);
        return feedOf;
      },
    },
    {
      title: "a journal that went back",
      writes: ["cursors.move"],
      prepare: async (rig) => {
        rig.shelf.journalled("create");
        await rig.watched();
        rig.shelf.rows = [];
        rig.shelf.headNow = 5;
        return feedOf;
      },
    },
  ],
  "cross-check": [
    {
      title: "a list that shows what the journal withholds",
      writes: ["sourceStates.move", "changes.now.send"],
      prepare: async (rig) => {
        await withheld(rig);
        const sources = new FakeSources();
        sources.list.shows = [shown(PROJECT, 1001)];
        sources.list.serial = 1001;
        await checkOf("list", sources)(rig.ports);
        sources.list.shows = [shown(PROJECT, 1003)];
        sources.list.serial = 1003;
        return checkOf("list", sources);
      },
    },
    {
      title: "a feed that shows what the journal withholds",
      writes: ["sourceStates.move", "changes.now.send"],
      prepare: async (rig) => {
        await withheld(rig);
        const sources = new FakeSources();
        sources.updates.shows = [shown(PROJECT, null, "1.0")];
        return checkOf("updates", sources);
      },
    },
    {
      title: "a first list where the journal never answered",
      writes: ["sourceStates.move", "cursors.move"],
      prepare: async (rig) => {
        const sources = new FakeSources();
        sources.list.serial = 1003;
        await checkOf("list", sources)(rig.ports);
        rig.clock.ms += 10 * MINUTE;
        return checkOf("list", sources);
      },
    },
  ],
  restart: [
    {
      title: "a new epoch",
      writes: ["ledger.append", "deadlines.put", "cursors.move"],
      // Whoever asks again after a lost answer begins one epoch more.
      forgives: ["epoch", "ledger"],
      prepare: async (rig) => {
        rig.shelf.journalled("create");
        await rig.watched();
        rig.shelf.shows([FILE]);
        rig.shelf.headNow = 7;
        return (ports) => restartCursor(ports, "operator");
      },
    },
  ],
  survey: [
    {
      title: "the first look for an enrolment",
      writes: ["pageStore.keep", "pageStore.remember", "facts.send", "changes.now.send"],
      prepare: async (rig) => {
        rig.shelf.journalled("create");
        rig.shelf.shows([FILE]);
        await rig.host.poll();
        await rig.enrol();
        const asked = change({ project: PROJECT, reason: "enrolment", at: rig.clock.now() });
        return (ports) => survey(asked, ports);
      },
    },
    {
      title: "an upload beside a file that is gone",
      writes: ["pageStore.keep", "pageStore.remember", "artifacts.now.send", "facts.send"],
      prepare: async (rig) => {
        rig.shelf.shows([FILE]);
        await rig.watched();
        rig.shelf.journalled("add source file lantern-1.1.tar.gz", PROJECT, "1.1");
        rig.shelf.shows(["lantern-1.1.tar.gz"]);
        const asked = journalChange(rig, ["lantern-1.1.tar.gz"]);
        return (ports) => survey(asked, ports);
      },
    },
    {
      title: "a stale page",
      writes: ["pageStore.remember", "facts.send", "changes.now.send"],
      prepare: async (rig) => {
        rig.shelf.shows([]);
        await rig.watched();
        const stale = rig.shelf.page;
        rig.shelf.journalled(`add source file ${FILE}`);
        const asked = journalChange(rig, [FILE]);
        return async (ports) => {
          rig.shelf.page = stale;
          await survey(asked, ports).finally(() => rig.shelf.shows([FILE]));
        };
      },
    },
    {
      title: "a page that cannot be read",
      writes: ["facts.send", "changes.now.send"],
      prepare: async (rig) => {
        await rig.watched();
        rig.shelf.journalled(`add source file ${FILE}`);
        rig.shelf.shows([FILE]);
        const asked = journalChange(rig, [FILE]);
        return async (ports) => {
          rig.shelf.unreadable = new IndexUnavailable("unreachable", "nobody answers");
          await survey(asked, ports).finally(() => {
            rig.shelf.unreadable = null;
          });
        };
      },
    },
  ],
  fetch: [
    {
      title: "bytes as declared",
      writes: ["facts.send"],
      prepare: async (rig) => {
        await uploaded(rig);
        const wanted = wantedOf(rig);
        return (ports) => fetch(wanted, ports);
      },
    },
    {
      title: "other bytes, for the second time",
      writes: ["evidence.commit", "artifacts.now.send"],
      prepare: async (rig) => {
        await uploaded(rig);
        const wanted = { ...wantedOf(rig), attempts: [attemptOf(rig, REPLACED)] };
        return async (ports) => {
          rig.shelf.attempts = [{ digest: REPLACED }];
          await fetch(wanted, ports);
        };
      },
    },
    {
      title: "bytes as declared, and provenance that could not be had",
      writes: ["facts.send", "artifacts.now.send"],
      prepare: async (rig) => {
        await uploaded(rig);
        rig.shelf.objects.set(FILE, { outcome: "unread", reason: "unreachable: HTTP 503" });
        const { listing, ...rest } = wantedOf(rig);
        const named = { ...listing, provenance: `https://index.example/integrity/${FILE}` };
        const wanted = { ...rest, listing: named, wantsProvenance: true } as const;
        return (ports) => fetch(wanted, ports);
      },
    },
    {
      title: "bytes to be kept for a finding",
      writes: ["evidence.commit"],
      prepare: async (rig) => {
        await uploaded(rig);
        const wanted = { ...wantedOf(rig), keepFor: "some finding" };
        return (ports) => fetch(wanted, ports);
      },
    },
  ],
  compare: [
    {
      title: "the page that becomes a baseline",
      writes: ["ledger.append"],
      prepare: async (rig) => {
        rig.shelf.shows([FILE]);
        await rig.host.poll();
        await rig.enrol();
        await rig.host.sweep();
        const asked = change({ project: PROJECT, reason: "enrolment", at: rig.clock.now() });
        await survey(asked, rig.ports);
        const [sighting] = rig.messages<Fact>("facts");
        assert.equal(sighting?.kind, "project");
        return (ports) => compare(sighting, ports);
      },
    },
    {
      title: "a look at a project whose owner is another one now",
      writes: ["ledger.append", "view.putFindings", "alerts.send"],
      prepare: async (rig) => {
        await rig.watched();
        rig.shelf.journalled("remove Owner alice", PROJECT, null);
        rig.shelf.shows([]);
        rig.clock.ms += MINUTE;
        await rig.host.poll();
        const [asked] = rig.messages<Change>("changes-now");
        assert.ok(asked !== undefined);
        const look = { at: rig.clock.now(), asked: asked.id, epoch: 1, serial: asked.serial, page: null };
        const said = { kind: "project", project: PROJECT, look, state: "active", baselineOf: [] } as const;
        const sighting = fact({ ...said, head: null, reason: null });
        return (ports) => compare(sighting, ports);
      },
    },
    {
      title: "a stolen release",
      policy: { strict: true },
      writes: [
        "ledger.append",
        "view.put",
        "view.putFindings",
        "deadlines.put",
        "alerts.send",
        "artifacts.sweep.send",
      ],
      prepare: async (rig) => {
        await uploaded(rig, { strict: true });
        const observed = hashedFact(rig, digestOf(FILE));
        return (ports) => compare(observed, ports);
      },
    },
    {
      title: "an edge that answered wrongly once",
      writes: ["flakyEdges.note", "ledger.append", "view.put", "view.putFindings", "alerts.send"],
      prepare: async (rig) => {
        await uploaded(rig);
        const observed = hashedFact(rig, REPLACED, digestOf(FILE));
        return (ports) => compare(observed, ports);
      },
    },
  ],
  alert: [
    {
      title: "a finding",
      writes: ["topics.publish", "ledger.append", "view.markPublished"],
      prepare: async (rig) => {
        await uploaded(rig, { strict: true });
        await compare(hashedFact(rig, digestOf(FILE)), rig.ports);
        const [finding] = rig.messages<Finding>("alerts");
        assert.ok(finding !== undefined);
        return (ports) => alert(finding, ports);
      },
    },
  ],
  sweep: [
    {
      title: "a verdict, a page and a re-hash due, a lost alert, and blindness",
      writes: ["changes.now.send", "changes.sweep.send", "deadlines.put", "alerts.send", "positions.write"],
      prepare: async (rig) => {
        await uploaded(rig, { strict: true });
        await compare(hashedFact(rig, digestOf(FILE)), rig.ports);
        // The message to alert is lost, and so is everything else that was queued.
        rig.store.run("DELETE FROM messages");
        const [at, due] = [rig.clock.now(), rig.clock.now()];
        const more = { project: PROJECT, due, sizeBytes: 7 };
        await rig.ports.deadlines.put([
          { kind: "verdict", file: FILE, ...more },
          { kind: "page", file: "", ...more },
          { kind: "rehash", file: FILE, ...more },
        ]);
        assert.ok(at);
        rig.clock.ms += 10 * MINUTE;
        return (ports) => sweep(ports);
      },
    },
    {
      title: "files that are to be hashed more often, and a project without a turn",
      writes: ["deadlines.bringForward", "deadlines.clear", "deadlines.putIfAbsent"],
      prepare: async (rig) => {
        rig.shelf.shows([FILE]);
        await rig.watched({ rehashDays: 1 });
        const due = (atMs: number) => ({ project: PROJECT, due: after(rig.clock.now(), atMs), sizeBytes: 7 });
        await rig.ports.deadlines.clear("page", PROJECT, "");
        await rig.ports.deadlines.put([
          { kind: "pace", file: "", ...due(12 * 60 * MINUTE) },
          { kind: "rehash", file: FILE, ...due(6 * 24 * 60 * MINUTE) },
        ]);
        rig.clock.ms += 12 * 60 * MINUTE;
        return (ports) => sweep(ports);
      },
    },
  ],
};

const checkOf =
  (source: SourceName, sources: FakeSources) =>
  (ports: Rig["ports"]): Promise<unknown> =>
    crossCheck(source, { ...ports, sources, changes: ports.changes.now });

/** An enrolled project with an upload that its page shows and its journal does not. */
async function withheld(rig: Rig): Promise<void> {
  rig.shelf.journalled("create");
  rig.shelf.shows([]);
  await rig.watched();
  rig.shelf.shows([FILE], { serial: 1003 });
  rig.clock.ms += MINUTE;
}

const feedOf = (ports: Rig["ports"]): Promise<unknown> => feed({ ...ports, changes: ports.changes.now });

/** An enrolled project, and an upload that no stage but feed has seen yet. */
async function uploaded(rig: Rig, policy: Partial<Policy> = {}): Promise<void> {
  await rig.watched(policy);
  rig.shelf.journalled(`add source file ${FILE}`);
  rig.shelf.shows([FILE]);
  rig.clock.ms += MINUTE;
}

/** Plays a scenario with one write failed, repeats it, and lets everything come to rest. */
async function played(scenario: Scenario, faults: Faults) {
  // No page is swept and nothing hashed again before this is over: what is lost stays lost.
  const rig = new Rig();
  const run = await scenario.prepare(rig);
  let fault: unknown = null;
  try {
    // The prepared ports are plain objects: what the run gets goes through the faults, at every depth.
    await run(faults.through(rig.ports));
  } catch (error) {
    fault = error;
    await run(rig.ports);
  }
  await rig.rest(40);
  return { state: await rig.state(), fault };
}

const without = (state: object, names: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(state, (name, value) => (names.includes(name) ? undefined : value)));

for (const [stage, scenarios] of Object.entries(SCENARIOS))
  describe(`${stage}: a write that fails and is repeated leaves what an undisturbed run leaves`, () => {
    for (const scenario of scenarios)
      it(scenario.title, async (t) => {
        const counted = new Faults();
        const { state, fault } = await played(scenario, counted);
        assert.equal(fault, null);
        for (const write of scenario.writes) assert.ok(counted.writes.includes(write), `${write} was seen`);
        for (const mode of MODES)
          for (let nth = 1; nth <= counted.writes.length; nth += 1) {
            const faults = new Faults({ nth, mode });
            const repeated = await played(scenario, faults);
            const which = `write ${nth}, ${counted.writes[nth - 1]}, ${mode}`;
            assert.ok(repeated.fault instanceof Fault, `${which}: it was thrown, and nobody swallowed it`);
            assert.equal(faults.writes.length, nth, `${which}: nothing was written after it`);
            const forgiven = scenario.forgives ?? [];
            assert.deepEqual(without(repeated.state, forgiven), without(state, forgiven), which);
          }
        t.diagnostic(counted.writes.join(", "));
      });
  });
