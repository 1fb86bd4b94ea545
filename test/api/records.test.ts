import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MOST_CI_RECORDS_PER_FILE, MOST_RECORDS_PER_FILE } from "../../functions/api/recording.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import { brokenAt } from "../../functions/domain/ledger.ts";
import type { Receipt } from "../../functions/records/receipts.ts";
import { row } from "./rows.ts";
import { watcher as enrolled } from "./watchers.ts";
import { A, assertRefused, B, jsonOf, openWorld, post, SDIST, WHEEL } from "./world.ts";

const PATH = "/v1/projects/six/records";
const JSON_ONLY = "application/json";

suite("a submission", () => {
  test("of many files is recorded once, contested where another stands, and counts what was there", async () => {
    const world = await openWorld();
    const { maintainer: key } = await enrolled(world);
    const body = Array.from(
      { length: 150 },
      (_, at) => `${sha256(String(at)).slice(7)}  six-1.${at}.tar.gz\n`,
    );
    await post(world, PATH, { key, body: `${A}  six-1.7.tar.gz\n` });
    const submit = async () =>
      jsonOf<Receipt>(await post(world, PATH, { key, accept: JSON_ONLY, body: body.join("") }));
    const first = await submit();
    assert.deepEqual(
      first.files.filter(({ outcome }) => outcome !== "recorded").map(({ file, outcome }) => [file, outcome]),
      [["six-1.7.tar.gz", "contested"]],
    );
    assert.deepEqual(
      (await submit()).files.filter(({ added }) => added),
      [],
    );
    assert.equal(world.kept.records.length, 151);
  });

  test("of sha256sum lines is answered with a receipt that people read", async () => {
    const world = await openWorld();
    const { maintainer, id } = await enrolled(world);
    const answer = await post(world, "/v1/projects/SIX/records", {
      key: maintainer,
      accept: "*/*",
      body: `${A}  dist/${SDIST}\n`,
    });
    assert.equal(answer.status, 201);
    assert.match(answer.headers.get("Content-Type") ?? "", /^text\/plain/);
    const text = await answer.text();
    assert.match(text, new RegExp(`^Receipt for project six, enrolment ${id}\\n`));
    assert.match(text, new RegExp(`${A} {2}${SDIST}`));
  });

  test("is on record by the authority of its key, in the ledger, on the road, and durable", async () => {
    const world = await openWorld();
    const { ci, id } = await enrolled(world);
    const body = `${A}  ${SDIST}\n${B}  ${WHEEL}\n`;
    await post(world, PATH, { key: ci, body });
    assert.deepEqual(
      world.kept.records.map((r) => [r.enrolment, r.file, r.release, r.digest, r.authority]),
      [
        [id, SDIST, "1.17.0", `sha256:${A}`, "ci"],
        [id, WHEEL, "1.17.0", `sha256:${B}`, "ci"],
      ],
    );
    const entry = (await world.ports.ledger.read(`enrolment/${id}`)).at(-1);
    assert.ok(entry?.body.kind === "recorded");
    assert.deepEqual([entry.body.manifest, entry.body.records], [sha256(body), world.kept.records]);
    assert.deepEqual(world.kept.changes.at(-1)?.files, [SDIST, WHEEL]);
    assert.equal(world.kept.changes.at(-1)?.reason, "record");
    assert.equal(world.kept.unflushed, 0);
  });

  test("made twice is one record, one ledger entry, and 200 the second time", async () => {
    const world = await openWorld();
    const { maintainer, id } = await enrolled(world);
    const asked = { key: maintainer, accept: JSON_ONLY, body: `${A}  ${SDIST}` };
    const [first, second] = [await post(world, PATH, asked), await post(world, PATH, asked)];
    assert.deepEqual([first.status, second.status], [201, 200]);
    const [file] = (await jsonOf<Receipt>(second)).files;
    assert.deepEqual([file?.outcome, file?.added], ["already-recorded", false]);
    assert.equal(world.kept.records.length, 1);
    assert.equal((await world.ports.ledger.read(`enrolment/${id}`)).length, 2);
  });

  test("of another digest is contested beside the first, never an overwrite", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    await post(world, PATH, { key: maintainer, body: `${A}  ${SDIST}` });
    const answer = await post(world, PATH, { key: maintainer, accept: JSON_ONLY, body: `${B}  ${SDIST}` });
    const { files, next } = await jsonOf<Receipt>(answer);
    assert.deepEqual([files[0]?.outcome, files[0]?.others], ["contested", [`sha256:${A}`]]);
    assert.match(next, /stolen/);
    assert.deepEqual(
      world.kept.records.map((record) => record.digest),
      [`sha256:${A}`, `sha256:${B}`],
    );
  });

  test("without end for one file is refused whole, and what is there already is not", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    const digest = (count: number): string => count.toString(16).padStart(64, "0");
    const submit = (...lines: string[]) =>
      post(world, PATH, { key: maintainer, body: lines.map((line) => `${line}\n`).join("") });
    for (let count = 0; count < MOST_RECORDS_PER_FILE; count += 1)
      assert.equal((await submit(`${digest(count)}  ${SDIST}`)).status, 201);
    const before = world.stored();
    const more = await submit(`${A}  ${WHEEL}`, `${digest(999)}  ${SDIST}`);
    await assertRefused(more, { code: "too-many-records", status: 409 });
    assert.equal(world.stored(), before);
    assert.equal((await submit(`${digest(7)}  ${SDIST}`)).status, 200);
  });

  test("without end by CI leaves room for a maintainer", async () => {
    const world = await openWorld();
    const { maintainer, ci } = await enrolled(world);
    const submit = (key: string, count: number) =>
      post(world, PATH, { key, body: `${count.toString(16).padStart(64, "0")}  ${SDIST}\n` });
    for (let count = 0; count < MOST_CI_RECORDS_PER_FILE; count += 1)
      assert.equal((await submit(ci, count)).status, 201);
    await assertRefused(await submit(ci, 999), { code: "too-many-records", status: 409 });
    assert.equal((await submit(maintainer, 999)).status, 201);
  });

  test("by a maintainer adds to what CI said, though the digest is the same", async () => {
    const world = await openWorld();
    const { maintainer, ci } = await enrolled(world);
    const body = `${A}  ${SDIST}`;
    await post(world, PATH, { key: ci, body });
    const answer = await post(world, PATH, { key: maintainer, accept: JSON_ONLY, body });
    const { files } = await jsonOf<Receipt>(answer);
    assert.deepEqual(
      [answer.status, files[0]?.outcome, files[0]?.authority],
      [201, "recorded", "maintainer"],
    );
    assert.deepEqual(
      world.kept.records.map((record) => record.authority),
      ["ci", "maintainer"],
    );
  });

  test("does not touch another watcher's records", async () => {
    const world = await openWorld();
    const [one, other] = [await enrolled(world), await enrolled(world)];
    await post(world, PATH, { key: one.maintainer, body: `${A}  ${SDIST}` });
    const answer = await post(world, PATH, {
      key: other.maintainer,
      accept: JSON_ONLY,
      body: `${B}  ${SDIST}`,
    });
    assert.equal((await jsonOf<Receipt>(answer)).files[0]?.outcome, "recorded");
  });

  test("in JSON is answered in JSON, and in text when text is asked for", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    const body = JSON.stringify({ files: [{ file: SDIST, digest: `sha256:${A}` }] });
    for (const [accept, type] of [
      ["*/*", "application/json"],
      ["text/plain", "text/plain"],
      ["text/html, application/json;q=0.9", "application/json"],
    ] as const) {
      const answer = await post(world, PATH, { key: maintainer, accept, body });
      assert.equal(answer.headers.get("Content-Type")?.split(";")[0], type);
    }
  });

  test("shows what the monitor makes of the file so far, for this enrolment", async () => {
    const world = await openWorld();
    const { maintainer, id } = await enrolled(world);
    await world.ports.view.put([
      row({ enrolment: id, verdict: "awaiting-record" }),
      row({ enrolment: "another", verdict: "match" }),
    ]);
    const answer = await post(world, PATH, { key: maintainer, accept: JSON_ONLY, body: `${A}  ${SDIST}` });
    const [file] = (await jsonOf<Receipt>(answer)).files;
    assert.deepEqual([file?.verdict, file?.standing], ["awaiting-record", "listed"]);
  });

  test("of thousands of files fits the ledger and the queues", async () => {
    const world = await openWorld();
    const { maintainer, id } = await enrolled(world);
    const lines = Array.from(
      { length: 2_500 },
      (_, index) => `${A}  six-${index}-${"x".repeat(200)}.tar.gz\n`,
    );
    const answer = await post(world, PATH, { key: maintainer, body: lines.join("") });
    assert.equal(answer.status, 201);
    const history = await world.ports.ledger.read(`enrolment/${id}`);
    const told = history.flatMap(({ body }) => (body.kind === "recorded" ? body.records : []));
    assert.equal(told.length, lines.length);
    assert.ok(history.length > 3);
    assert.equal(brokenAt(history), null);
    assert.equal(world.kept.changes.flatMap(({ files }) => files).length, lines.length);
  });
});

suite("who releases each night", () => {
  async function nights(count: number) {
    const reads: number[] = [];
    const world = await openWorld((ports) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        read: async (subject, after, most) => {
          const entries = await ports.ledger.read(subject, after, most);
          reads.push(entries.length);
          return entries;
        },
      },
    }));
    const { maintainer: key, id } = await enrolled(world);
    const submit = async (night: number): Promise<number> =>
      (await post(world, PATH, { key, body: `${A}  six-1.${night}.tar.gz` })).status;
    for (let night = 0; night < count; night += 1) assert.equal(await submit(night), 201);
    return { world, id, reads, submit };
  }

  test("has no history of years read each time, and nothing is told twice or forgotten", async () => {
    const { world, id, reads, submit } = await nights(450);
    assert.ok(Math.max(...reads) <= 202, `read ${Math.max(...reads)} entries at once`);
    assert.equal(await submit(7), 200);
    const history = await world.ports.ledger.read(`enrolment/${id}`);
    assert.equal(history.length, 451);
    assert.equal(brokenAt(history), null);
  });

  test("does not carry a change of the enrolment along that is not stored yet", async () => {
    const { world, id, submit } = await nights(150);
    const history = await world.ports.ledger.read(`enrolment/${id}`);
    await world.ports.ledger.append(`enrolment/${id}`, history.at(-1) ?? null, {
      kind: "vouched",
      enrolment: id,
      by: "operator",
    });
    for (let night = 1_000; night < 1_100; night += 1) await submit(night);
    assert.equal(world.kept.enrolments.find((each) => each.id === id)?.number, 1);
  });
});

suite("a submission is refused, and nothing stored", () => {
  const REFUSED: readonly [what: string, body: string, code: string, status: number, line?: number][] = [
    ["an empty body", "", "empty-submission", 422],
    ["a line in no format", `${A}  ${SDIST}\nwhat is this\n`, "unparsable-line", 422, 2],
    ["a digest that is none", `${A}  ${SDIST}\n\nabc  ${WHEEL}\n`, "bad-digest", 422, 3],
    ["a file name that is none", `${A}  ..`, "bad-file-name", 422, 1],
    ["another project's file", `${A}  requests-2.0.tar.gz`, "wrong-project", 422, 1],
    ["two digests for one file", `${A}  ${SDIST}\n${B}  ${SDIST}`, "two-digests", 422, 2],
    ["JSON cut off", '{"files":\n\n[', "bad-json", 400, 3],
    ["an entry of another form", '[{"path": "x"}]', "bad-entry", 422],
  ];
  for (const [what, body, code, status, line] of REFUSED)
    test(`${what}: ${code}`, async () => {
      const world = await openWorld();
      const { maintainer } = await enrolled(world);
      const before = world.stored();
      const answer = await post(world, PATH, { key: maintainer, body });
      await assertRefused(answer, { code, status, ...(line === undefined ? {} : { line }) });
      assert.equal(world.stored(), before);
    });

  test("bytes that are no text: not-utf8", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    const answer = await post(world, PATH, { key: maintainer, body: Uint8Array.of(0x61, 0xff, 0xfe) });
    await assertRefused(answer, { code: "not-utf8", status: 400 });
  });

  test("a body over a mebibyte is given up before it has all come", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    const before = world.stored();
    let chunks = 0;
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    await assertRefused(await post(world, PATH, { key: maintainer, body }), {
      code: "too-large",
      status: 413,
    });
    assert.ok(chunks < 24, `${chunks} chunks of an endless body were taken`);
    assert.equal(world.stored(), before);
  });

  test("by a key of the wrong kind, of another project, of nobody, or by none", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world, { project: "seven" });
    await enrolled(world);
    const body = `${A}  ${SDIST}`;
    await post(world, PATH, { key: world.operator, body });
    const before = world.stored();
    const refused = async (key: string | null, code: string, status: number) =>
      assertRefused(await post(world, PATH, { key, body }), { code, status });
    await refused(world.operator, "wrong-key-kind", 403);
    await refused(maintainer, "wrong-project-key", 403);
    await refused(maintainer.replace(/.{8}$/, "00000000"), "unknown-key", 401);
    await refused("cf_maintainer_nonsense", "unknown-key", 401);
    await refused(null, "missing-key", 401);
    assert.equal(world.stored(), before);
  });
});
