/** What somebody gets who stole a credential, on the whole monitor: contacts over their own channels, time passing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reach } from "../../bin/telling.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Alert } from "../../functions/ports.ts";
import type { AmendedAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { type Hook, startHook } from "../embedded/receivers.ts";
import { type Keys, startWorld, type World } from "../world.ts";

const PROJECT = "lantern";
const FILE = "lantern-1.0.tar.gz";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MALWARE = Buffer.from("malware");
const line = (bytes: Uint8Array): string => `${sha256(bytes).slice("sha256:".length)}  ${FILE}\n`;

/** A developer with a contact that confirmed, as it is done, and a second key in another place. */
interface Scene {
  readonly world: World;
  readonly hook: Hook;
  readonly developer: Keys;
  readonly second: string;
  /** Asks the enrolment's own routes. */
  ask<T>(method: string, path: string, key: string, body?: unknown): Promise<{ status: number; body: T }>;
  /** What the contact was told: verdict and state. */
  told(): string[];
}

async function asked<T>(world: World, method: string, path: string, key: string, body?: unknown) {
  const answer = await world.host.api.request(path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

async function confirm(world: World, hook: Hook): Promise<void> {
  const { url } = JSON.parse(hook.got.at(-1)?.body ?? "") as { url: string };
  const path = new URL(url).pathname;
  assert.equal((await world.host.api.request(path)).status, 200);
  assert.equal((await world.host.api.request(path, { method: "POST" })).status, 200);
}

async function scene(play: (scene: Scene) => Promise<void>, policy: object = {}): Promise<void> {
  const hook = await startHook();
  const reach: Reach = { webhooks: { userAgent: "counterfoil/test", allowPrivate: true }, mail: null };
  const world = await startWorld({ parts: { reach } });
  try {
    await world.settle();
    const developer = await world.enrol(PROJECT, policy);
    const base = `/v1/projects/${PROJECT}/enrolments/${developer.id}`;
    const ask: Scene["ask"] = (method, path, key, body) => asked(world, method, `${base}${path}`, key, body);
    const contact = { kind: "webhook", address: hook.url };
    assert.equal((await ask("POST", "/contacts", developer.maintainer, contact)).status, 201);
    await world.settle();
    await confirm(world, hook);
    const made = await ask<KeyAddedAnswer>("POST", "/credentials", developer.maintainer, {
      kind: "maintainer",
      name: "kept at home",
    });
    await world.pass(DAY + HOUR, 30);
    const told = (): string[] => {
      const alerts = hook.got.slice(1).map(({ body }) => JSON.parse(body) as Partial<Alert>);
      const once = new Map(alerts.map(({ id, finding }) => [id, finding]));
      return [...once.values()].flatMap((finding) =>
        finding ? [`${finding.verdict} ${finding.state}`] : [],
      );
    };
    await play({ world, hook, developer, second: made.body.key, ask, told });
  } finally {
    await world.close();
    await hook.close();
  }
}

const grace = async (world: World): Promise<number | undefined> =>
  (await world.host.ports.enrolments.ofProject(PROJECT))[0]?.policy.graceMinutes;

const publish = (world: World): void =>
  void world.index.publish({ project: PROJECT, version: "1.0", files: [{ name: FILE, bytes: MALWARE }] });

describe("who stole one maintainer key", () => {
  it("is told of before their longer grace acts, and the other key takes it back", () =>
    scene(async ({ world, developer, second, ask, told }) => {
      const before = told().length;
      const { body } = await ask<AmendedAnswer>("PATCH", "/policy", developer.maintainer, {
        graceMinutes: 10_080,
      });
      await world.settle();
      assert.deepEqual(told().slice(before), ["enrolment-changed open"]);
      await world.pass(DAY - 2 * HOUR, 10);
      publish(world);
      await world.pass(HOUR, 10);
      assert.ok(
        world.told().some((each) => each.endsWith(`unrecorded open ${FILE}`)),
        "the old grace still counts",
      );
      const [change] = body.changes;
      assert.equal((await ask("DELETE", `/changes/${change?.id}`, second)).status, 200);
      await world.pass(2 * DAY, 20);
      assert.equal(await grace(world), 15);
      assert.ok(told().includes("enrolment-changed resolved"));
    }));

  it("loses with the key what they asked for with it", () =>
    scene(async ({ world, developer, second, ask }) => {
      await ask("PATCH", "/policy", developer.maintainer, { graceMinutes: 10_080 });
      const planted = await ask<KeyAddedAnswer>("POST", "/credentials", developer.maintainer, {
        kind: "maintainer",
        name: "kept at home, really",
      });
      const id = developer.maintainer.split("_")[2];
      assert.equal((await ask("DELETE", `/credentials/${id}`, second)).status, 200);
      await world.pass(2 * DAY, 20);
      assert.equal((await ask("GET", "", planted.body.key)).status, 401);
      assert.equal((await ask("GET", "", developer.maintainer)).status, 401);
      const { policy } = (await ask<{ policy: { graceMinutes: number } }>("GET", "", second)).body;
      assert.equal(policy.graceMinutes, 15);
    }));

  it("cannot have the contact told no more before the contact was told of it, for a day", () =>
    scene(async ({ world, developer, ask, told }) => {
      const { contacts } = (await ask<{ contacts: { id: string }[] }>("GET", "", developer.maintainer)).body;
      await ask("DELETE", `/contacts/${contacts[0]?.id}`, developer.maintainer);
      await world.settle();
      assert.equal(told().at(-1), "enrolment-changed open");
      publish(world);
      await world.pass(HOUR, 10);
      assert.ok(told().some((each) => each.startsWith("unrecorded")));
      const before = told().length;
      await world.pass(2 * DAY, 20);
      world.index.removeFile(FILE);
      await world.pass(HOUR, 10);
      assert.equal(told().length, before, "after its end it is told nothing");
    }));

  it("may call malware theirs, and the contact hears that two digests are on record", () =>
    scene(async ({ world, developer, second, told }) => {
      await world.record(PROJECT, second, line(Buffer.from("genuine")));
      await world.record(PROJECT, developer.maintainer, line(MALWARE));
      await world.settle();
      assert.ok(told().includes("record-contested open"));
    }));
});

describe("who stole a CI key", () => {
  it("silences nobody who records as a maintainer, and changes nothing", () =>
    scene(async ({ world, developer, ask, told }) => {
      const other = `${"a".repeat(64)}  lantern-0.9.tar.gz\n`;
      await world.record(PROJECT, developer.maintainer, other);
      await world.pass(HOUR, 5);
      await world.record(PROJECT, developer.ci, line(MALWARE));
      publish(world);
      await world.pass(HOUR, 10);
      assert.ok(told().some((each) => each.startsWith("unrecorded")));
      for (const [method, path] of [
        ["PATCH", "/policy"],
        ["POST", "/credentials"],
        ["GET", ""],
        ["GET", "/history"],
        ["POST", "/drill"],
      ] as const)
        assert.equal((await ask(method, path, developer.ci, method === "GET" ? undefined : {})).status, 403);
    }));

  it("records nothing at all where signatures are demanded", () =>
    scene(
      async ({ world, developer }) => {
        assert.equal((await world.record(PROJECT, developer.ci, line(MALWARE))).status, 403);
        publish(world);
        await world.pass(HOUR, 10);
        assert.equal(await world.verdict(PROJECT, FILE), "unrecorded listed");
      },
      { requireSignature: true },
    ));
});

describe("a drill", () => {
  it("reaches the contact, marked, and nobody else", () =>
    scene(async ({ world, hook, developer, ask }) => {
      const operatorsBefore = world.alerts.length;
      assert.equal((await ask("POST", "/drill", developer.maintainer)).status, 202);
      await world.settle();
      const { subject, severity } = JSON.parse(hook.got.at(-1)?.body ?? "") as Record<string, string>;
      assert.deepEqual([subject, severity], ["[counterfoil] DRILL, nothing is wrong: lantern", "critical"]);
      assert.equal(world.alerts.length, operatorsBefore);
      assert.equal((await ask("POST", "/drill", developer.maintainer)).status, 429);
    }));
});

describe("a change whose time has come", () => {
  it("has judged again what depends on it, with nobody asking", () =>
    scene(
      async ({ world, developer, ask }) => {
        publish(world);
        await world.pass(HOUR / 6, 4);
        assert.equal(await world.verdict(PROJECT, FILE), "unrecorded listed");
        await ask("PATCH", "/policy", developer.maintainer, { strict: false, graceMinutes: 10_080 });
        await world.pass(DAY - HOUR, 10);
        assert.equal(await world.verdict(PROJECT, FILE), "unrecorded listed");
        await world.pass(2 * HOUR, 10);
        assert.equal(await world.verdict(PROJECT, FILE), "awaiting-record listed");
      },
      { strict: true },
    ));
});
