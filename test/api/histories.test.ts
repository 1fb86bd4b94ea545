import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import type {
  FindingHistoryAnswer,
  InvitationsAnswer,
  InvitedAnswer,
} from "../../functions/records/answers/enrolments.ts";
import { seen } from "../domain/perfect.ts";
import { finding, row } from "./rows.ts";
import { assertRefused, enrolled, get, jsonOf, openWorld, post, SDIST } from "./world.ts";

describe("the history of a finding", () => {
  const withFinding = async () => {
    const world = await openWorld();
    const keys = await enrolled(world);
    const told = finding({ enrolment: keys.id });
    await world.ports.view.put([row({ enrolment: keys.id })]);
    await world.ports.ledger.append(artifactSubject("six", SDIST), null, { kind: "told", finding: told });
    await world.ports.view.putFindings([told], 1);
    const path = `/v1/projects/six/findings/${told.id}`;
    return { world, keys, path };
  };

  it("names everybody who said something of it, in order", async () => {
    const { world, keys, path } = await withFinding();
    await post(world, `${path}/acknowledge`, { key: keys.maintainer, body: '{"note": "on it"}' });
    await post(world, `${path}/resolve`, { key: world.operator, body: '{"note": "republished"}' });
    const { entries } = await jsonOf<FindingHistoryAnswer>(
      await get(world, `${path}/history`, { key: keys.maintainer }),
    );
    assert.deepEqual(
      entries.map(({ number, what }) => [number, what]),
      [
        [1, "mismatch is open."],
        [2, 'mismatch is open: acknowledged, "on it".'],
        [3, 'mismatch is resolved: resolved by a person, "republished".'],
      ],
    );
    const [, maintainer] = keys.maintainer.split("_").slice(1);
    const [, operator] = world.operator.split("_").slice(1);
    assert.deepEqual(
      entries.map(({ by }) => by),
      [null, maintainer, operator],
    );
  });

  it("leaves out what one judgement told other watchers", async () => {
    const { world, keys, path } = await withFinding();
    const own = finding({ enrolment: keys.id, severity: "warning" });
    const others = finding({ id: "f2", enrolment: "other", verdict: "unrecorded" });
    const subject = artifactSubject("six", SDIST);
    const last = (await world.ports.ledger.read(subject)).at(-1) ?? null;
    const judged = { kind: "judged", fact: seen(), judgements: [], findings: [others, own] } as const;
    await world.ports.ledger.append(subject, last, judged);
    const { entries } = await jsonOf<FindingHistoryAnswer>(
      await get(world, `${path}/history`, { key: keys.maintainer }),
    );
    assert.equal(entries.at(-1)?.what, "Judged: mismatch is open.");
  });

  it("is its own watcher's and the operator's; to others it is not there", async () => {
    const { world, path } = await withFinding();
    const other = await enrolled(world);
    await assertRefused(await get(world, `${path}/history`, { key: other.maintainer }), {
      code: "no-such-finding",
      status: 404,
    });
    await assertRefused(await get(world, `${path}/history`), { code: "missing-key", status: 401 });
    await assertRefused(await get(world, `${path}/history`, { key: other.ci }), {
      code: "wrong-key-kind",
      status: 403,
    });
  });
});

describe("invitations to a project", () => {
  it("are listed to the operator, with who made them and whether they were used; never the invitation", async () => {
    const world = await openWorld();
    const invite = async () =>
      jsonOf<InvitedAnswer>(
        await post(world, "/v1/invitations", { key: world.operator, body: '{"project": "Six"}' }),
      );
    const [used, unused] = [await invite(), await invite()];
    await enrolled(world, "six", used.invitation);
    const path = "/v1/projects/six/invitations";
    const answer = await get(world, path, { key: world.operator });
    const text = await answer.text();
    assert.ok(!text.includes(used.invitation) && !text.includes(unused.invitation));
    const { invitations } = JSON.parse(text) as InvitationsAnswer;
    assert.deepEqual(
      invitations.map((each) => [each.credential, each.used, each.by]),
      [used, unused].map(({ credential }, at) => [credential, at === 0, world.operator.split("_")[2]]),
    );
    await assertRefused(await get(world, path), { code: "missing-key", status: 401 });
    await assertRefused(await get(world, path, { key: unused.invitation }), {
      code: "wrong-key-kind",
      status: 403,
    });
  });
});
