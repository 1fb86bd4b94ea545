import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isLive } from "../../functions/domain/enrolments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import { after } from "../../functions/domain/instants.ts";
import { artifactSubject, brokenAt, enrolmentSubject } from "../../functions/domain/ledger.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { finding } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, B, openWorld, post, SDIST, WHEEL, type World } from "./world.ts";

const RECORDS = "/v1/projects/six/records";
const WITHDRAW = `${RECORDS}/withdraw`;

interface Scene {
  readonly faulty: FaultyWrites;
  readonly world: World;
  readonly id: string;
  readonly ask: () => Promise<Response>;
}

/** A watcher who has recorded A for the sdist, and what is asked next. */
async function scene(path: string, body: string, before: readonly string[] = []): Promise<Scene> {
  const faulty = new FaultyWrites();
  const world = await openWorld(faulty.through);
  const { maintainer: key, id } = await watcher(world);
  for (const each of [`${A}  ${SDIST}\n`, ...before])
    assert.ok((await post(world, RECORDS, { key, body: each })).ok);
  world.kept.alerts.length = 0;
  world.kept.changes.length = 0;
  faulty.arm(null);
  return { faulty, world, id, ask: () => post(world, path, { key, body }) };
}

const bodiesOf = async ({ world: { ports } }: Scene, subject: string) => {
  const history = await ports.ledger.read(subject);
  assert.equal(brokenAt(history), null);
  return history.map(({ body }) => body);
};

const claims = (records: readonly { file: string; digest: string }[]): string[] =>
  records.map(({ file, digest }) => `${file} ${digest.slice(7, 9)}`).sort();

/** Everything that must be the same however often something failed on the way. */
async function leftBy(of: Scene) {
  const { world, id } = of;
  const { kept } = world;
  const enrolment = await bodiesOf(of, enrolmentSubject(id));
  const artifact = await bodiesOf(of, artifactSubject("six", SDIST));
  const told = artifact.flatMap((body) => (body.kind === "told" ? body.finding : []));
  return {
    live: claims(kept.records.filter(isLive)),
    recorded: claims(enrolment.flatMap((body) => (body.kind === "recorded" ? body.records : []))),
    withdrawn: claims(enrolment.flatMap((body) => (body.kind === "withdrawn" ? body.records : []))),
    told: told.map(({ verdict, state, opening, acknowledged, resolvedBy }) => ({
      said: `${verdict} ${state} ${opening}`,
      by: [acknowledged?.note, resolvedBy?.note],
    })),
    alerts: [...new Set(kept.alerts.map(alertId))].length,
    shown: [...kept.findings.values()].map((each) => `${each.finding.verdict} ${each.finding.state}`),
    manifests: kept.manifests.size,
    named: [...new Set(kept.changes.flatMap(({ files }) => files))].sort(),
    unflushed: kept.unflushed,
  };
}

/** Asks with each write failing in both ways, then once more, later. `mid` holds in between. */
function tryAll(
  open: () => Promise<Scene>,
  writes: readonly string[],
  mid: (of: Scene) => Promise<void> = async () => {},
): void {
  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}`, async () => {
        const clean = await open();
        assert.ok((await clean.ask()).ok);
        const of = await open();
        of.faulty.arm({ nth: index + 1, mode });
        assert.equal((await of.ask()).status, 500);
        assert.equal(of.faulty.names.at(-1), name);
        await mid(of);
        of.faulty.arm(null);
        of.world.kept.now = after(of.world.kept.now, 60_000);
        assert.ok((await of.ask()).ok);
        await mid(of);
        assert.deepEqual(await leftBy(of), await leftBy(clean));
      });
  test("these are all of its writes", async () => {
    const of = await open();
    assert.ok((await of.ask()).ok);
    assert.deepEqual(of.faulty.names, writes);
    assert.equal(of.world.kept.unflushed, 0);
  });
}

/** What is live on record was told in the history before; what contradicts another was sent to alert before. */
async function nothingActsUntold(of: Scene): Promise<void> {
  const left = await leftBy(of);
  const live = new Set(left.live);
  for (const claim of live) assert.ok(left.recorded.includes(claim), `${claim} acts and nobody was told`);
  const ofSdist = left.live.filter((claim) => claim.startsWith(SDIST));
  if (ofSdist.length > 1) assert.equal(left.alerts, 1, "two digests act, and no alert says so");
  for (const { manifest } of of.world.kept.records)
    assert.ok(
      of.world.kept.manifests.has(`${of.id} ${manifest}`),
      "a record names a manifest that is not there",
    );
}

suite("a submission that fails at one write and is repeated ends as one that did not", () => {
  const TELL = ["ledger.append", "view.putFindings", "alerts.send"];
  const END = ["records.append", "changes.send", "durability.flush"];
  suite("where nothing is contested", () => {
    const open = () => scene(RECORDS, `${A}  ${SDIST}\n${B}  ${WHEEL}\n`);
    tryAll(open, ["manifests.keep", "ledger.append", ...END], nothingActsUntold);
  });
  suite("where a file has two digests then", () => {
    const open = () => scene(RECORDS, `${B}  ${SDIST}\n${B}  ${WHEEL}\n`);
    tryAll(open, ["manifests.keep", "ledger.append", ...TELL, ...END], nothingActsUntold);
  });
});

suite("a withdrawal that fails at one write and is repeated ends as one that did not", () => {
  const open = () => scene(WITHDRAW, JSON.stringify({ file: SDIST, digest: A, reason: "wrong build" }));
  const writes = ["ledger.append", "ledger.append", "view.putFindings", "alerts.send", "records.withdraw"];
  tryAll(open, [...writes, "changes.send", "durability.flush"], async (of) => {
    const { live, withdrawn, alerts } = await leftBy(of);
    if (live.length > 0) return;
    assert.deepEqual([withdrawn.length, alerts], [1, 1], "it acts, and nobody was told");
  });
});

suite("a word on a finding that fails at one write and is repeated ends as one that did not", () => {
  const contested = async (word: string): Promise<Scene> => {
    const of = await scene(RECORDS, "", [`${B}  ${SDIST}\n`]);
    const [{ finding: told } = { finding: finding() }] = of.world.kept.findings.values();
    const { id, state } = told;
    const subject = artifactSubject("six", SDIST);
    const last = (await of.world.ports.ledger.read(subject)).at(-1) ?? null;
    const published = { kind: "published", alert: alertId(told), finding: id, state } as const;
    await of.world.ports.ledger.append(subject, last, published);
    const path = `/v1/projects/six/findings/${id}/${word}`;
    // The use of a key is noted once an hour, which is no part of what is tried here.
    await post(of.world, "/v1/projects/six/findings/none/acknowledge", { key: of.world.operator });
    of.faulty.arm(null);
    const ask = () => post(of.world, path, { key: of.world.operator, body: '{"note": "looked at it"}' });
    return { ...of, ask };
  };
  suite("of acknowledgement", () => {
    tryAll(() => contested("acknowledge"), ["ledger.append", "view.putFindings", "durability.flush"]);
  });
  suite("of resolution", () => {
    const open = () => contested("resolve");
    tryAll(open, ["ledger.append", "view.putFindings", "alerts.send", "durability.flush"]);
  });
});

test("a finding whose alert was lost is sent again by whoever speaks of it next", async () => {
  const of = await scene(RECORDS, "");
  const lost = finding({ id: "lost", enrolment: of.id });
  const subject = artifactSubject("six", SDIST);
  const { number } = await of.world.ports.ledger.append(subject, null, { kind: "told", finding: lost });
  await of.world.ports.view.putFindings([lost], number);
  const path = "/v1/projects/six/findings/lost/acknowledge";
  assert.equal((await post(of.world, path, { key: of.world.operator })).status, 200);
  assert.deepEqual(of.world.kept.alerts.map(alertId), [alertId(lost)]);
});
