/** What can be done with a key that somebody stole; each test is named after the attack, and shows how it fails. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { hours } from "../../functions/domain/instants.ts";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import type { EnrolmentsAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import {
  anotherKey,
  asks,
  contact,
  done,
  pass,
  passDelay,
  pathOf,
  refusal,
  standing,
  toldOf,
} from "./changing.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, QUIETENING_MS, type World } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

interface Scene {
  readonly world: World;
  readonly own: Keys;
  /** The maintainer key that was stolen; `own.maintainer` is still the watcher's. */
  readonly stolen: string;
  /** The address of the enrolment. */
  readonly at: string;
}

async function scene(chosen: Partial<Enrolment> = {}): Promise<Scene> {
  const world = await openWorld();
  const own = await watcher(world, { contacts: [contact("pager", world)], ...chosen });
  const { key: stolen } = await anotherKey(world, own);
  passDelay(world);
  world.kept.alerts.length = 0;
  return { world, own, stolen, at: pathOf(own) };
}

const patch = ({ world, at }: Scene, key: string, json: unknown) =>
  asks(world, "PATCH", `${at}/policy`, { key, json });

suite("with one maintainer key nobody can", () => {
  test("act on another enrolment of the same project, by its own address or through theirs", async () => {
    const { world, own, stolen } = await scene();
    const other = await watcher(world);
    const before = world.stored();
    const of = pathOf(other);
    for (const [method, path] of [
      ["GET", of],
      ["GET", `${of}/history`],
      ["PATCH", `${of}/policy`],
      ["POST", `${of}/credentials`],
      ["POST", `${of}/credentials/${idIn(other.ci)}/rotate`],
      ["DELETE", `${of}/credentials/${idIn(other.ci)}`],
      ["DELETE", of],
    ] as const)
      assert.equal(
        await refusal(world, method, path, { key: stolen, ...(method !== "GET" && { json: {} }) }),
        "wrong-project-key",
      );
    for (const path of [`/credentials/${idIn(other.ci)}/rotate`, `/credentials/${idIn(other.ci)}`])
      assert.equal(
        await refusal(world, path.endsWith("rotate") ? "POST" : "DELETE", pathOf(own) + path, {
          key: stolen,
        }),
        "no-such-credential",
      );
    assert.equal(world.stored(), before);
  });

  test("have a second key before everybody could hear of it", async () => {
    const { world, own, stolen, at } = await scene();
    const { key } = await done<KeyAddedAnswer>(world, "POST", `${at}/credentials`, {
      key: stolen,
      json: { kind: "maintainer" },
    });
    assert.equal(toldOf(world).length, 1);
    pass(world, QUIETENING_MS - 1);
    assert.equal(await refusal(world, "GET", at, { key }), "pending-key");
    await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, { key: own.maintainer });
    passDelay(world);
    assert.equal(await refusal(world, "GET", at, { key }), "revoked-key");
  });

  test("leave anything behind that comes true after the key was revoked", async () => {
    const of = await scene();
    const { world, own, stolen, at } = of;
    const asked = { key: stolen };
    await patch(of, stolen, { graceMinutes: 10_080, deadlines: { unseenMinutes: 43_200 } });
    await done(world, "POST", `${at}/credentials`, { ...asked, json: { kind: "maintainer" } });
    await done(world, "POST", `${at}/credentials/${idIn(own.maintainer)}/rotate`, asked);
    await done(world, "POST", `${at}/credentials/${idIn(stolen)}/rotate`, asked);
    await done(world, "DELETE", `${at}/contacts/pager`, asked);
    await done(world, "DELETE", at, asked);
    await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, { key: own.maintainer });
    pass(world, 10 * QUIETENING_MS);
    const { policy, credentials, contacts, endedAt } = standing(world, own);
    assert.deepEqual([policy, endedAt], [DEFAULT_POLICY, null]);
    assert.deepEqual(
      contacts.map(({ endsAt }) => endsAt),
      [null],
    );
    const held = credentials.filter(({ endsAt }) => endsAt === null || endsAt > world.kept.now);
    assert.deepEqual(
      held.map(({ id }) => id),
      [idIn(own.maintainer), idIn(own.ci)],
    );
    assert.ok(world.kept.deadlines.every(({ due }) => due < world.kept.now));
  });

  test("leave anything behind by asking through a key of theirs that is revoked first", async () => {
    const of = await scene();
    const { world, own, stolen, at } = of;
    const { key: next } = await done<KeyAddedAnswer>(world, "POST", `${at}/credentials`, {
      key: stolen,
      json: { kind: "maintainer" },
    });
    passDelay(world);
    await patch(of, next, { graceMinutes: 60 });
    for (const key of [stolen, next])
      await done(world, "DELETE", `${at}/credentials/${idIn(key)}`, { key: own.maintainer });
    passDelay(world);
    assert.equal(standing(world, own).policy.graceMinutes, 15);
  });

  test("revoke the watcher's key without the watcher's contacts and the operator being told", async () => {
    const { world, own, stolen, at } = await scene();
    await done(world, "DELETE", `${at}/credentials/${idIn(own.maintainer)}`, { key: stolen });
    const [told, ...others] = toldOf(world);
    assert.match(told ?? "", new RegExp(`open to pager: Key revoked: ${idIn(own.maintainer)}`));
    assert.equal(others.length, 0);
    // And the operator can take everything away from them again.
    await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, { key: world.operator });
    assert.equal(await refusal(world, "GET", at, { key: stolen }), "revoked-key");
  });

  test("keep the contacts from hearing of what comes by ending them first", async () => {
    const { world, stolen, at, own } = await scene();
    await done(world, "DELETE", `${at}/contacts/pager`, { key: stolen });
    pass(world, QUIETENING_MS - 1);
    await done(world, "PATCH", `${at}/policy`, { key: stolen, json: { graceMinutes: 60 } });
    assert.deepEqual(
      world.kept.alerts.map(({ to }) => to),
      [["pager"], ["pager"]],
    );
    assert.equal(standing(world, own).policy.graceMinutes, 15);
  });

  test("end the watch before the delay is over, however often they ask", async () => {
    const { world, stolen, at, own } = await scene();
    for (let hour = 0; hour < 23; hour += 1) {
      await done(world, "DELETE", at, { key: stolen });
      pass(world, hours(1));
      assert.equal(standing(world, own).endedAt, null);
    }
  });

  test("make a watcher's key end early by rotating it, once or often", async () => {
    const { world, own, stolen, at } = await scene();
    const path = `${at}/credentials/${idIn(own.maintainer)}/rotate`;
    for (let count = 0; count < 3; count += 1) await done(world, "POST", path, { key: stolen });
    assert.equal(toldOf(world).length, 3);
    pass(world, 2 * QUIETENING_MS - 1);
    // Of what was asked for everybody knew, and the watcher's key still works after it came true.
    await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, { key: own.maintainer });
    const { key } = await done<KeyAddedAnswer>(world, "POST", `${at}/credentials`, {
      key: own.maintainer,
      json: { kind: "maintainer" },
    });
    passDelay(world);
    assert.equal((await asks(world, "GET", at, { key })).status, 200);
  });

  test("take back that their key was revoked", async () => {
    const { world, own, stolen, at } = await scene();
    const { changes } = await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, {
      key: own.maintainer,
    });
    const path = `${at}/changes/${changes[0]?.id}`;
    assert.equal(await refusal(world, "DELETE", path, { key: stolen }), "revoked-key");
    for (const key of [own.maintainer, world.operator])
      assert.equal(await refusal(world, "DELETE", path, { key }), "no-such-change");
  });

  test("come back by having a revoked key rotated, or added again", async () => {
    const { world, own, stolen, at } = await scene();
    await done(world, "DELETE", `${at}/credentials/${idIn(stolen)}`, { key: own.maintainer });
    for (const key of [stolen, own.maintainer])
      assert.equal(
        await refusal(world, "POST", `${at}/credentials/${idIn(stolen)}/rotate`, { key }),
        key === stolen ? "revoked-key" : "no-such-credential",
      );
  });
});

suite("with a CI key nobody can", () => {
  test("read or change anything of the enrolment", async () => {
    const { world, own, at } = await scene();
    const before = world.stored();
    for (const [method, path] of [
      ["GET", at],
      ["GET", `${at}/history`],
      ["PATCH", `${at}/policy`],
      ["POST", `${at}/credentials`],
      ["POST", `${at}/credentials/${idIn(own.ci)}/rotate`],
      ["DELETE", `${at}/credentials/${idIn(own.ci)}`],
      ["DELETE", `${at}/credentials/${idIn(own.maintainer)}`],
      ["DELETE", `${at}/changes/x`],
      ["DELETE", at],
      ["POST", `${at}/vouch`],
      ["POST", "/v1/enrolments"],
      ["POST", "/v1/invitations"],
    ] as const)
      assert.equal(
        await refusal(world, method, path, { key: own.ci, ...(method !== "GET" && { json: {} }) }),
        "wrong-key-kind",
      );
    const list = await done<EnrolmentsAnswer>(world, "GET", "/v1/projects/six/enrolments", { key: own.ci });
    assert.deepEqual(list, await done(world, "GET", "/v1/projects/six/enrolments"));
    assert.equal(world.stored(), before);
  });
});

suite("with the operator's key nobody can", () => {
  test("become a watcher's maintainer, or touch what the watcher chose", async () => {
    const { world, own, at } = await scene();
    const key = world.operator;
    const before = world.stored();
    for (const [method, path, json] of [
      ["POST", `${at}/credentials`, { kind: "maintainer" }],
      ["POST", `${at}/credentials/${idIn(own.maintainer)}/rotate`, {}],
      ["PATCH", `${at}/policy`, { graceMinutes: 60 }],
      ["POST", `${at}/contacts`, { kind: "email", address: "thief@example.org" }],
      ["DELETE", `${at}/contacts/pager`, {}],
      ["POST", `${at}/signers`, { key: "ssh-ed25519 AAAA" }],
      ["POST", `${at}/publishers`, { repository: "thief/six" }],
      ["POST", "/v1/projects/six/records", {}],
    ] as const)
      assert.equal(await refusal(world, method, path, { key, json }), "wrong-key-kind");
    assert.equal(world.stored(), before);
  });

  test("end a watch, or a key of it, without the contacts being told", async () => {
    const { world, own, at } = await scene();
    await done(world, "DELETE", at, { key: world.operator });
    await done(world, "DELETE", `${at}/credentials/${idIn(own.ci)}`, { key: world.operator });
    assert.deepEqual(
      world.kept.alerts.map(({ to, grounds }) => [to, grounds.by]),
      [
        [["pager"], idIn(world.operator)],
        [["pager"], idIn(world.operator)],
      ],
    );
    assert.equal(standing(world, own).endedAt, null);
  });

  test("be taken for it once the operator's key was made anew", async () => {
    const { world, at } = await scene();
    world.kept.credentials.delete(idIn(world.operator));
    assert.equal(await refusal(world, "GET", at, { key: world.operator }), "unknown-key");
  });
});
