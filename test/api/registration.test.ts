import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MOST_SELF_CLAIMED } from "../../functions/api/enrolments.ts";
import type { ArtifactsAnswer } from "../../functions/records/answers/artifacts.ts";
import type { EnrolledAnswer, EnrolmentAnswer } from "../../functions/records/answers/enrolments.ts";
import type { FindingsAnswer } from "../../functions/records/answers/findings.ts";
import type { Receipt } from "../../functions/records/receipts.ts";
import { finding, row } from "./rows.ts";
import { A, assertRefused, enrolled, get, jsonOf, openWorld, post, SDIST, type World } from "./world.ts";

const PATH = "/v1/enrolments";
const BODY = JSON.stringify({ project: "six" });

const openRegistration = (): Promise<World> => openWorld(undefined, "open");
const vouchPath = (id: string, project = "six"): string => `/v1/projects/${project}/enrolments/${id}/vouch`;
const vouched = (world: World, id: string, project?: string): Promise<Response> =>
  post(world, vouchPath(id, project), { key: world.operator });

/** The world of one stranger and one invited watcher of the same project. */
async function strangersWorld() {
  const world = await openRegistration();
  const stranger = await enrolled(world, "six", null);
  const invited = await enrolled(world);
  return { world, stranger, invited };
}

suite("where registration is open", () => {
  test("anybody enrols without a key, self-claimed, with keys that work", async () => {
    const world = await openRegistration();
    const answer = await post(world, PATH, { body: BODY });
    assert.equal(answer.status, 201);
    const { id, selfClaimed, vouchedAt, keys } = await jsonOf<EnrolledAnswer>(answer);
    assert.deepEqual([selfClaimed, vouchedAt], [true, null]);
    assert.equal(world.kept.unflushed, 0);
    const [entry] = await world.ports.ledger.read(`enrolment/${id}`);
    assert.deepEqual(entry?.body, { kind: "enrolled", enrolment: world.kept.enrolments[0], by: "anybody" });
    const asked = { key: keys.ci, body: `${A}  ${SDIST}\n` };
    assert.equal((await post(world, "/v1/projects/six/records", asked)).status, 201);
  });

  test("whom the operator lets in is invited all the same", async () => {
    const world = await openRegistration();
    const answer = await post(world, PATH, { key: world.operator, body: BODY });
    assert.equal((await jsonOf<EnrolledAnswer>(answer)).selfClaimed, false);
  });

  test("a key that may not enrol does not become nobody", async () => {
    const { world, stranger } = await strangersWorld();
    const before = world.stored();
    const asked = { key: stranger.maintainer, body: BODY };
    await assertRefused(await post(world, PATH, asked), { code: "wrong-key-kind", status: 403 });
    await assertRefused(await post(world, PATH, { key: "cf_x", body: BODY }), {
      code: "unknown-key",
      status: 401,
    });
    assert.equal(world.stored(), before);
  });

  test("strangers cannot fill a project: the operator's word makes room, and is never refused", async () => {
    const world = await openRegistration();
    const ids: string[] = [];
    for (let count = 0; count < MOST_SELF_CLAIMED; count += 1)
      ids.push((await enrolled(world, "six", null)).id);
    const before = world.stored();
    const refused = await post(world, PATH, { body: BODY });
    await assertRefused(refused, { code: "too-many-enrolments", status: 409 });
    assert.equal(world.stored(), before);
    await enrolled(world);
    await enrolled(world, "seven", null);
    await vouched(world, ids[0] ?? "");
    await enrolled(world, "six", null);
  });
});

test("where registration is by invitation nobody enrols without a key", async () => {
  const world = await openWorld();
  await assertRefused(await post(world, PATH, { body: BODY }), { code: "missing-key", status: 401 });
});

suite("until the operator vouches, a self-claimed enrolment is called that", () => {
  const claims = async ({ world, stranger, invited }: Awaited<ReturnType<typeof strangersWorld>>) => {
    const body = `${A}  ${SDIST}\n`;
    const receiptBy = async (key: string) => {
      const asked = { key, body, accept: "application/json" };
      return jsonOf<Receipt>(await post(world, "/v1/projects/six/records", asked));
    };
    const listed = await get(world, "/v1/projects/six/artifacts");
    const found = await get(world, "/v1/projects/six/findings");
    const { artifacts } = await jsonOf<ArtifactsAnswer>(listed);
    const { findings } = await jsonOf<FindingsAnswer>(found);
    const of = (id: string, each: readonly { enrolment: string | null; selfClaimed: boolean }[]) =>
      each.filter(({ enrolment }) => enrolment === id).map(({ selfClaimed }) => selfClaimed);
    const said = async ({ id, maintainer }: typeof stranger) => [
      ...of(id, artifacts),
      ...of(id, findings),
      (await receiptBy(maintainer)).selfClaimed,
    ];
    return { stranger: await said(stranger), invited: await said(invited) };
  };

  test("in lists and receipts, and nobody else is", async () => {
    const watched = await strangersWorld();
    const { world, stranger, invited } = watched;
    await world.ports.view.put([row({ enrolment: stranger.id }), row({ enrolment: invited.id })]);
    const found = { enrolment: stranger.id, selfClaimed: true };
    const findings = [finding({ id: "s", ...found }), finding({ id: "i", enrolment: invited.id })];
    await world.ports.view.putFindings(findings, 1);
    const nobodys = [false, false, false];
    assert.deepEqual(await claims(watched), { stranger: [true, true, true], invited: nobodys });
    await vouched(world, stranger.id);
    assert.deepEqual(await claims(watched), { stranger: nobodys, invited: nobodys });
  });

  test("in the receipt's text, in words", async () => {
    const { world, stranger } = await strangersWorld();
    const asked = { key: stranger.ci, body: `${A}  ${SDIST}\n` };
    const receipt = await (await post(world, "/v1/projects/six/records", asked)).text();
    assert.match(
      receipt,
      new RegExp(`^Receipt .*${stranger.id} \\(self-claimed: .*not vouched for it\\)\\n`),
    );
  });
});

suite("a self-claimed enrolment", () => {
  test("sees and submits nothing of another watcher's", async () => {
    const { world, stranger, invited } = await strangersWorld();
    const secret = { everListed: false, listed: false, verdict: null, standing: "expected" } as const;
    await world.ports.view.put([row({ enrolment: invited.id, ...secret })]);
    const answer = await get(world, "/v1/projects/six/artifacts", { key: stranger.maintainer });
    assert.deepEqual((await jsonOf<ArtifactsAnswer>(answer)).artifacts, []);
    const asked = { key: stranger.maintainer, body: `${A}  ${SDIST}\n` };
    await post(world, "/v1/projects/six/records", asked);
    assert.deepEqual(await world.ports.records.ofFile(invited.id, SDIST), []);
  });
});

suite("vouching", () => {
  test("is told once in the enrolment's history, by whom, and its first instant stays", async () => {
    const { world, stranger } = await strangersWorld();
    const first = await vouched(world, stranger.id, "SIX");
    assert.equal(first.status, 200);
    const answer = await jsonOf<EnrolmentAnswer>(first);
    assert.deepEqual(
      [answer.id, answer.selfClaimed, answer.vouchedAt],
      [stranger.id, false, "2026-11-22T12:00:00.000Z"],
    );
    world.kept.now = "2026-11-23T12:00:00.000Z";
    assert.deepEqual(await jsonOf(await vouched(world, stranger.id)), answer);
    const history = await world.ports.ledger.read(`enrolment/${stranger.id}`);
    const by = /cf_operator_([0-9a-f]+)_/.exec(world.operator)?.[1];
    assert.deepEqual(history.map(({ body }) => body).slice(1), [
      { kind: "vouched", enrolment: stranger.id, by },
    ]);
    assert.equal(world.kept.unflushed, 0);
  });

  test("several times at once is told once", async () => {
    const { world, stranger } = await strangersWorld();
    const answers = await Promise.all([1, 2, 3].map(() => vouched(world, stranger.id)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal((await world.ports.ledger.read(`enrolment/${stranger.id}`)).length, 2);
  });

  test("shows no key, old or new", async () => {
    const { world, stranger } = await strangersWorld();
    assert.doesNotMatch(await (await vouched(world, stranger.id)).text(), /cf_|secret/);
  });

  test("for whoever was invited changes nothing", async () => {
    const { world, invited } = await strangersWorld();
    const before = world.stored();
    const { vouchedAt, selfClaimed } = await jsonOf<EnrolmentAnswer>(await vouched(world, invited.id));
    assert.deepEqual([vouchedAt, selfClaimed], [null, false]);
    assert.equal(world.stored(), before);
  });

  test("for an enrolment that is not there, or is another project's: no-such-enrolment", async () => {
    const { world, stranger } = await strangersWorld();
    await enrolled(world, "seven");
    const before = world.stored();
    for (const [id, project] of [
      ["nobody", "six"],
      [stranger.id, "seven"],
      [stranger.id, "unwatched"],
    ] as const)
      await assertRefused(await vouched(world, id, project), { code: "no-such-enrolment", status: 404 });
    assert.equal(world.stored(), before);
  });

  test("is the operator's alone: a watcher cannot vouch for themselves", async () => {
    const { world, stranger, invited } = await strangersWorld();
    const before = world.stored();
    for (const key of [stranger.maintainer, stranger.ci, invited.maintainer])
      await assertRefused(await post(world, vouchPath(stranger.id), { key }), {
        code: "wrong-key-kind",
        status: 403,
      });
    const anybody = await post(world, vouchPath(stranger.id), {});
    await assertRefused(anybody, { code: "missing-key", status: 401 });
    assert.equal(world.stored(), before);
  });

  test("is a POST", async () => {
    const { world, stranger } = await strangersWorld();
    const answer = await get(world, vouchPath(stranger.id), { key: world.operator });
    assert.equal(answer.headers.get("Allow"), "POST");
    await assertRefused(answer, { code: "method-not-allowed", status: 405 });
  });
});
