import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { alertId, type Finding } from "../../functions/domain/findings.ts";
import { after } from "../../functions/domain/instants.ts";
import { artifactSubject, enrolmentSubject } from "../../functions/domain/ledger.ts";
import { aboutProject } from "../../functions/domain/monitor.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import { findingsOf, subjectOf } from "../../functions/domain/told.ts";
import { FindingAnswer } from "../../functions/records/answers/findings.ts";
import { finding, row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { assertRefused, get, jsonOf, openWorld, post, SDIST, WHEEL, type World } from "./world.ts";

const path = (id: string, word = ""): string => `/v1/projects/six/findings/${id}${word && `/${word}`}`;

/** Tells these findings as compare does: into the history of their artifact, then the view. */
async function tell({ ports }: World, ...findings: readonly Finding[]): Promise<void> {
  for (const each of findings) {
    const subject = subjectOf(each);
    const last = (await ports.ledger.read(subject)).at(-1) ?? null;
    const { number } = await ports.ledger.append(subject, last, { kind: "told", finding: each });
    await ports.view.putFindings([each], number);
  }
  await ports.durability.flush();
}

async function foundWorld() {
  const world = await openWorld();
  const [one, other] = [await watcher(world), await watcher(world)];
  await world.ports.view.put([row({ enrolment: one.id }), row({ enrolment: other.id })]);
  const mine = finding({ id: "mine", enrolment: one.id });
  const theirs = finding({ id: "theirs", enrolment: other.id });
  await tell(world, mine, theirs);
  const say = async (id: string, word: string, key: string | null, note: unknown = "looked at it") =>
    post(world, path(id, word), { key, body: JSON.stringify({ note }) });
  const said = async (id: string, word: string, key: string | null, note?: string) => {
    const answer = await say(id, word, key, note);
    assert.equal(answer.status, 200);
    return FindingAnswer.parse(await answer.json());
  };
  return { world, one, other, mine, theirs, say, said };
}

const maintainerOf = ({ enrolment }: Awaited<ReturnType<typeof watcher>>): string =>
  enrolment.credentials.find(({ kind }) => kind === "maintainer")?.id ?? "";

const latestOf = async ({ ports }: World, finding: Finding) =>
  findingsOf(await ports.ledger.read(subjectOf(finding))).get(finding.id);

suite("acknowledging a finding", () => {
  test("says who saw it and when, tells nobody, and leaves it open", async () => {
    const { world, one, mine, said } = await foundWorld();
    const { acknowledged, state, changedAt } = await said("mine", "acknowledge", one.maintainer);
    const word = { at: world.kept.now, by: maintainerOf(one), note: "looked at it" };
    assert.deepEqual([acknowledged, state, changedAt], [word, "open", mine.changedAt]);
    assert.deepEqual((await latestOf(world, mine))?.acknowledged, word);
    assert.deepEqual(world.kept.findings.get("mine")?.finding.acknowledged, word);
    const entry = (await world.ports.ledger.read(artifactSubject("six", SDIST))).at(-1);
    assert.ok(entry?.body.kind === "told");
    assert.equal(entry.body.by, maintainerOf(one));
    assert.equal(world.kept.unflushed, 0);
  });

  test("needs no note, and no body", async () => {
    const { world, one } = await foundWorld();
    const answer = await post(world, path("mine", "acknowledge"), { key: one.maintainer });
    assert.equal((await jsonOf<FindingAnswer>(answer)).acknowledged?.note, "");
  });

  test("a second time changes nothing: the first word stays", async () => {
    const { world, one, said } = await foundWorld();
    const first = await said("mine", "acknowledge", one.maintainer);
    const length = (await world.ports.ledger.read(artifactSubject("six", SDIST))).length;
    world.kept.now = after(world.kept.now, 60_000);
    assert.deepEqual(await said("mine", "acknowledge", world.operator, "me too"), first);
    assert.equal((await world.ports.ledger.read(artifactSubject("six", SDIST))).length, length);
  });

  test("of one that is over is refused", async () => {
    const { world, one, say } = await foundWorld();
    await tell(world, finding({ id: "over", enrolment: one.id, state: "resolved" }));
    for (const word of ["acknowledge", "resolve"])
      await assertRefused(await say("over", word, one.maintainer), { code: "already-resolved", status: 409 });
  });
});

suite("resolving a finding", () => {
  test("says who is done with it and why, and is told like any other end", async () => {
    const { world, one, mine, said } = await foundWorld();
    await said("mine", "acknowledge", one.maintainer, "seen");
    world.kept.alerts.length = 0;
    world.kept.now = after(world.kept.now, 60_000);
    const { state, changedAt, resolvedBy, acknowledged } = await said("mine", "resolve", one.maintainer);
    assert.deepEqual([state, changedAt, acknowledged?.note], ["resolved", world.kept.now, "seen"]);
    assert.deepEqual(resolvedBy, { at: world.kept.now, by: maintainerOf(one), note: "looked at it" });
    const [alert] = world.kept.alerts;
    assert.deepEqual([alert?.id, alert?.state], ["mine", "resolved"]);
    assert.notEqual(alertId(alert ?? mine), alertId(mine));
    assert.equal((await latestOf(world, mine))?.state, "resolved");
    assert.equal(world.kept.unflushed, 0);
  });

  test("needs a reason", async () => {
    const { world, one, say } = await foundWorld();
    const before = world.stored();
    for (const note of [null, "", "x".repeat(501), 7])
      await assertRefused(await say("mine", "resolve", one.maintainer, note), {
        code: "bad-request",
        status: 422,
      });
    assert.equal(world.stored(), before);
  });

  test("by two at once is one word", async () => {
    const { world, one, mine, said } = await foundWorld();
    const [a, b] = await Promise.all([
      said("mine", "resolve", one.maintainer, "a"),
      said("mine", "resolve", world.operator, "b"),
    ]);
    assert.deepEqual(a.resolvedBy, b.resolvedBy);
    assert.equal((await latestOf(world, mine))?.resolvedBy?.note, a.resolvedBy?.note);
  });

  test("takes the state from the history, not from a view that is behind", async () => {
    const { world, one, mine, said } = await foundWorld();
    const graver: Finding = { ...mine, opening: 2, changedAt: world.kept.now };
    const subject = artifactSubject("six", SDIST);
    const last = (await world.ports.ledger.read(subject)).at(-1) ?? null;
    await world.ports.ledger.append(subject, last, { kind: "told", finding: graver });
    assert.equal((await said("mine", "resolve", one.maintainer)).opening, 2);
  });
});

suite("a word on a finding is its own watcher's or the operator's", () => {
  test("nobody else's", async () => {
    const { world, one, other, say } = await foundWorld();
    const before = world.stored();
    for (const word of ["acknowledge", "resolve"]) {
      await assertRefused(await say("mine", word, null), { code: "missing-key", status: 401 });
      await assertRefused(await say("mine", word, one.ci), { code: "wrong-key-kind", status: 403 });
      await assertRefused(await say("mine", word, other.maintainer), {
        code: "wrong-project-key",
        status: 403,
      });
      await assertRefused(await say("none", word, one.maintainer), { code: "no-such-finding", status: 404 });
    }
    assert.equal(world.stored(), before);
  });

  test("and of what no page has shown, nobody else learns that it is there", async () => {
    const { world, one, other, say } = await foundWorld();
    await tell(world, finding({ id: "secret", enrolment: one.id, file: WHEEL }));
    for (const key of [null, one.ci, other.maintainer]) {
      const hidden = await get(world, path("secret"), { key });
      assert.equal(await hidden.text(), await (await get(world, path("none"), { key })).text());
      assert.equal(hidden.status, 404);
    }
    await assertRefused(await say("secret", "resolve", other.maintainer), {
      code: "no-such-finding",
      status: 404,
    });
    assert.equal((await say("secret", "resolve", one.maintainer)).status, 200);
  });

  test("of one about the enrolment itself, which stands in its history and in no list", async () => {
    const { world, one, other, say, said } = await foundWorld();
    const drill = aboutDrill(one.enrolment, world.kept.now, "key-1");
    const subject = enrolmentSubject(one.id);
    const last = (await world.ports.ledger.read(subject)).at(-1) ?? null;
    await world.ports.ledger.append(subject, last, { kind: "drilled", finding: drill, by: "key-1" });
    await assertRefused(await say(drill.id, "acknowledge", other.maintainer), {
      code: "no-such-finding",
      status: 404,
    });
    assert.equal((await said(drill.id, "acknowledge", one.maintainer)).acknowledged?.note, "looked at it");
    assert.equal((await said(drill.id, "resolve", world.operator)).state, "resolved");
  });

  test("of one about the monitor and no watcher only the operator's", async () => {
    const { world, one, say, said } = await foundWorld();
    const unread = aboutProject("six", null, world.kept.now, true);
    await tell(world, unread);
    await assertRefused(await say(unread.id, "resolve", one.maintainer), {
      code: "no-such-finding",
      status: 404,
    });
    assert.equal((await said(unread.id, "resolve", world.operator)).state, "resolved");
  });

  test("and who it was, and in what words, nobody else reads", async () => {
    const { world, one, other, said } = await foundWorld();
    await said("mine", "acknowledge", one.maintainer, "Mallory did it");
    await said("mine", "resolve", one.maintainer, "Mallory did it");
    for (const key of [null, one.ci, other.maintainer]) {
      for (const url of [path("mine"), "/v1/projects/six/findings"]) {
        const text = await (await get(world, url, { key })).text();
        assert.match(text, /"resolvedBy":\{"at":"[^"]+","by":null,"note":null\}/);
        assert.ok(!text.includes("Mallory") && !text.includes(maintainerOf(one)) && !text.includes('"to"'));
      }
    }
    for (const key of [one.maintainer, world.operator])
      assert.match(await (await get(world, path("mine"), { key })).text(), /Mallory/);
  });
});

suite("findings of several watchers of one file", () => {
  const act = fc.record({
    id: fc.constantFrom("mine", "theirs"),
    word: fc.constantFrom("acknowledge", "resolve"),
    by: fc.constantFrom("one", "other", "operator" as const),
  });

  test("are never changed by what is said of another's", async () => {
    let words = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 6 }), async (acts) => {
        const { world, one, other, mine, theirs, say } = await foundWorld();
        const keys = { one: one.maintainer, other: other.maintainer, operator: world.operator };
        const all = [mine, theirs];
        for (const { id, word, by } of acts) {
          const before = await Promise.all(all.map((each) => latestOf(world, each)));
          const { status } = await say(id, word, keys[by as keyof typeof keys]);
          const now = await Promise.all(all.map((each) => latestOf(world, each)));
          const untouched = id === "mine" ? 1 : 0;
          assert.deepEqual(now[untouched], before[untouched]);
          const isForeign = (id === "mine" && by === "other") || (id === "theirs" && by === "one");
          if (isForeign) assert.deepEqual([status, now], [403, before]);
          else words += 1;
          const shown = all.map(({ id: of }) => world.kept.findings.get(of)?.finding);
          assert.deepEqual(shown, now);
        }
      }),
      { numRuns: 100 },
    );
    assert.ok(words > 100, `only ${words} words were heard`);
  });
});
