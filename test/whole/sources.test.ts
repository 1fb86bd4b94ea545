import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Route } from "../../bin/sandbox/index/requests.ts";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { SourceState } from "../../functions/domain/sources.ts";
import type { EnrolmentAnswer } from "../../functions/records/answers/enrolments.ts";
import type { HealthAnswer } from "../../functions/records/answers/health.ts";
import { type Keys, startWorld, type World, type WorldOptions } from "../world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const OLD = "lantern-1.0.tar.gz";
const NEW = "lantern-2.0.tar.gz";
const JOURNAL = { route: "xmlrpc" };
const LIST = { route: "simple-list" };
const RSS = { route: "rss-updates" };
const DOWN = { kind: "unavailable" } as const;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string, content: string): string => `${hexOf(sha256(content))}  ${file}\n`;

let world: World;
afterEach(() => world.close());

const publish = (file: string, version: string, project = "lantern", content = "genuine"): void =>
  void world.index.publish({ project, version, files: [{ name: file, bytes: bytes(content) }] });

/** A recorded, published, matching release, and every source read once. */
async function watched(options: WorldOptions = {}): Promise<Keys> {
  world = await startWorld({ ...options, crossChecks: true });
  publish("aardvark-1.0.tar.gz", "1.0", "aardvark");
  await world.settle();
  const keys = await world.enrol("lantern", { strict: true });
  await world.settle();
  await world.pass(SECOND);
  await world.record("lantern", keys.maintainer, line(OLD, "genuine"));
  publish(OLD, "1.0");
  await world.pass(2 * MINUTE, 2);
  assert.equal(await world.verdict("lantern", OLD), "match listed");
  // Until nothing is due any more but the sources in their turn; the next look at the list is half an hour away.
  await world.pass(30 * MINUTE, 30);
  assert.deepEqual(world.told(), []);
  return keys;
}

/** Keeps the project's rows, old and new, out of the journal, which goes on with those of others. */
function withheld(act: () => void): void {
  world.index.faults.withholdRows({ project: "lantern" });
  act();
  publish("aardvark-1.1.tar.gz", "1.1", "aardvark");
}

const state = async (source: "list" | "updates"): Promise<SourceState> => {
  const read = await world.host.ports.sourceStates.read(source);
  assert.ok(read !== null);
  return read;
};

async function health(): Promise<HealthAnswer> {
  return (await (await world.host.api.request("/v1/health")).json()) as HealthAnswer;
}

const about = (word: string): string[] => world.told().filter((told) => told.includes(word));
const looksAt = (route: Route): number => world.index.requests.counts[route] ?? 0;

describe("an upload that the journal withholds", () => {
  it("is found within one look at the list, fetched and judged, and turns out to be announced by nobody", async () => {
    await watched();
    world.index.faults.spoil(RSS, DOWN);
    withheld(() => publish(NEW, "2.0", "lantern", "stolen"));
    await world.pass(10 * MINUTE);
    assert.equal(await world.verdict("lantern", NEW), "nothing");
    await world.pass(HOUR, 60);
    assert.match(await world.verdict("lantern", NEW), /^unrecorded /);
    assert.deepEqual(about("unrecorded"), [`findings critical unrecorded open ${NEW}`]);
    await world.pass(30 * MINUTE, 30);
    assert.equal(await world.verdict("lantern", NEW), "unrecorded unannounced");
    assert.deepEqual(about("unannounced"), [`findings critical unannounced open ${NEW}`]);
  });

  it("is found within one look at RSS, a minute later", async () => {
    await watched();
    world.index.faults.spoil(LIST, DOWN);
    withheld(() => publish(NEW, "2.0", "lantern", "stolen"));
    await world.pass(MINUTE, 2);
    assert.match(await world.verdict("lantern", NEW), /^unrecorded /);
    assert.deepEqual(about("unrecorded"), [`findings critical unrecorded open ${NEW}`]);
  });

  it("is found by RSS, which shows it once, though the page goes on as it was for some minutes", async () => {
    await watched();
    world.index.faults.spoil(LIST, DOWN);
    world.index.faults.freezePage("lantern");
    withheld(() => publish(NEW, "2.0", "lantern", "stolen"));
    await world.pass(4 * MINUTE, 8);
    assert.equal(await world.verdict("lantern", NEW), "nothing");
    world.index.faults.thawPage("lantern");
    await world.pass(5 * MINUTE, 10);
    assert.match(await world.verdict("lantern", NEW), /^unrecorded /);
    const before = looksAt("simple-project");
    await world.pass(HOUR, 60);
    assert.ok(looksAt("simple-project") - before < 15, "looks end");
  });

  it("is missed by RSS where a file joins a release, and found by the list", async () => {
    await watched();
    const wheel = "lantern-1.0-py3-none-any.whl";
    world.index.faults.withholdRows({ project: "lantern", file: wheel });
    world.index.publish({ project: "lantern", version: "1.0", files: [{ name: wheel, bytes: bytes("PK") }] });
    await world.pass(10 * MINUTE);
    assert.equal(await world.verdict("lantern", wheel), "nothing");
    await world.pass(HOUR, 60);
    assert.match(await world.verdict("lantern", wheel), /^unrecorded /);
  });

  it("of a project that nobody enrolled is nobody's business", async () => {
    await watched();
    world.index.faults.withholdRows({ project: "aardvark" });
    publish("aardvark-2.0.tar.gz", "2.0", "aardvark", "stolen");
    const before = looksAt("simple-project");
    await world.pass(2 * HOUR, 60);
    assert.equal(looksAt("simple-project"), before);
    assert.deepEqual(world.told(), []);
  });
});

describe("a project that leaves while the journal says nothing", () => {
  it("is looked at because the list lacks it, and its files are told of as soon as absence may be", async () => {
    await watched();
    withheld(() => world.index.removeProject("lantern"));
    await world.pass(3 * HOUR, 60);
    assert.deepEqual(about("vanished"), [`findings critical vanished open ${OLD}`]);
  });

  it("into quarantine is hidden, and pages nobody for its files", async () => {
    await watched();
    withheld(() => world.index.quarantineProject("lantern"));
    await world.pass(3 * HOUR, 60);
    assert.equal(await world.verdict("lantern", OLD), "match hidden");
    assert.deepEqual(about("critical"), []);
  });
});

describe("sources that have nothing new", () => {
  it("queue nothing and have no page looked at, however often they are asked", async () => {
    await watched();
    const before = {
      pages: looksAt("simple-project"),
      lists: looksAt("simple-list"),
      feeds: looksAt("rss-updates"),
    };
    await world.pass(3 * HOUR, 180);
    assert.equal(looksAt("simple-project"), before.pages);
    assert.ok(looksAt("simple-list") - before.lists >= 2 && looksAt("simple-list") - before.lists <= 4);
    assert.ok(looksAt("rss-updates") - before.feeds >= 150);
    assert.deepEqual(world.told(), []);
  });

  it("that show the same again, in another order, have nothing looked at twice", async () => {
    await watched();
    withheld(() => publish(NEW, "2.0"));
    await world.pass(5 * MINUTE, 10);
    const before = looksAt("file");
    // Newer releases of others push it down, and the feed is another document each time.
    for (let round = 0; round < 5; round += 1) {
      publish(`aardvark-2.${round}.tar.gz`, `2.${round}`, "aardvark");
      await world.pass(2 * MINUTE, 4);
    }
    assert.equal(looksAt("file"), before);
    assert.equal(about("unrecorded").length, 1);
  });
});

describe("a flood of releases between two looks at RSS", () => {
  it("hides a release from it, and the list makes that good", async () => {
    await watched();
    world.index.faults.withholdRows({ project: "lantern" });
    publish(NEW, "2.0", "lantern", "stolen");
    for (let each = 0; each < 150; each += 1)
      publish(`aardvark-3.${each}.tar.gz`, `3.${each}`, "aardvark", `${each}`);
    await world.pass(10 * MINUTE);
    assert.equal(await world.verdict("lantern", NEW), "nothing");
    assert.ok((await state("updates")).seen.length <= 500);
    await world.pass(HOUR, 60);
    assert.match(await world.verdict("lantern", NEW), /^unrecorded /);
  });
});

describe("a journal that falls silent", () => {
  it("is stood in for by the list: health says late, an upload is found, and the end is told once", async () => {
    await watched();
    const mend = world.index.faults.spoil(JOURNAL, DOWN);
    await world.pass(8 * MINUTE, 16);
    const late = await health();
    assert.deepEqual([late.ok, late.blind, late.source.by], [true, null, "list"]);
    assert.match(late.late?.reason ?? "", /last read in full .* up to 35 minutes late/);
    assert.ok(late.source.unseen.length > 0);
    assert.deepEqual(world.told(), ["health warning source-fallback open null"]);

    world.index.faults.spoil(RSS, DOWN);
    publish(NEW, "2.0", "lantern", "stolen");
    await world.pass(10 * MINUTE, 20);
    assert.deepEqual(about("critical"), [`findings critical unrecorded open ${NEW}`]);
    assert.match(await world.verdict("lantern", NEW), /^unrecorded listed/);

    await world.pass(2 * HOUR, 60);
    mend();
    await world.pass(10 * MINUTE, 20);
    assert.equal((await health()).source.by, "journal");
    assert.deepEqual(world.told(), [
      "health warning source-fallback open null",
      `findings critical unrecorded open ${NEW}`,
      "health warning source-fallback resolved null",
    ]);
    await world.pass(HOUR, 30);
    assert.equal(world.told().length, 3);
    assert.equal(await world.verdict("lantern", NEW), "unrecorded listed");
  });

  it("with the list silent too is blindness, and RSS alone does not change that", async () => {
    await watched();
    world.index.faults.spoil(JOURNAL, DOWN);
    world.index.faults.spoil(LIST, DOWN);
    await world.pass(2 * HOUR, 60);
    const { ok, blind, source, sources } = await health();
    assert.deepEqual([ok, source.by], [false, "rss"]);
    assert.match(blind?.reason ?? "", /RSS shows new releases only/);
    assert.match(sources.find((each) => each.source === "list")?.failing?.reason ?? "", /503/);
    assert.ok(about("blind").length > 0);
    publish(NEW, "2.0", "lantern", "stolen");
    await world.pass(2 * MINUTE, 4);
    assert.deepEqual(about("unrecorded"), [`findings critical unrecorded open ${NEW}`]);
  });

  it("keeps its cursor, whatever the list reaches", async () => {
    await watched();
    const before = await world.host.ports.cursors.read();
    world.index.faults.spoil(JOURNAL, DOWN);
    publish(NEW, "2.0");
    await world.pass(HOUR, 30);
    assert.equal((await world.host.ports.cursors.read())?.serial, before?.serial);
    assert.ok(((await state("list")).serial ?? 0) > (before?.serial ?? 0));
  });

  it("keeps a new watch waiting, and says so to whoever enrolled, until it answers", async () => {
    await watched();
    const mend = world.index.faults.spoil(JOURNAL, DOWN);
    const { id, maintainer } = await world.enrol("aardvark");
    await world.pass(20 * MINUTE, 20);
    const since = async (): Promise<string | null> => {
      const headers = { authorization: `Bearer ${maintainer}` };
      const answer = await world.host.api.request(`/v1/projects/aardvark/enrolments/${id}`, { headers });
      return ((await answer.json()) as EnrolmentAnswer).watchedSince;
    };
    assert.equal(await since(), null);
    mend();
    await world.pass(20 * MINUTE, 20);
    assert.ok(((await since()) ?? "") > "2026");
    assert.equal(await world.verdict("aardvark", "aardvark-1.0.tar.gz"), "baseline listed");
  });

  it("never answered at all: then the list begins, and a watch with it", async () => {
    world = await startWorld({ crossChecks: true });
    publish("aardvark-1.0.tar.gz", "1.0", "aardvark");
    world.index.faults.spoil(JOURNAL, DOWN);
    await world.pass(12 * MINUTE, 24);
    assert.deepEqual([(await health()).source.by, (await health()).cursor], ["list", null]);
    assert.deepEqual(about("source-fallback"), ["health warning source-fallback open null"]);
  });
});

describe("a journal that goes on answering, and has nothing new any more", () => {
  it("is stood in for by the list once that was further, and tells all it kept back in the end", async () => {
    let standsAt: number | null = null;
    const wheel = "lantern-1.0-py3-none-any.whl";
    await watched({
      around: (index) => ({
        ...index,
        journal: {
          head: async () => standsAt ?? (await index.journal.head()),
          async *after(serial) {
            for await (const rows of index.journal.after(serial))
              yield rows.filter((row) => row.serial <= (standsAt ?? row.serial));
          },
        },
      }),
    });
    standsAt = (await world.host.ports.cursors.read())?.serial ?? null;
    world.index.publish({ project: "lantern", version: "1.0", files: [{ name: wheel, bytes: bytes("PK") }] });
    await world.pass(70 * MINUTE, 70);
    assert.match(await world.verdict("lantern", wheel), /^unrecorded /);
    const { ok, late, source } = await health();
    assert.deepEqual([ok, source.by], [true, "list"]);
    assert.match(
      late?.reason ?? "",
      new RegExp(`the journal answers and ends at serial ${standsAt}, although`),
    );
    const before = looksAt("simple-list");
    await world.pass(HOUR, 60);
    assert.ok(looksAt("simple-list") - before >= 11);

    standsAt = null;
    await world.pass(HOUR, 60);
    assert.equal((await health()).source.by, "journal");
    assert.deepEqual(about("health"), [
      "health warning source-fallback open null",
      "health warning source-fallback resolved null",
    ]);
    assert.deepEqual(about("critical"), [`findings critical unrecorded open ${wheel}`]);
  });
});

describe("the list as the source chosen", () => {
  const LISTED = { crossChecks: true, settings: { source: "list" } } as const;

  it("finds uploads without the journal ever being asked, and claims nothing of what is absent", async () => {
    world = await startWorld(LISTED);
    publish("aardvark-1.0.tar.gz", "1.0", "aardvark");
    publish(OLD, "1.0");
    await world.settle();
    const keys = await world.enrol("lantern", { strict: true });
    await world.settle();
    await world.pass(MINUTE, 4);
    assert.equal(await world.verdict("lantern", OLD), "baseline listed");

    await world.record("lantern", keys.maintainer, line(NEW, "genuine"));
    publish(NEW, "2.0");
    publish("lantern-3.0.tar.gz", "3.0", "lantern", "stolen");
    await world.pass(10 * MINUTE, 20);
    assert.equal(await world.verdict("lantern", NEW), "match listed");
    assert.deepEqual(about("critical"), ["findings critical unrecorded open lantern-3.0.tar.gz"]);

    world.index.removeFile(NEW);
    await world.pass(3 * HOUR, 60);
    assert.doesNotMatch(await world.verdict("lantern", NEW), /removed/);
    assert.deepEqual(about("critical"), ["findings critical unrecorded open lantern-3.0.tar.gz"]);
    assert.equal(looksAt("xmlrpc"), 0);
    const { ok, late, source, cursor } = await health();
    assert.deepEqual([ok, late, source.chosen, source.by, cursor], [true, null, "list", "list", null]);
    assert.match(source.unseen.join(), /35 minutes/);
    assert.deepEqual(about("health"), []);
  });

  it("blinds when it falls silent, and says so once it is over, once", async () => {
    world = await startWorld(LISTED);
    publish(OLD, "1.0");
    await world.pass(MINUTE, 2);
    const mend = world.index.faults.spoil(LIST, DOWN);
    await world.pass(2 * HOUR, 60);
    assert.equal((await health()).ok, false);
    assert.deepEqual(about("health"), ["health warning blind open null"]);
    mend();
    await world.pass(10 * MINUTE);
    assert.equal((await health()).ok, true);
    assert.deepEqual(about("health"), [
      "health warning blind open null",
      "health warning blind resolved null",
    ]);
  });

  it("gives way to the journal without a file called unannounced that it announced meanwhile", async () => {
    const settings: { source: "list" | "journal" } = { source: "list" };
    world = await startWorld({ crossChecks: true, settings });
    publish("aardvark-1.0.tar.gz", "1.0", "aardvark");
    await world.settle();
    const keys = await world.enrol("lantern");
    await world.pass(MINUTE, 4);
    await world.record("lantern", keys.maintainer, line(OLD, "genuine"));
    publish(OLD, "1.0");
    await world.pass(12 * HOUR, 60);
    assert.equal(await world.verdict("lantern", OLD), "match listed");
    world.abandon();
    settings.source = "journal";
    await world.open();
    await world.pass(30 * HOUR, 60);
    assert.equal(await world.verdict("lantern", OLD), "match listed");
    assert.deepEqual(world.told(), []);
    assert.equal((await health()).source.by, "journal");
  });
});

describe("RSS as the source chosen", () => {
  it("is blind, says why, and finds new releases all the same", async () => {
    world = await startWorld({ crossChecks: true, settings: { source: "rss" } });
    publish("aardvark-1.0.tar.gz", "1.0", "aardvark");
    await world.settle();
    await world.enrol("lantern", { strict: true });
    await world.pass(2 * MINUTE, 4);
    publish(OLD, "1.0");
    await world.pass(HOUR, 60);
    assert.match(await world.verdict("lantern", OLD), /^unrecorded listed/);
    const { ok, blind, source } = await health();
    assert.deepEqual([ok, source.chosen, source.by], [false, "rss", "rss"]);
    assert.match(blind?.reason ?? "", /^RSS shows new releases only/);
    assert.deepEqual(about("health"), ["health warning blind open null"]);
    assert.deepEqual([looksAt("xmlrpc"), looksAt("simple-list")], [0, 1]);
  });
});
