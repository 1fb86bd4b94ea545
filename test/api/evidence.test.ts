import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MOST_RANGE_BYTES } from "../../functions/api/ranges.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import { brokenAt, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { EvidenceAnswer, FindingLedgerAnswer } from "../../functions/records/answers/evidence.ts";
import { FILE, GENUINE, THIRD } from "../domain/perfect.ts";
import {
  CUT,
  evidenceScene,
  FIRST_PAGE,
  item,
  LARGE,
  MINE,
  PAGE,
  PROJECT,
  SUBJECT,
  THEIRS,
  UNNAMED_PAGE,
  WRONG,
} from "./evidence-scene.ts";
import { assertRefused, get, type World } from "./world.ts";

const path = (rest: string): string => `/v1/projects/${PROJECT}/findings/${MINE}/${rest}`;

async function listOf(world: World, key: string): Promise<EvidenceAnswer> {
  const answer = await get(world, path("evidence"), { key });
  assert.equal(answer.status, 200);
  return EvidenceAnswer.parse(await answer.json());
}

suite("the evidence of a finding", () => {
  test("lists bytes with the attempt that got them, whole or cut, or refused by a cap", async () => {
    const { world, own } = await evidenceScene();
    const { bytes, file, finding: id } = await listOf(world, own.maintainer);
    assert.deepEqual([file, id], [FILE, MINE]);
    assert.deepEqual(
      bytes.map(({ digest, origin, whole, refused, attempt: got }) => [
        digest,
        origin,
        whole,
        refused,
        got?.number,
      ]),
      [
        [sha256(WRONG), "attempt", true, null, 2],
        [THIRD, "attempt", true, "day", undefined],
        [sha256(LARGE), "this-finding", true, null, undefined],
        [sha256(CUT), "another-finding", false, null, undefined],
      ],
    );
    assert.deepEqual([bytes[0]?.attempt?.of, bytes[0]?.attempt?.address], [2, "192.0.2.1"]);
  });

  test("lists each page once, with why, and the entries that concern the file", async () => {
    const { world, own } = await evidenceScene();
    const { pages, entries, entriesLeftOut, ledger } = await listOf(world, own.maintainer);
    assert.deepEqual(pages, [
      { digest: sha256(FIRST_PAGE), sizeBytes: FIRST_PAGE.length, why: ["baseline", "first-seen", "judged"] },
      { digest: sha256(PAGE), sizeBytes: PAGE.length, why: ["finding"] },
    ]);
    assert.deepEqual(
      entries.map(({ serial, text }) => [serial, text]),
      [[101, `add source file ${FILE}`]],
    );
    assert.deepEqual([entriesLeftOut, ledger], [0, { subject: SUBJECT, entries: 4 }]);
  });

  test("lists the records of its own enrolment, and no other's", async () => {
    const { world, own } = await evidenceScene();
    const { records } = await listOf(world, own.maintainer);
    assert.deepEqual(
      records.map(({ digest, credential }) => [digest, credential]),
      [[GENUINE, "key-1"]],
    );
  });

  test("of a page that is not kept any more says so", async () => {
    const { world, own } = await evidenceScene();
    world.kept.bodies.delete(`page ${sha256(PAGE)}`);
    const { pages } = await listOf(world, own.maintainer);
    assert.deepEqual(pages.at(-1), { digest: sha256(PAGE), sizeBytes: null, why: ["finding"] });
  });
});

suite("the bytes of evidence", () => {
  const ask = async (world: World, key: string, digest: string, range?: string) =>
    world.app.request(path(`evidence/${digest}`), {
      headers: { Authorization: `Bearer ${key}`, ...(range === undefined ? {} : { Range: range }) },
    });

  test("come as they are kept, as nothing that a browser would open", async () => {
    const { world, own } = await evidenceScene();
    const answer = await ask(world, own.maintainer, sha256(WRONG));
    assert.deepEqual([answer.status, await answer.text()], [200, "0123456789"]);
    assert.equal(answer.headers.get("Content-Type"), "application/octet-stream");
    assert.equal(
      answer.headers.get("Content-Disposition"),
      `attachment; filename="${sha256(WRONG).slice(7)}"`,
    );
    assert.equal(answer.headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(answer.headers.get("Cache-Control"), "no-store");
  });

  for (const [range, bytes, said] of [
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-30", "0123456789", "bytes 0-9/10"],
    ["bytes=8-4000", "89", "bytes 8-9/10"],
  ] as const)
    test(`come in parts: ${range}`, async () => {
      const { world, own } = await evidenceScene();
      const answer = await ask(world, own.maintainer, sha256(WRONG), range);
      assert.deepEqual(
        [answer.status, answer.headers.get("Content-Range"), await answer.text()],
        [206, said, bytes],
      );
    });

  for (const range of ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=4-2"])
    test(`are refused where the range is of none: ${range}`, async () => {
      const { world, own } = await evidenceScene();
      const answer = await ask(world, own.maintainer, sha256(WRONG), range);
      await assertRefused(answer, { code: "bad-range", status: 416 });
    });

  for (const range of ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"])
    test(`are whole where the range is of no form that we know: ${range}`, async () => {
      const { world, own } = await evidenceScene();
      assert.equal((await ask(world, own.maintainer, sha256(WRONG), range)).status, 200);
    });

  test("that are too large for one answer are never cut in silence", async () => {
    const { world, own } = await evidenceScene();
    const digest = sha256(LARGE);
    await assertRefused(await ask(world, own.maintainer, digest), { code: "range-needed", status: 400 });
    const first = await ask(world, own.maintainer, digest, "bytes=0-");
    const length = (await first.arrayBuffer()).byteLength;
    assert.deepEqual([first.status, length], [206, MOST_RANGE_BYTES]);
    const end = MOST_RANGE_BYTES - 1;
    assert.equal(first.headers.get("Content-Range"), `bytes 0-${end}/${LARGE.length}`);
    const rest = await ask(world, own.maintainer, digest, `bytes=${MOST_RANGE_BYTES}-`);
    assert.deepEqual([rest.status, (await rest.arrayBuffer()).byteLength], [206, 10]);
  });

  test("of a page are the page as it came", async () => {
    const { world, own } = await evidenceScene();
    const answer = await ask(world, own.maintainer, sha256(PAGE));
    assert.deepEqual([answer.status, await answer.text()], [200, PAGE.toString()]);
    assert.equal(answer.headers.get("Content-Type"), "application/octet-stream");
  });

  test("are had by no digest but those of this finding", async () => {
    const { world, own } = await evidenceScene();
    const elsewhere = sha256("elsewhere");
    world.kept.evidence.push(
      item(elsewhere, { project: "lamp" }),
      item(elsewhere, { file: "lantern-2.0.zip" }),
    );
    world.kept.bodies.set(elsewhere, Buffer.from("0123456789"));
    for (const digest of [elsewhere, sha256(UNNAMED_PAGE), THIRD, "sha256:00", "nothing"])
      for (const key of [own.maintainer, world.operator])
        await assertRefused(await ask(world, key, digest), { code: "no-such-evidence", status: 404 });
  });

  test("that the store has forgotten, whole or in part, are not there", async () => {
    const { world, own } = await evidenceScene();
    world.kept.bodies.delete(sha256(CUT));
    world.kept.bodies.set(sha256(WRONG), Buffer.from("0123"));
    for (const digest of [sha256(CUT), sha256(WRONG)])
      await assertRefused(await ask(world, own.maintainer, digest), {
        code: "no-such-evidence",
        status: 404,
      });
  });
});

suite("the ledger of a finding", () => {
  const read = async (world: World, key: string, query = "") => {
    const answer = await get(world, path(`ledger${query}`), { key });
    assert.equal(answer.status, 200);
    return FindingLedgerAnswer.parse(await answer.json());
  };

  test("is whole for the operator, and its chain holds", async () => {
    const { world } = await evidenceScene();
    const { entries } = await read(world, world.operator);
    assert.deepEqual(
      entries.map(({ number, whole }) => [number, whole]),
      [1, 2, 3, 4].map((number) => [number, true]),
    );
    const chain = entries.map(({ whole: _, ...each }) => each) as unknown as LedgerEntry[];
    assert.equal(brokenAt(chain), null);
  });

  test("is without what is another watcher's for a maintainer, and says where", async () => {
    const { world, own, other } = await evidenceScene();
    const { entries } = await read(world, own.maintainer);
    assert.deepEqual(
      entries.map(({ whole, body }) => [whole, body["kind"], Object.keys(body).length > 1]),
      [
        [false, "judged", true],
        [true, "published", true],
        [false, "published", false],
        [false, "told", false],
      ],
    );
    const said = JSON.stringify(entries);
    for (const theirs of [other.id, THEIRS, "their key"]) assert.ok(!said.includes(theirs), theirs);
    assert.ok(said.includes(own.id));
  });

  test("comes in pages", async () => {
    const { world, own } = await evidenceScene();
    const first = await read(world, own.maintainer, "?limit=3");
    const rest = await read(world, own.maintainer, `?limit=3&after=${first.next}`);
    assert.deepEqual(
      [first.entries.length, rest.entries.map(({ number }) => number), rest.next],
      [3, [4], null],
    );
  });
});
