import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after } from "../../functions/domain/instants.ts";
import type { RecordAnswer, RecordsAnswer } from "../../functions/records/answers/records.ts";
import { row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, assertRefused, B, get, jsonOf, openWorld, post, SDIST, WHEEL } from "./world.ts";

const PATH = "/v1/projects/six/records";
const SECRET = "six-1.18.0.tar.gz";

/** The developer recorded everything, CI and then a maintainer; a distribution only the sdist, and took it back. */
async function recordedWorld() {
  const world = await openWorld();
  const [developer, distribution] = [await watcher(world), await watcher(world, { selfClaimed: true })];
  const record = async (key: string, body: string, path = PATH): Promise<void> => {
    world.kept.now = after(world.kept.now, 1_000);
    assert.ok((await post(world, path, { key, body })).ok);
  };
  await record(developer.ci, `${A}  ${WHEEL}\n${A}  ${SDIST}\n${A}  ${SECRET}\n`);
  await record(developer.maintainer, `${A}  ${SDIST}\n`);
  await record(distribution.maintainer, `${B}  ${SDIST}\n`);
  await record(distribution.maintainer, JSON.stringify({ file: SDIST, digest: B }), `${PATH}/withdraw`);
  await world.ports.view.put([
    row({ enrolment: developer.id }),
    row({ enrolment: developer.id, file: WHEEL }),
  ]);
  const list = async (query = "", key: string | null = null): Promise<RecordAnswer[]> => {
    const answer = await get(world, PATH + query, { key });
    assert.equal(answer.status, 200);
    return (await jsonOf<RecordsAnswer>(answer)).records;
  };
  return { world, developer, distribution, list };
}

const names = (records: readonly RecordAnswer[]): string[] =>
  records.map(
    ({ file, authority, withdrawnAt }) => `${file} ${authority}${withdrawnAt === null ? "" : " over"}`,
  );

const SHOWN = [`${WHEEL} ci`, `${SDIST} ci`, `${SDIST} maintainer`];

suite("the records of a project", () => {
  test("are those that are live, of what a page has shown, by file and then by time", async () => {
    const { list } = await recordedWorld();
    assert.deepEqual(names(await list()), SHOWN);
  });

  test("are all of one's own with a maintainer's key, by which credential they came included", async () => {
    const { developer, list } = await recordedWorld();
    const own = await list("", developer.maintainer);
    assert.deepEqual(names(own), [...SHOWN, `${SECRET} ci`]);
    const ids = developer.enrolment.credentials.map(({ id }) => id);
    assert.ok(own.every(({ credential }) => ids.includes(credential ?? "")));
    assert.ok((await list("", developer.ci)).every(({ credential }) => credential === null));
  });

  test("show those that were withdrawn when they are asked for", async () => {
    const { distribution, list } = await recordedWorld();
    const all = await list("?withdrawn=true");
    assert.deepEqual(names(all), [...SHOWN, `${SDIST} maintainer over`]);
    assert.deepEqual([all[3]?.enrolment, all[3]?.selfClaimed], [distribution.id, true]);
    assert.deepEqual(names(await list("?withdrawn=false")), SHOWN);
  });

  test("may be asked for by file and by enrolment", async () => {
    const { distribution, developer, list } = await recordedWorld();
    assert.deepEqual(names(await list(`?file=${WHEEL}`)), [`${WHEEL} ci`]);
    assert.deepEqual(await list(`?file=${SECRET}`), []);
    assert.deepEqual(names(await list(`?enrolment=${developer.id}&file=${SDIST}`)), SHOWN.slice(1));
    assert.deepEqual(await list(`?enrolment=${distribution.id}`), []);
    assert.deepEqual(names(await list(`?enrolment=${distribution.id}&withdrawn=true`)), [
      `${SDIST} maintainer over`,
    ]);
  });

  test("come by pages", async () => {
    const { world, list } = await recordedWorld();
    const first = await jsonOf<RecordsAnswer>(await get(world, `${PATH}?limit=2`));
    assert.deepEqual(names(first.records), SHOWN.slice(0, 2));
    assert.deepEqual(names(await list(`?limit=2&after=${first.next}`)), SHOWN.slice(2));
  });

  test("of no such enrolment, project or query are refused", async () => {
    const { world } = await recordedWorld();
    const refused = async (path: string, code: string, status: number) =>
      assertRefused(await get(world, path), { code, status });
    await refused(`${PATH}?enrolment=none`, "no-such-enrolment", 404);
    await refused("/v1/projects/seven/records", "not-enrolled", 404);
    await refused(`${PATH}?withdrawn=yes`, "bad-query", 400);
  });
});
