import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Problem } from "../../functions/api/problems.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { ArtifactsAnswer } from "../../functions/records/answers/artifacts.ts";
import type { FindingsAnswer } from "../../functions/records/answers/findings.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { finding, row } from "./rows.ts";
import { watcher as enrolled } from "./watchers.ts";
import { A, assertRefused, get, jsonOf, openWorld, SDIST, WHEEL, type World } from "./world.ts";

const SECRET = "six-1.18.0.tar.gz";

/** Two watchers; one of them has recorded a file that no page has shown yet, and it is overdue. */
async function watchedWorld() {
  const world = await openWorld();
  const [one, other] = [await enrolled(world), await enrolled(world)];
  const unlisted = { standing: "missing", verdict: null, everListed: false, listed: false } as const;
  await world.ports.view.put([
    row({ enrolment: one.id, file: WHEEL }),
    row({ enrolment: one.id }),
    row({ enrolment: other.id, verdict: "unrecorded", authority: null }),
    row({ enrolment: one.id, file: SECRET, ...unlisted }),
    row({ enrolment: other.id, project: "seven", file: "seven-1.0.tar.gz" }),
  ]);
  await world.ports.view.putFindings(
    [
      finding({ id: "old", enrolment: other.id, changedAt: "2026-11-22T09:00:00.000Z", state: "resolved" }),
      finding({ id: "new", enrolment: one.id, changedAt: "2026-11-22T10:00:00.000Z" }),
      finding({ id: "secret", enrolment: one.id, file: SECRET, verdict: "missing" }),
      finding({ id: "whole", enrolment: one.id, file: null, release: null }),
    ],
    1,
  );
  return { world, one, other };
}

const filesFor = async (world: World, key: string | null): Promise<string[]> => {
  const answer = await get(world, "/v1/projects/six/artifacts", { key });
  assert.equal(answer.status, 200);
  const { artifacts } = await jsonOf<ArtifactsAnswer>(answer);
  return artifacts.map((artifact) => artifact.file);
};

const idsFor = async (world: World, key: string | null, query = ""): Promise<string[]> => {
  const answer = await get(world, `/v1/projects/six/findings${query}`, { key });
  assert.equal(answer.status, 200);
  const { findings } = await jsonOf<FindingsAnswer>(answer);
  return findings.map((found) => found.id);
};

suite("what is told of a project itself", () => {
  test("is for anybody once a page has shown a file of it, and before that for its watcher and the operator", async () => {
    const world = await openWorld();
    const one = await enrolled(world);
    const unlisted = { standing: "expected", verdict: null, everListed: false, listed: false } as const;
    await world.ports.view.put([row({ enrolment: one.id, file: SECRET, ...unlisted })]);
    const whole = { enrolment: one.id, file: null, release: null } as const;
    const said = { at: "2026-11-22T12:00:00.000Z", by: "cafe", note: "a colleague" };
    await world.ports.view.putFindings(
      [
        finding({ id: "people", verdict: "ownership-changed", ...whole, acknowledged: said }),
        finding({ id: "watch", verdict: "enrolment-changed", ...whole }),
      ],
      1,
    );
    assert.deepEqual(await idsFor(world, null), []);
    assert.deepEqual((await idsFor(world, one.maintainer)).sort(), ["people", "watch"]);
    await world.ports.view.put([row({ enrolment: one.id })]);
    assert.deepEqual(await idsFor(world, null), ["people"]);
    const answer = await get(world, "/v1/projects/six/findings/people");
    const { acknowledged } = await jsonOf<Finding>(answer);
    assert.deepEqual(acknowledged, { ...said, by: null, note: null });
  });
});

suite("artifacts", () => {
  test("show everything about each, and nothing of the projection's own", async () => {
    const { world, one } = await watchedWorld();
    const answer = await get(world, "/v1/projects/SIX/artifacts");
    const { project, artifacts } = await jsonOf<ArtifactsAnswer>(answer);
    assert.equal(project, "six");
    const { project: _, everListed: __, number: ___, ...shown } = row({ enrolment: one.id, file: WHEEL });
    assert.deepEqual(artifacts[0], { ...shown, selfClaimed: false, provenance: null });
  });

  const PUBLIC = [WHEEL, SDIST, SDIST];
  test("anybody sees what a page has shown", async () => {
    assert.deepEqual(await filesFor((await watchedWorld()).world, null), PUBLIC);
  });
  test("a maintainer also sees their own that no page has shown", async () => {
    const { world, one } = await watchedWorld();
    assert.deepEqual(await filesFor(world, one.maintainer), [...PUBLIC, SECRET]);
  });
  test("another watcher's maintainer does not", async () => {
    const { world, other } = await watchedWorld();
    assert.deepEqual(await filesFor(world, other.maintainer), PUBLIC);
  });
  test("a CI key sees what anybody sees", async () => {
    const { world, one } = await watchedWorld();
    assert.deepEqual(await filesFor(world, one.ci), PUBLIC);
  });
  test("the operator sees all", async () => {
    const { world } = await watchedWorld();
    assert.deepEqual(await filesFor(world, world.operator), [...PUBLIC, SECRET]);
  });
});

suite("findings", () => {
  test("come newest first, and only about what a page has shown", async () => {
    assert.deepEqual(await idsFor((await watchedWorld()).world, null), ["new", "old"]);
  });
  test("a maintainer and the operator also see those about what no page has shown", async () => {
    const { world, one } = await watchedWorld();
    const all = ["whole", "secret", "new", "old"];
    assert.deepEqual(await idsFor(world, one.maintainer), all);
    assert.deepEqual(await idsFor(world, world.operator), all);
  });
  test("another watcher and a CI key see what anybody sees", async () => {
    const { world, one, other } = await watchedWorld();
    assert.deepEqual(await idsFor(world, other.maintainer), ["new", "old"]);
    assert.deepEqual(await idsFor(world, one.ci), ["new", "old"]);
  });
  test("are picked by their state", async () => {
    const { world } = await watchedWorld();
    assert.deepEqual(await idsFor(world, null, "?state=open"), ["new"]);
    assert.deepEqual(await idsFor(world, null, "?state=resolved"), ["old"]);
    const answer = await get(world, "/v1/projects/six/findings?state=closed");
    await assertRefused(answer, { code: "bad-query", status: 400 });
  });
  test("show severity, topic and grounds as they were found", async () => {
    const { world, one } = await watchedWorld();
    const answer = await get(world, "/v1/projects/six/findings?state=open");
    const { findings } = await jsonOf<FindingsAnswer>(answer);
    const changedAt = "2026-11-22T10:00:00.000Z";
    const { to: _, ...shown } = finding({ id: "new", enrolment: one.id, changedAt });
    assert.deepEqual(findings[0], shown);
  });
});

suite("the note of a finding, which may name a watcher's credential", () => {
  const noteOf = (credential: string): string => `CI recorded sha256:${A} (credential ${credential}).`;
  const notedWorld = async () => {
    const watched = await watchedWorld();
    const noted = finding({ id: "noted", enrolment: watched.one.id });
    const note = noteOf(parseKey(watched.one.ci)?.id ?? "");
    await watched.world.ports.view.putFindings([{ ...noted, grounds: { ...noted.grounds, note } }], 2);
    return { ...watched, note };
  };
  const readBy = async (world: World, key: string | null): Promise<unknown> => {
    const answer = await get(world, "/v1/projects/six/findings", { key });
    const { findings } = await jsonOf<{ findings: Finding[] }>(answer);
    return findings.find(({ id }) => id === "noted")?.grounds;
  };
  const { grounds } = finding();

  test("is shown word for word to the maintainer it is for and to the operator", async () => {
    const { world, one, note } = await notedWorld();
    for (const key of [one.maintainer, world.operator])
      assert.deepEqual(await readBy(world, key), { ...grounds, note });
  });
  test("names it to nobody else", async () => {
    const { world, one, other } = await notedWorld();
    for (const key of [null, one.ci, other.maintainer, other.ci])
      assert.deepEqual(await readBy(world, key), { ...grounds, note: noteOf("…") });
  });
  test("says to nobody else which publisher a watcher expects", async () => {
    const { world, one, other } = await watchedWorld();
    const note = "The index names none. You expect github:embargoed/six/release.yml.";
    for (const [index, verdict] of (["provenance-lost", "provenance-changed"] as const).entries()) {
      const noted = finding({ id: "noted", enrolment: one.id, verdict });
      await world.ports.view.putFindings([{ ...noted, grounds: { ...grounds, note } }], 2 + index);
      assert.deepEqual(await readBy(world, one.maintainer), { ...grounds, note });
      for (const path of ["", "/noted", "/noted/explanation"])
        for (const key of [null, one.ci, other.maintainer, other.ci]) {
          const said = await (await get(world, `/v1/projects/six/findings${path}`, { key })).text();
          assert.match(said, new RegExp(`"${verdict}"`));
          assert.doesNotMatch(said, /embargoed/);
        }
    }
  });
});

for (const resource of ["artifacts", "findings"]) {
  test(`${resource} of a project that nobody watches: not-enrolled, and what to do`, async () => {
    const world = await openWorld();
    const answer = await get(world, `/v1/projects/Flask/${resource}`);
    assert.match((await jsonOf<Problem>(answer.clone())).detail, /counterfoil enrol flask/);
    await assertRefused(answer, { code: "not-enrolled", status: 404 });
  });
  test(`${resource} by a key that proves nothing: unknown-key, not the public's answer`, async () => {
    const { world } = await watchedWorld();
    const answer = await get(world, `/v1/projects/six/${resource}`, { key: "cf_ci_x" });
    assert.match(answer.headers.get("WWW-Authenticate") ?? "", /^Bearer .*invalid_token/);
    await assertRefused(answer, { code: "unknown-key", status: 401 });
  });
}
