import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { NewRelease } from "../../bin/sandbox/index/releases.ts";
import type { Pages } from "../../functions/ports.ts";
import { type Keys, startWorld, type World, type WorldOptions } from "../world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
/** A `sha256sum` line for a file whose content is its name. */
const line = (file: string, content = file): string => `${digest(content)}  dist/${file}\n`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [SDIST, WHEEL] = ["lantern-1.0.tar.gz", "lantern-1.0-py3-none-any.whl"] as const;
const BOTH = line(SDIST) + line(WHEEL);

/** Pages are swept every ten minutes, so that absence is noticed within the hour. */
const SETTINGS = { sweepMs: 10 * MINUTE } as const;

let world: World;

const startHere = async (options: WorldOptions = {}): Promise<void> => {
  world = await startWorld({ settings: SETTINGS, ...options });
};

function publish(version: string, files: readonly string[], content?: string): void {
  const release: NewRelease = {
    project: "lantern",
    version,
    files: files.map((name) => ({ name, bytes: bytes(content ?? name) })),
  };
  world.index.publish(release);
}

/** Enrols before the first upload, and lets the first look happen. */
async function watched(policy: object = {}): Promise<Keys> {
  await world.settle();
  const keys = await world.enrol("lantern", policy);
  await world.settle();
  await world.pass(1_000);
  return keys;
}

/** A recorded release that matches. */
async function released(policy: object = {}): Promise<Keys> {
  const keys = await watched(policy);
  await world.record("lantern", keys.maintainer, BOTH);
  publish("1.0", [SDIST, WHEEL]);
  await world.settle();
  assert.equal(await world.verdict("lantern", SDIST), "match listed");
  assert.deepEqual(world.told(), []);
  world.clock.ms += MINUTE;
  return keys;
}

/** Does something, and keeps the rows that it writes out of the journal until the answer is called. */
function withoutRows(doing: () => void): () => void {
  const before = world.index.journal.head() ?? 0;
  doing();
  return world.index.journal.withhold((row) => row.serial > before);
}

const QUARANTINED = "findings notice quarantined open null";

const toldFindings = (): string[] => world.told().filter((line) => line.startsWith("findings"));

describe("where the whole road says an artifact is", () => {
  beforeEach(() => startHere());
  afterEach(() => world.close());

  describe("an entry explains that it is gone", () => {
    it("a removed file is removed, and a warning because it had matched", async () => {
      await released();
      world.index.removeFile(SDIST);
      await world.settle();
      assert.equal(await world.verdict("lantern", SDIST), "match removed");
      assert.equal(await world.verdict("lantern", WHEEL), "match listed");
      assert.deepEqual(world.told(), [`findings warning removed open ${SDIST}`]);
    });

    it("a frozen project's removed file is critical", async () => {
      await released({ frozen: true });
      world.index.removeFile(SDIST);
      await world.settle();
      assert.deepEqual(world.told(), [`findings critical removed open ${SDIST}`]);
    });

    it("an unconfirmed file's removal is a notice", async () => {
      publish("1.0", [SDIST]);
      await watched();
      world.index.removeFile(SDIST);
      await world.settle();
      assert.equal(await world.verdict("lantern", SDIST), "baseline removed");
      assert.deepEqual(world.told(), [`findings notice removed open ${SDIST}`]);
    });

    for (const [row, remove] of [
      ["remove release", () => world.index.removeRelease("lantern", "1.0")],
      ["remove project", () => world.index.removeProject("lantern")],
    ] as const)
      it(`one row \`${row}\` removes every file of it`, async () => {
        await released();
        remove();
        await world.settle();
        for (const file of [SDIST, WHEEL])
          assert.equal(await world.verdict("lantern", file), "match removed");
        const each = (file: string) => `findings warning removed open ${file}`;
        assert.deepEqual(world.told().sort(), [SDIST, WHEEL].map(each).sort());
      });

    it("a removal does not turn into a disappearance later", async () => {
      await released();
      world.index.removeRelease("lantern", "1.0");
      await world.settle();
      await world.pass(3 * HOUR, 30);
      assert.equal(await world.verdict("lantern", SDIST), "match removed");
      assert.equal(world.told().length, 2);
    });

    for (const [what, quarantine] of [
      ["project", () => world.index.quarantineProject("lantern")],
      ["release", () => world.index.quarantineRelease("lantern", "1.0")],
    ] as const)
      it(`a quarantined ${what} hides its files, and no file of it is told`, async () => {
        await released();
        quarantine();
        await world.settle();
        await world.pass(2 * HOUR, 20);
        assert.equal(await world.verdict("lantern", SDIST), "match hidden");
        assert.deepEqual(world.told(), [QUARANTINED]);
      });

    it("a cleared quarantine shows its files again, and nothing of them is told", async () => {
      await released();
      world.index.quarantineProject("lantern");
      await world.settle();
      world.index.clearProjectQuarantine("lantern");
      await world.settle();
      await world.pass(HOUR, 6);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(world.told(), [QUARANTINED]);
    });
  });

  describe("no entry explains that it is gone", () => {
    it("a file that two readings a window apart lack has vanished, and that is critical", async () => {
      await released();
      world.index.faults.hide(SDIST);
      await world.pass(HOUR, 30);
      assert.equal(await world.verdict("lantern", SDIST), "match vanished");
      assert.equal(await world.verdict("lantern", WHEEL), "match listed");
      assert.deepEqual(world.told(), [`findings critical vanished open ${SDIST}`]);
    });

    it("one reading that lacks it is not enough", async () => {
      await released();
      world.index.faults.hide(SDIST);
      // The sweep looks within ten minutes; the second reading would come a window after that.
      for (let minute = 0; minute < 11 && (await listedIn(SDIST)); minute += 1) await world.pass(MINUTE, 1);
      assert.equal(await listedIn(SDIST), false);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      world.index.faults.show(SDIST);
      await world.pass(HOUR, 30);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.equal(await listedIn(SDIST), true);
      assert.deepEqual(world.told(), []);
    });

    it("a page older than one already seen proves nothing, however often it is read", async () => {
      publish("0.9", ["lantern-0.9.tar.gz"]);
      await watched();
      // The packed copy of the page stands still; the plain one goes on.
      world.index.faults.freezePage("lantern", "gzip");
      publish("1.0", [SDIST]);
      await world.settle();
      await world.pass(10 * MINUTE, 10);
      assert.equal(await world.verdict("lantern", SDIST), "awaiting-record listed");
      await world.pass(3 * HOUR, 40);
      assert.equal(await world.verdict("lantern", SDIST), "unrecorded listed");
      assert.deepEqual(
        world.told().filter((line) => line.includes("vanished")),
        [],
      );
    });

    it("a 404 from one copy of the page proves nothing: it has no serial, and may be of any age", async () => {
      await watched();
      world.index.faults.freezePage("lantern", "gzip");
      publish("1.0", [SDIST]);
      await world.settle();
      await world.pass(3 * HOUR, 40);
      assert.equal(await world.verdict("lantern", SDIST), "unrecorded listed");
      assert.deepEqual(
        world.told().filter((line) => line.includes("vanished")),
        [],
      );
    });

    it("a project that is gone from both copies, with no entry, has vanished", async () => {
      await released();
      world.index.faults.spoil(
        { route: "simple-project" },
        { kind: "redirect", to: "/nowhere", status: 302 },
      );
      await world.pass(HOUR, 30);
      assert.deepEqual(toldFindings(), []);
      world.index.faults.mendAll();
      const gone = withoutRows(() => world.index.removeProject("lantern"));
      // A 404 names no serial: an entry that explains it may be late.
      await world.pass(HOUR, 30);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      await world.pass(HOUR, 30);
      assert.equal(await world.verdict("lantern", SDIST), "match vanished");
      gone();
    });

    it("an index that answers nothing but empty pages hides nothing", async () => {
      await released();
      world.index.faults.spoil({ route: "simple-project" }, { kind: "empty" });
      await world.pass(3 * HOUR, 20);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(toldFindings(), []);
    });

    it("a blind monitor does not say that no entry explains it", async () => {
      await released();
      world.index.faults.hide(SDIST);
      world.index.faults.journalFallsTo(41_000_001);
      await world.pass(HOUR, 20);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(toldFindings(), []);
    });
  });

  describe("it was announced, and is not there", () => {
    it("a journalled file that no page shows by its deadline is unseen, and resolves when it shows", async () => {
      const { maintainer } = await watched();
      await world.record("lantern", maintainer, line(SDIST));
      world.index.faults.freezePage("lantern");
      publish("1.0", [SDIST]);
      await world.settle();
      await world.pass(55 * MINUTE, 12);
      assert.equal(await world.verdict("lantern", SDIST), "null expected");
      assert.deepEqual(world.told(), []);
      await world.pass(10 * MINUTE, 5);
      assert.equal(await world.verdict("lantern", SDIST), "null unseen");
      assert.deepEqual(world.told(), [`findings warning unseen open ${SDIST}`]);
      world.index.faults.thawPage("lantern");
      await world.pass(HOUR + 10 * MINUTE, 14);
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(world.told(), [
        `findings warning unseen open ${SDIST}`,
        `findings warning unseen resolved ${SDIST}`,
      ]);
    });

    it("a file that was added and taken away before any page showed it is removed, not unseen", async () => {
      await watched();
      publish("1.0", [SDIST, WHEEL]);
      world.index.removeFile(SDIST);
      await world.settle();
      await world.pass(2 * HOUR, 20);
      assert.equal(await world.verdict("lantern", SDIST), "null removed");
      assert.deepEqual(
        world.told().filter((line) => line.includes("unseen")),
        [],
      );
    });

    it("a recorded file that is not published by its deadline is missing, and resolves when it is", async () => {
      const { maintainer } = await watched();
      await world.record("lantern", maintainer, line(SDIST));
      await world.settle();
      assert.equal(await world.verdict("lantern", SDIST), "null expected");
      await world.pass(25 * HOUR, 50);
      assert.equal(await world.verdict("lantern", SDIST), "null missing");
      publish("1.0", [SDIST]);
      await world.settle();
      assert.equal(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(world.told(), [
        `findings warning missing open ${SDIST}`,
        `findings warning missing resolved ${SDIST}`,
      ]);
    });
  });

  it("a yanked file is yanked, with a notice, and stays a match", async () => {
    await released();
    world.index.yank("lantern", "1.0", "broken");
    await world.settle();
    assert.equal(await world.verdict("lantern", SDIST), "match yanked");
    const each = (file: string) => `findings notice yanked open ${file}`;
    assert.deepEqual(world.told().sort(), [SDIST, WHEEL].map(each).sort());
  });
});

/** Whether the newest page shows it, as the view has it. */
async function listedIn(file: string): Promise<boolean | undefined> {
  const rows = await world.host.ports.view.ofProject("lantern");
  return rows.find((row) => row.file === file)?.listed;
}

describe("trouble on the way is health, and nobody is paged for a compromise", () => {
  beforeEach(() => startHere());
  afterEach(() => world.close());

  for (const [what, spoil] of [
    ["half an hour of 503 from everything", () => world.index.faults.spoil({}, { kind: "unavailable" })],
    [
      "half an hour of 429 from everything",
      () => world.index.faults.spoil({}, { kind: "throttled", retryAfterSeconds: 30 }),
    ],
    ["half an hour of dropped connections", () => world.index.faults.spoil({}, { kind: "dropped" })],
    ["half an hour of empty answers", () => world.index.faults.spoil({}, { kind: "empty" })],
    [
      "pages of another type",
      () =>
        world.index.faults.spoil({ route: "simple-project" }, { kind: "content-type", type: "text/html" }),
    ],
    [
      "files that answer 200 with nothing",
      () => world.index.faults.spoil({ route: "file" }, { kind: "empty" }),
    ],
    ["files that are cut", () => world.index.faults.spoil({ route: "file" }, { kind: "cut", afterBytes: 5 })],
    ["files packed by somebody", () => world.index.faults.spoil({ route: "file" }, { kind: "gzip" })],
    [
      "files redirected elsewhere",
      () => world.index.faults.spoil({ route: "file" }, { kind: "redirect", to: "http://127.0.0.1:9/" }),
    ],
  ] as const)
    it(`${what}: a release in the middle still ends as a match`, async () => {
      const { maintainer } = await watched();
      await world.record("lantern", maintainer, BOTH);
      const mend = spoil();
      publish("1.0", [SDIST, WHEEL]);
      await world.pass(30 * MINUTE, 30);
      assert.notEqual(await world.verdict("lantern", SDIST), "match listed");
      assert.deepEqual(toldFindings(), []);
      mend();
      await world.pass(HOUR, 30);
      for (const file of [SDIST, WHEEL]) assert.equal(await world.verdict("lantern", file), "match listed");
      assert.deepEqual(toldFindings(), []);
      for (const line of world.told().filter((each) => each.includes(" open ")))
        assert.ok(world.told().includes(line.replace(" open ", " resolved ")), `${line} ends`);
    });

  it("a page that stands still for half an hour is nobody's news", async () => {
    const { maintainer } = await watched();
    await world.record("lantern", maintainer, BOTH);
    world.index.faults.freezePage("lantern");
    publish("1.0", [SDIST, WHEEL]);
    await world.pass(30 * MINUTE, 30);
    world.index.faults.thawPage("lantern");
    await world.pass(30 * MINUTE, 30);
    assert.equal(await world.verdict("lantern", SDIST), "match listed");
    assert.deepEqual(world.told(), []);
  });

  it("what still cannot be fetched past its deadline is a finding, not silence", async () => {
    await watched();
    world.index.faults.spoil({ route: "file" }, { kind: "empty" });
    publish("1.0", [SDIST]);
    await world.pass(90 * MINUTE, 90);
    assert.equal(await world.verdict("lantern", SDIST), "unverifiable listed");
    assert.deepEqual(toldFindings(), [`findings warning unverifiable open ${SDIST}`]);
  });
});

describe("who watches, and since when", () => {
  beforeEach(() => startHere());
  afterEach(() => world.close());

  it("each enrolment of one project is judged by its own records and policy", async () => {
    await world.settle();
    const developer = await world.enrol("lantern");
    const mistaken = await world.enrol("lantern");
    const strict = await world.enrol("lantern", { strict: true });
    await world.settle();
    await world.pass(1_000);
    await world.record("lantern", developer.maintainer, line(SDIST));
    await world.record("lantern", mistaken.maintainer, line(SDIST, "something else"));
    publish("1.0", [SDIST]);
    await world.settle();
    const verdicts = new Map((await world.rows("lantern")).map((row) => [row.enrolment, row.verdict]));
    assert.equal(verdicts.get(developer.id), "match");
    assert.equal(verdicts.get(mistaken.id), "mismatch");
    assert.equal(verdicts.get(strict.id), "unrecorded");
    const told = new Map(world.alerts.map(({ finding }) => [finding.enrolment, finding.verdict]));
    assert.deepEqual([...told.keys()].sort(), [mistaken.id, strict.id].sort());
  });

  it("an enrolment that comes later has its own baseline, and judges from facts already held", async () => {
    const developer = await released();
    const asked = world.index.requests.all.filter(({ route }) => route === "file").length;
    world.clock.ms += HOUR;
    const late = await world.enrol("lantern");
    await world.settle();
    await world.pass(MINUTE);
    const rows = (await world.rows("lantern")).filter((row) => row.file === SDIST);
    const verdicts = new Map(rows.map((row) => [row.enrolment, `${row.verdict} ${row.authority}`]));
    assert.equal(verdicts.get(developer.id), "match maintainer");
    assert.equal(verdicts.get(late.id), "baseline first-seen");
    assert.deepEqual(world.told(), []);
    assert.equal(world.index.requests.all.filter(({ route }) => route === "file").length, asked);
  });

  it("an old project's files are all baseline, and its next release is not", async () => {
    const old = Array.from({ length: 40 }, (_, minor) => `lantern-0.${minor}.tar.gz`);
    for (const [minor, file] of old.entries()) publish(`0.${minor}`, [file]);
    await watched();
    const rows = await world.rows("lantern");
    assert.deepEqual(
      new Set(rows.map((row) => `${row.verdict} ${row.authority}`)),
      new Set(["baseline first-seen"]),
    );
    assert.equal(rows.length, old.length);
    assert.deepEqual(world.told(), []);
    publish("1.0", [SDIST]);
    await world.settle();
    assert.deepEqual(world.told(), [`findings notice awaiting-record open ${SDIST}`]);
  });

  it("a file that joins an old baseline release is critical once grace is over", async () => {
    publish("1.0", [SDIST]);
    await watched();
    await world.pass(25 * HOUR, 25);
    publish("1.0", [WHEEL], "malware");
    await world.settle();
    await world.pass(16 * MINUTE, 4);
    assert.ok(world.told().includes(`findings critical unrecorded open ${WHEEL}`));
  });
});

/** Runs something once, between asking the journal's head and reading the first page after it. */
function racing(pages: Pages, meanwhile: () => void): Pages {
  let first = true;
  return {
    read: (project, ask) => {
      if (first) meanwhile();
      first = false;
      return pages.read(project, ask);
    },
  };
}

describe("an upload between an enrolment and its first look", () => {
  afterEach(() => world.close());

  it("does not make a whole project look new when one copy of its page is an old 404", async () => {
    await startHere();
    world.index.faults.freezePage("lantern", "gzip");
    publish("0.9", ["lantern-0.9.tar.gz"]);
    await watched({ strict: true });
    await world.pass(HOUR, 10);
    assert.equal(await world.verdict("lantern", "lantern-0.9.tar.gz"), "baseline listed");
    assert.deepEqual(world.told(), []);
  });

  it("is not baseline, though the first page shows it", async () => {
    let upload = (): void => {};
    await startHere({ around: (index) => ({ ...index, pages: racing(index.pages, () => upload()) }) });
    publish("0.9", ["lantern-0.9.tar.gz"]);
    upload = () => publish("1.0", [SDIST], "malware");
    await watched({ strict: true });
    assert.equal(await world.verdict("lantern", "lantern-0.9.tar.gz"), "baseline listed");
    assert.equal(await world.verdict("lantern", SDIST), "unrecorded listed");
    assert.deepEqual(world.told(), [`findings critical unrecorded open ${SDIST}`]);
  });

  for (const [what, spoil] of [
    ["pages", () => world.index.faults.spoil({ route: "simple-project" }, { kind: "unavailable" })],
    ["pages and journal", () => world.index.faults.spoil({}, { kind: "unavailable" })],
  ] as const)
    it(`is not baseline either when ${what} could not be read for an hour after the enrolment`, async () => {
      await startHere();
      publish("0.9", ["lantern-0.9.tar.gz"]);
      await world.settle();
      await world.enrol("lantern", { strict: true });
      const mend = spoil();
      await world.pass(30 * MINUTE, 30);
      publish("1.0", [SDIST], "malware");
      await world.pass(30 * MINUTE, 30);
      mend();
      await world.pass(30 * MINUTE, 30);
      assert.equal(await world.verdict("lantern", "lantern-0.9.tar.gz"), "baseline listed");
      assert.equal(await world.verdict("lantern", SDIST), "unrecorded listed");
      assert.deepEqual(toldFindings(), [`findings critical unrecorded open ${SDIST}`]);
    });
});
