import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { RoleChange } from "../../bin/sandbox/index/people.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { projectSubject } from "../../functions/domain/ledger.ts";
import { type Keys, startWorld, type World } from "../world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LANTERN = "lantern";
const [SDIST, WHEEL] = ["lantern-1.0.tar.gz", "lantern-1.0-py3-none-any.whl"] as const;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string): string => `${createHash("sha256").update(file).digest("hex")}  ${file}\n`;

let world: World;
let keys: Keys;

function publish(version: string, ...files: readonly string[]): void {
  world.index.publish({
    project: LANTERN,
    version,
    user: "alice",
    files: files.map((name) => ({ name, bytes: bytes(name) })),
  });
}

/** A project with one recorded release that matches, watched from before it. Pages are swept once an hour. */
async function released(policy: object = {}): Promise<void> {
  world = await startWorld({ settings: { sweepMs: HOUR } });
  await world.settle();
  keys = await world.enrol(LANTERN, policy);
  await world.settle();
  await world.record(LANTERN, keys.maintainer, line(SDIST) + line(WHEEL));
  publish("1.0", SDIST, WHEEL);
  await world.pass(2 * HOUR);
  assert.equal(await world.verdict(LANTERN, SDIST), "match listed");
  assert.deepEqual(told(), []);
}

const role = (change: Omit<RoleChange, "project">): void =>
  world.index.people.turn({ project: LANTERN, ...change });

/** What a subscriber was told about the project, by alert id: `severity verdict: note or journal entry`. */
function told(): string[] {
  const once = new Map(world.alerts.map((alert) => [alert.id, alert]));
  return [...once.values()]
    .filter(({ topic }) => topic === "findings")
    .map(({ severity, finding: { verdict, file, grounds } }) =>
      file === null
        ? `${severity} ${verdict}: ${grounds.note ?? grounds.entry}`
        : `${severity} ${verdict} ${file}`,
    );
}

/** How much is in the project's history: it is never pruned. */
const entries = async (): Promise<number> =>
  (await world.host.ports.ledger.read(projectSubject(LANTERN))).length;

const findingsOf = async (verdict: string): Promise<Finding[]> =>
  (await world.findings(LANTERN)).filter((each) => each.verdict === verdict);

const ask = async (path: string, key: string, body?: object): Promise<unknown> => {
  const asked = { method: body ? "POST" : "GET", headers: { authorization: `Bearer ${key}` } };
  const answer = await world.host.api.request(`/v1/projects/${LANTERN}${path}`, {
    ...asked,
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};

describe("a project's people, on the whole road", () => {
  beforeEach(() => released());
  afterEach(() => world.close());

  it("arrapi, November 2023: invited, accepted and the owner removed within three minutes, and nothing uploaded", async () => {
    role({ verb: "invite", role: "Owner", name: "mallory" });
    await world.pass(MINUTE, 1);
    role({ verb: "accepted", role: "Owner", name: "mallory" });
    await world.pass(MINUTE, 1);
    role({ verb: "remove", role: "Owner", name: "alice" });
    await world.pass(MINUTE, 1);
    const expected = [
      "warning ownership-changed: mallory was invited as Owner. Nothing changes until the invitation is accepted.",
      "warning ownership-changed: mallory accepted an invitation and is Owner from now on.",
      "warning ownership-changed: alice is no longer Owner.",
    ];
    assert.deepEqual(told(), expected);
    await world.pass(5 * HOUR, 30);
    assert.deepEqual(told(), expected, "the sweep sees the same owners, and says nothing twice");
    assert.equal(await world.verdict(LANTERN, SDIST), "match listed");
  });

  it("roles in one poll with an upload are told beside it", async () => {
    role({ verb: "accepted", role: "Maintainer", name: "mallory" });
    publish("1.1", "lantern-1.1.tar.gz");
    await world.settle();
    assert.deepEqual(told().sort(), [
      "notice awaiting-record lantern-1.1.tar.gz",
      "warning ownership-changed: mallory accepted an invitation and is Maintainer from now on.",
    ]);
  });

  it("roles are told while the page cannot be read", async () => {
    const spoil = world.index.faults.spoils.add({ route: "simple-project" }, { kind: "unavailable" });
    role({ verb: "add", role: "Owner", name: "The Night Shift", team: true });
    await world.settle();
    assert.deepEqual(told(), ["warning ownership-changed: The Night Shift was made Owner."]);
    world.index.faults.spoils.remove(spoil);
    await world.pass(HOUR);
    assert.equal(told().length, 1);
  });

  it("what no entry says is told by the sweep, once", async () => {
    const [alice, mallory] = [
      { role: "Owner", user: "alice" },
      { role: "Owner", user: "mallory" },
    ] as const;
    world.index.people.setRoles(LANTERN, [alice, mallory]);
    await world.settle();
    assert.deepEqual(told(), [], "nothing moves in the journal");
    await world.pass(2 * HOUR);
    const expected = [
      "warning ownership-changed: mallory is Owner now, and was nothing before. The journal has no entry that says so.",
    ];
    assert.deepEqual(told(), expected);
    const before = await entries();
    await world.pass(24 * HOUR, 48);
    assert.deepEqual(told(), expected);
    assert.equal(await entries(), before, "a look that changes nothing leaves nothing in the ledger");
    world.index.people.setRoles(LANTERN, [mallory]);
    await world.pass(2 * HOUR);
    assert.deepEqual(told().slice(1), [
      "warning ownership-changed: alice was Owner and is nothing now. The journal has no entry that says so.",
    ]);
  });

  it("the index is asked for its owners on the sweep's turn and on an entry, not on every look", async () => {
    const asked = (): number => world.index.requests.counts["project-json"] ?? 0;
    const before = asked();
    publish("1.1", "lantern-1.1.tar.gz");
    await world.settle();
    assert.equal(asked(), before);
    role({ verb: "invite", role: "Owner", name: "mallory" });
    await world.settle();
    assert.equal(asked(), before + 1);
    await world.pass(HOUR + MINUTE, 61);
    const swept = asked() - before - 1;
    assert.ok(swept >= 1 && swept <= 3, `${swept} in an hour, of which each look is swept once or twice`);
  });

  it("a name that was given up and taken again is told: its owner is another one", async () => {
    world.index.removeProject(LANTERN);
    await world.settle();
    world.index.publish({
      project: LANTERN,
      version: "2.0",
      user: "mallory",
      files: [{ name: "lantern-2.0.tar.gz", bytes: bytes("worse") }],
    });
    await world.settle();
    assert.deepEqual(told().sort(), [
      "notice awaiting-record lantern-2.0.tar.gz",
      `warning ownership-changed: The project was removed and created again: mallory is its owner now. A free name can be taken by anybody.`,
      `warning removed ${WHEEL}`,
      `warning removed ${SDIST}`,
    ]);
    await world.pass(3 * HOUR);
    assert.equal((await findingsOf("ownership-changed")).length, 1);
  });
});

describe("what becomes of a project, on the whole road", () => {
  afterEach(() => world.close());

  it("archived: only the sweep can see it, and says so once", async () => {
    await released();
    world.index.archive(LANTERN);
    await world.settle();
    assert.deepEqual(told(), []);
    await world.pass(2 * HOUR);
    const expected = ["notice archived: The journal does not name it: the project's page alone shows it."];
    assert.deepEqual(told(), expected);
    const before = await entries();
    await world.pass(24 * HOUR, 24);
    assert.deepEqual(told(), expected);
    assert.equal(await entries(), before);
    assert.equal(await world.verdict(LANTERN, SDIST), "match listed");
  });

  it("quarantined: told at once by its entry, with no file of it; cleared it is over, and told again when it comes again", async () => {
    await released();
    world.index.quarantineProject(LANTERN);
    await world.settle();
    assert.deepEqual(told(), [`notice quarantined: ${lastEntry()}`]);
    await world.pass(3 * HOUR, 6);
    assert.equal(await world.verdict(LANTERN, SDIST), "match hidden");
    world.index.clearProjectQuarantine(LANTERN);
    await world.pass(3 * HOUR, 6);
    assert.equal(await world.verdict(LANTERN, SDIST), "match listed");
    assert.equal(told().length, 1);
    world.index.quarantineProject(LANTERN);
    await world.settle();
    assert.deepEqual(told().slice(1), [`notice quarantined: ${lastEntry()}`]);
  });

  it("quarantined, where no entry says so: the page does, and its entry when it comes at last says it no second time", async () => {
    await released();
    const withheld = world.index.journal.head() ?? 0;
    const show = world.index.journal.withhold((row) => row.serial > withheld);
    world.index.quarantineProject(LANTERN);
    await world.pass(2 * HOUR);
    const expected = ["notice quarantined: The project's page says so; the journal has not said it yet."];
    assert.deepEqual(told(), expected);
    show();
    await world.pass(2 * HOUR);
    assert.deepEqual(told(), expected);
  });

  it("a page stuck before a quarantine takes nothing back", async () => {
    await released();
    world.index.quarantineProject(LANTERN);
    await world.settle();
    assert.equal(told().length, 1);
    world.index.clearProjectQuarantine(LANTERN);
    world.index.faults.freezePage(LANTERN, "gzip");
    world.index.quarantineProject(LANTERN);
    await world.pass(6 * HOUR, 12);
    assert.equal(told().length, 2, "two quarantines, whatever its copies show");
  });

  it("a release's quarantine names the release, and hides its files alone", async () => {
    await released();
    publish("1.1", "lantern-1.1.tar.gz");
    await world.record(LANTERN, keys.maintainer, line("lantern-1.1.tar.gz"));
    await world.settle();
    const before = told().length;
    world.index.quarantineRelease(LANTERN, "1.1");
    await world.settle();
    assert.deepEqual(told().slice(before), [
      "notice quarantined: The release 1.1 alone; others are untouched.",
    ]);
    const [finding] = await findingsOf("quarantined");
    assert.deepEqual([finding?.release, finding?.file], ["1.1", null]);
    await world.pass(2 * HOUR);
    assert.equal(await world.verdict(LANTERN, "lantern-1.1.tar.gz"), "match hidden");
    assert.equal(await world.verdict(LANTERN, SDIST), "match listed");
  });

  it("lightning, April 2026: quarantine comes while an upload is open, and ends nothing", async () => {
    await released({ strict: true });
    publish("2.6.2", "lantern-2.6.2.tar.gz");
    await world.settle();
    assert.deepEqual(told(), ["critical unrecorded lantern-2.6.2.tar.gz"]);
    world.index.quarantineProject(LANTERN);
    await world.pass(3 * HOUR, 6);
    assert.deepEqual(told(), [
      "critical unrecorded lantern-2.6.2.tar.gz",
      `notice quarantined: ${lastEntry()}`,
    ]);
    const states = (await world.findings(LANTERN)).map(({ verdict, state }) => `${verdict} ${state}`);
    assert.deepEqual(states.sort(), ["quarantined open", "unrecorded open"]);
  });

  it("ctx, May 2022: of a frozen project every removal is critical, and says by which entry", async () => {
    await released({ frozen: true });
    world.index.removeRelease(LANTERN, "1.0");
    await world.settle();
    assert.deepEqual(told().sort(), [`critical removed ${WHEEL}`, `critical removed ${SDIST}`]);
    for (const finding of await findingsOf("removed"))
      assert.match(finding.grounds.entry ?? "", /^remove release /);
    for (const file of [SDIST, WHEEL]) assert.equal(await world.verdict(LANTERN, file), "match removed");
  });

  it("a removed project: every file that was listed is removed by that entry", async () => {
    await released();
    world.index.removeProject(LANTERN);
    await world.settle();
    assert.deepEqual(told().sort(), [`warning removed ${WHEEL}`, `warning removed ${SDIST}`]);
    for (const finding of await findingsOf("removed"))
      assert.match(finding.grounds.entry ?? "", /^remove project /);
  });

  it("is judged for each watcher from where that watch began", async () => {
    await released();
    world.index.quarantineProject(LANTERN);
    role({ verb: "add", role: "Owner", name: "mallory" });
    await world.settle();
    const second = await world.enrol(LANTERN);
    await world.pass(HOUR, 6);
    const whose = (await world.findings(LANTERN)).map(({ enrolment, verdict }) => [
      verdict,
      enrolment === second.id,
    ]);
    assert.deepEqual(whose.sort(), [
      ["ownership-changed", false],
      ["quarantined", false],
      ["quarantined", true],
    ]);
  });

  for (const [what, begin, end] of [
    ["a project", "quarantineProject", "clearProjectQuarantine"],
    ["a release", "quarantineRelease", "clearReleaseQuarantine"],
  ] as const)
    it(`${what} in quarantine when a watch begins is no news when it ends, and an upload since is`, async () => {
      world = await startWorld({ settings: { sweepMs: HOUR } });
      publish("1.0", SDIST, WHEEL);
      world.index[begin](LANTERN, "1.0");
      await world.settle();
      await world.enrol(LANTERN, { strict: true });
      await world.pass(HOUR, 6);
      const before =
        what === "a project"
          ? ["notice quarantined: The project's page says so; the journal has not said it yet."]
          : [];
      assert.deepEqual(told(), before);
      publish("1.0", "lantern-1.0-1-py3-none-any.whl");
      world.index[end](LANTERN, "1.0");
      await world.pass(3 * HOUR);
      assert.deepEqual(told().slice(before.length), ["critical unrecorded lantern-1.0-1-py3-none-any.whl"]);
      assert.equal(await world.verdict(LANTERN, SDIST), "baseline listed");
    });

  it("a finding about it is listed, read, acknowledged, resolved and remembered like any other", async () => {
    await released();
    role({ verb: "accepted", role: "Owner", name: "mallory" });
    await world.settle();
    const [finding] = await findingsOf("ownership-changed");
    assert.ok(finding !== undefined);
    assert.equal(((await ask(`/findings/${finding.id}`, keys.maintainer)) as Finding).file, null);
    await ask(`/findings/${finding.id}/acknowledge`, keys.maintainer, { note: "looking" });
    await ask(`/findings/${finding.id}/resolve`, keys.maintainer, { note: "a colleague" });
    await world.settle();
    const [resolved] = await findingsOf("ownership-changed");
    assert.deepEqual([resolved?.state, resolved?.acknowledged?.note], ["resolved", "looking"]);
    assert.equal(world.alerts.at(-1)?.finding.state, "resolved");
    const { entries: history } = (await ask(`/findings/${finding.id}/history`, keys.maintainer)) as {
      entries: { kind: string; what: string }[];
    };
    assert.deepEqual(
      history.map(({ kind }) => kind),
      ["sighted", "published", "told", "told", "published"],
    );
    assert.equal(history[0]?.what, "Seen: ownership-changed is open.");
    const explained = (await ask(`/findings/${finding.id}/explanation`, keys.maintainer)) as {
      layers: string[];
    };
    assert.deepEqual(explained.layers, ["index", "journal"]);
    const { entries: chained } = (await ask(`/findings/${finding.id}/ledger`, keys.maintainer)) as {
      entries: unknown[];
    };
    assert.equal(chained.length, await entries());
    await ask(`/findings/${finding.id}/evidence`, keys.maintainer);
    await world.pass(24 * HOUR, 24);
    assert.equal((await findingsOf("ownership-changed"))[0]?.state, "resolved", "and it stays so");
  });

  it("of one watcher is not in what another reads of the project's history, nor that they watch it", async () => {
    await released();
    const second = await world.enrol(LANTERN);
    await world.pass(HOUR, 6);
    role({ verb: "accepted", role: "Owner", name: "mallory" });
    await world.settle();
    const own = (await findingsOf("ownership-changed")).find(({ enrolment }) => enrolment === second.id);
    const history = JSON.stringify(await ask(`/findings/${own?.id}/ledger`, second.maintainer));
    assert.ok(history.includes(second.id) && history.includes("mallory"));
    assert.ok(!history.includes(keys.id));
  });

  it("is everybody's to read once a page has shown the project, but not who said what of it", async () => {
    await released();
    role({ verb: "accepted", role: "Owner", name: "mallory" });
    await world.settle();
    const answer = await world.host.api.request(`/v1/projects/${LANTERN}/findings`);
    const { findings } = (await answer.json()) as { findings: Finding[] };
    assert.deepEqual(
      findings.map(({ verdict, grounds }) => [verdict, grounds.entry?.startsWith("accepted Owner mallory")]),
      [["ownership-changed", true]],
    );
  });

  function lastEntry(): string {
    const row = world.index.journal.rows.findLast(({ action }) => action === "project quarantined");
    return `project quarantined (serial ${row?.serial})`;
  }
});

describe("a watch that begins while the journal lies about its head", () => {
  afterEach(() => world.close());

  it("waits for a head that can be, and is told who was made an owner since", async () => {
    let lie: number | null = null;
    world = await startWorld({
      around: (index) => ({
        ...index,
        journal: { ...index.journal, head: async () => lie ?? index.journal.head() },
      }),
    });
    publish("1.0", SDIST);
    await world.settle();
    lie = Number.MAX_SAFE_INTEGER;
    await world.enrol(LANTERN);
    await world.pass(MINUTE, 6);
    lie = null;
    await world.pass(10 * MINUTE, 20);
    role({ verb: "add", role: "Owner", name: "mallory" });
    await world.pass(MINUTE, 2);
    assert.deepEqual(told(), ["warning ownership-changed: mallory was made Owner."]);
  });
});
