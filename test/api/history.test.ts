import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type {
  EnrolledAnswer,
  HistoryAnswer,
  InvitedAnswer,
  KeyAddedAnswer,
} from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { asks, done, historyOf, passDelay, pathOf, refusal } from "./changing.ts";
import { A, openWorld, SDIST, type World } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

const CONTACT = { kind: "webhook", address: "https://pager.example/" };

/** A watcher who was invited and did everything that there is to do, with whose key. */
async function longLife() {
  const world = await openWorld();
  const operator = { key: world.operator };
  const { invitation } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", {
    ...operator,
    json: { project: "six" },
  });
  const own = await done<EnrolledAnswer>(world, "POST", "/v1/enrolments", {
    key: invitation,
    json: { project: "six", watcher: "the developer" },
  });
  const at = pathOf(own);
  const mine = { key: own.keys.maintainer };
  const policy = await done(world, "PATCH", `${at}/policy`, {
    ...mine,
    json: { strict: true, graceMinutes: 60 },
  });
  await done(world, "POST", `${at}/contacts`, { ...mine, json: CONTACT });
  const waiting = policy.changes.find(({ inForceAt, askedAt }) => inForceAt > askedAt)?.id;
  await done(world, "DELETE", `${at}/changes/${waiting}`, operator);
  const { key: second } = await done<KeyAddedAnswer>(world, "POST", `${at}/credentials`, {
    ...mine,
    json: { kind: "maintainer", name: "laptop" },
  });
  await world.app.request("/v1/projects/six/records", {
    method: "POST",
    headers: { Authorization: `Bearer ${own.keys.ci}` },
    body: `${A}  ${SDIST}\n`,
  });
  passDelay(world);
  const json = { file: SDIST, digest: A, reason: "wrong build" };
  await done(world, "POST", "/v1/projects/six/records/withdraw", { key: second, json });
  await done(world, "DELETE", `${at}/credentials/${idIn(own.keys.ci)}`, { key: second });
  await done(world, "DELETE", at, operator);
  return { world, own, at, mine, second, invitation };
}

const read = (world: World, at: string, key: string, query = ""): Promise<HistoryAnswer> =>
  done(world, "GET", `${at}/history${query}`, { key });

suite("an enrolment's history", () => {
  test("tells every write, in its order, in words and by whom", async () => {
    const { world, own, at, mine, second, invitation } = await longLife();
    const { project, enrolment, entries, next } = await read(world, at, mine.key);
    assert.deepEqual([project, enrolment, next], ["six", own.id, null]);
    const [maintainer, ci] = [idIn(own.keys.maintainer), idIn(own.keys.ci)];
    const name = (id: string | null): string =>
      ({
        [maintainer]: "first",
        [ci]: "ci",
        [idIn(second)]: "second",
        [idIn(world.operator)]: "operator",
        [idIn(invitation)]: "invitation",
      })[id ?? ""] ?? String(id);
    const said = entries.map(({ kind, by, what }) => `${kind} by ${name(by)}: ${what.split(/[.:,(] ?/)[0]}`);
    assert.deepEqual(said, [
      "enrolled by invitation: Enrolled",
      "amended by first: Policy",
      "amended by first: Policy",
      "amended by first: Contact added",
      "cancelled by operator: Taken back",
      'amended by first: New maintainer key "laptop" ',
      "recorded by ci: 1 record made",
      "withdrawn by second: 1 record withdrawn",
      "amended by second: Key revoked",
      "amended by operator: The watch ends",
    ]);
    assert.deepEqual(
      entries.map(({ number }) => number),
      entries.map((_, index) => index + 1),
    );
    const kept = await historyOf(world, own);
    assert.deepEqual(
      entries.map(({ hash, at: when }) => [hash, when]),
      kept.map(({ hash, at: when }) => [hash, when]),
    );
  });

  test("says of a change what it changed from, long after", async () => {
    const { world, at, mine } = await longLife();
    const { entries } = await read(world, at, mine.key);
    assert.match(
      entries[1]?.what ?? "",
      /^Policy: strict from false to true\. .* In force from 2026-11-22T12:00/,
    );
    assert.match(
      entries[2]?.what ?? "",
      /^Policy: graceMinutes from 15 to 60\. .* In force from 2026-11-23T12:00/,
    );
    assert.match(
      entries[4]?.what ?? "",
      new RegExp(/change (\w+)\./.exec(entries[2]?.what ?? "")?.[1] ?? "?"),
    );
  });

  test("is read page by page, each entry once, whatever is added meanwhile", async () => {
    const { world, at, mine, own } = await longLife();
    const pages: HistoryAnswer[] = [];
    let query = "?limit=3";
    while (pages.length < 20) {
      const page = await read(world, at, mine.key, query);
      pages.push(page);
      if (page.next === null) break;
      if (pages.length === 1) await done(world, "PATCH", `${at}/policy`, { ...mine, json: { frozen: true } });
      query = `?limit=3&after=${page.next}`;
    }
    const all = pages.flatMap(({ entries }) => entries.map(({ hash }) => hash));
    assert.deepEqual(
      all,
      (await historyOf(world, own)).map(({ hash }) => hash),
    );
    assert.equal(all.length, 11);
    assert.deepEqual(
      pages.map(({ entries }) => entries.length),
      [3, 3, 3, 2],
    );
  });

  test("ends with its last entry: no empty page behind a full one", async () => {
    const { world, at, mine } = await longLife();
    assert.equal((await read(world, at, mine.key, "?limit=10")).next, null);
    const { entries, next } = await read(world, at, mine.key, "?limit=9");
    assert.deepEqual([entries.length, next === null], [9, false]);
  });

  for (const query of ["limit=0", "limit=1001", "limit=x", "after=x", "after=-1", "afer=1", "after=1e3"])
    test(`refuses ?${query}`, async () => {
      const { world, at, mine } = await longLife();
      assert.equal(await refusal(world, "GET", `${at}/history?${query}`, mine), "bad-query");
    });

  test("holds no secret, and is not for others to read", async () => {
    const { world, at, own } = await longLife();
    const answer = await asks(world, "GET", `${at}/history`, { key: world.operator });
    const text = await answer.text();
    for (const key of [own.keys.maintainer, own.keys.ci, world.operator])
      assert.ok(!text.includes(parseKey(key)?.secret ?? "?"));
    const stranger = await done<EnrolledAnswer>(world, "POST", "/v1/enrolments", {
      key: world.operator,
      json: { project: "six" },
    });
    assert.equal(await refusal(world, "GET", `${at}/history`), "missing-key");
    const other = { key: stranger.keys.maintainer };
    assert.equal(await refusal(world, "GET", `${at}/history`, other), "wrong-project-key");
  });
});
