import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hours, minutes } from "../../functions/domain/instants.ts";
import { ChannelRefused } from "../../functions/ports.ts";
import type { ConfirmedAnswer, ContactAskedAnswer } from "../../functions/records/answers/enrolments.ts";
import { add, contactsPath, HOOK, inForce, linkOf, MAIL } from "./asked-contacts.ts";
import { asks, contact as confirmedContact, done, historyOf, pass, refusal, standing } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { openWorld } from "./world.ts";

describe("adding a contact", () => {
  it("asks it over its channel and has it at once, told nothing yet, and keeps no token", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { contact, changes } = await add(world, own);
    assert.deepEqual([contact.kind, contact.address, contact.confirmed], ["webhook", HOOK.address, false]);
    assert.deepEqual(
      changes.map(({ kind, askedAt, inForceAt }) => [kind, inForceAt === askedAt]),
      [["add-contact", true]],
    );
    assert.deepEqual(inForce(world, own), [HOOK.address]);
    const [question] = world.kept.asked;
    assert.deepEqual(
      [question?.project, question?.enrolment, question?.contact.id],
      ["six", own.id, contact.id],
    );
    const secret = question?.token.split("_").at(-1) ?? "";
    assert.match(secret, /^[0-9a-f]{64}$/);
    const { asked: _, ...rest } = world.kept;
    assert.ok(!JSON.stringify([rest, ...world.kept.credentials.values()]).includes(secret));
    assert.equal(world.kept.unflushed, 0);
  });

  it("keeps what the host's topic calls it", async () => {
    const world = await openWorld((ports) => ({
      ...ports,
      channels: { ...ports.channels, ask: async ({ contact }) => `topic:${contact.address}` },
    }));
    const own = await watcher(world);
    await add(world, own);
    assert.equal(standing(world, own).contacts[0]?.handle, `topic:${HOOK.address}`);
  });

  it("that this host does not reach stores nothing of it", async () => {
    const world = await openWorld((ports) => ({
      ...ports,
      channels: {
        ...ports.channels,
        ask: async () => {
          throw new ChannelRefused("Not in this network.");
        },
      },
    }));
    const own = await watcher(world);
    const before = [standing(world, own), (await historyOf(world, own)).length];
    const answer = await asks(world, "POST", contactsPath(own), { key: own.maintainer, json: HOOK });
    assert.equal(answer.status, 422);
    const { code, detail } = (await answer.json()) as { code: string; detail: string };
    assert.deepEqual([code, detail], ["unreachable-contact", `"${HOOK.address}": Not in this network.`]);
    assert.deepEqual([standing(world, own), (await historyOf(world, own)).length], before);
    assert.deepEqual(world.kept.alerts, []);
  });

  it("a second time answers the one that is there, and asks no mailbox twice in a minute", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { contact } = await add(world, own, MAIL);
    for (let times = 0; times < 3; times += 1) {
      const again = await add(world, own, MAIL);
      assert.deepEqual([again.contact, again.changes], [contact, []]);
    }
    assert.equal(world.kept.asked.length, 1);
    pass(world, minutes(1));
    assert.equal((await add(world, own, MAIL)).contact.id, contact.id);
    assert.equal(world.kept.asked.length, 2);
    await done<ConfirmedAnswer>(world, "POST", linkOf(world));
    pass(world, hours(1));
    assert.equal((await add(world, own, MAIL)).contact.confirmed, true);
    assert.equal(world.kept.asked.length, 2);
    assert.equal((await historyOf(world, own)).filter(({ body }) => body.kind === "amended").length, 1);
  });

  it("twice at once has one of it, and both are answered that one, which its link confirms", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const [one, other] = await Promise.all([add(world, own), add(world, own)]);
    assert.equal(one.contact.id, other.contact.id);
    assert.deepEqual(inForce(world, own), [HOOK.address]);
    const links = world.kept.asked.map((_, nth) => linkOf(world, nth));
    const statuses = await Promise.all(links.map(async (link) => (await asks(world, "POST", link)).status));
    assert.ok(statuses.includes(200));
    assert.equal(standing(world, own).contacts[0]?.confirmedAt, world.kept.now);
  });

  it("eleven at once has ten", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const tried = Array.from({ length: 11 }, (_, nth) =>
      asks(world, "POST", contactsPath(own), {
        key: own.maintainer,
        json: { ...MAIL, address: `${nth}@six.example` },
      }),
    );
    const statuses = (await Promise.all(tried)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [...Array(10).fill(201), 409]);
    assert.equal(inForce(world, own).length, 10);
  });

  it("asks the eleventh nothing", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    for (let nth = 0; nth < 10; nth += 1) await add(world, own, { ...MAIL, address: `${nth}@six.example` });
    const code = await refusal(world, "POST", contactsPath(own), { key: own.maintainer, json: HOOK });
    assert.deepEqual([code, world.kept.asked.length], ["too-many", 10]);
  });
});

describe("adding a contact that fails at one write and is repeated", () => {
  const tried = async (nth: number, mode: (typeof MODES)[number]) => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const own = await watcher(world);
    faulty.arm({ nth, mode });
    const { status } = await asks(world, "POST", contactsPath(own), { key: own.maintainer, json: HOOK });
    return { faulty, world, own, status };
  };

  for (const mode of MODES)
    it(`has one contact, told of once decided, with a link that works: ${mode}`, async () => {
      const { faulty: whole } = await tried(Infinity, mode);
      const writes = whole.names.length;
      assert.ok(writes >= 6, `saw only ${whole.names}`);
      for (let nth = 1; nth <= writes; nth += 1) {
        const { faulty, world, own, status } = await tried(nth, mode);
        assert.equal(status, 500, `${faulty.names}`);
        faulty.arm(null);
        const { contact } = await add(world, own);
        const { contacts } = standing(world, own);
        assert.deepEqual(
          contacts.map(({ id, address }) => [id, address]),
          [[contact.id, HOOK.address]],
        );
        const added = (await historyOf(world, own)).filter(({ body }) => body.kind === "amended");
        assert.equal(added.length, 1);
        assert.ok(world.kept.alerts.some(({ verdict }) => verdict === "enrolment-changed"));
        const links = world.kept.asked.map((_, each) => linkOf(world, each));
        const statuses = await Promise.all(
          links.map(async (link) => (await asks(world, "POST", link)).status),
        );
        assert.ok(statuses.includes(200), `write ${nth}: ${statuses}`);
        assert.equal(world.kept.unflushed, 0);
      }
    });
});

describe("asking a contact again", () => {
  it("is refused for a minute, and says how long", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { contact } = await add(world, own);
    const path = `${contactsPath(own)}/${contact.id}/ask`;
    pass(world, 18_000);
    const answer = await asks(world, "POST", path, { key: own.maintainer });
    assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [429, "42"]);
    pass(world, 42_000);
    const asked = await done<ContactAskedAnswer>(world, "POST", path, { key: own.maintainer });
    assert.deepEqual([asked.contact.id, world.kept.asked.length], [contact.id, 2]);
    assert.equal(world.kept.unflushed, 0);
    assert.notEqual(linkOf(world, 0), linkOf(world, 1));
    await done(world, "POST", linkOf(world, 1));
    assert.notEqual(standing(world, own).contacts[0]?.confirmedAt, null);
  });

  it("is for those that are there", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const path = `${contactsPath(own)}/0123456789abcdef/ask`;
    assert.equal(await refusal(world, "POST", path, { key: own.maintainer }), "no-such-contact");
  });
});

describe("contacts", () => {
  it("are nobody's but the watcher's own maintainers' to change, and nothing happens to them", async () => {
    const world = await openWorld();
    const pager = confirmedContact("pager", world);
    const own = await watcher(world, { contacts: [pager] });
    const [neighbour, elsewhere] = [await watcher(world), await watcher(world, { project: "seven" })];
    const base = contactsPath(own);
    const before = world.stored();
    for (const [method, path, json] of [
      ["POST", base, HOOK],
      ["DELETE", `${base}/pager`, undefined],
      ["POST", `${base}/pager/ask`, undefined],
    ] as const)
      for (const [key, code] of [
        [null, "missing-key"],
        [own.ci, "wrong-key-kind"],
        [world.operator, "wrong-key-kind"],
        [neighbour.maintainer, "wrong-project-key"],
        [elsewhere.maintainer, "wrong-project-key"],
      ] as const)
        assert.equal(await refusal(world, method, path, { key, json }), code, `${method} ${path}`);
    assert.equal(world.stored(), before);
  });

  it("of another enrolment are not there, by whatever address one asks", async () => {
    const world = await openWorld();
    const own = await watcher(world, { contacts: [confirmedContact("pager", world)] });
    const neighbour = await watcher(world);
    const key = neighbour.maintainer;
    const path = `${contactsPath(neighbour)}/pager`;
    assert.equal(await refusal(world, "DELETE", path, { key }), "no-such-contact");
    assert.equal(await refusal(world, "POST", `${path}/ask`, { key }), "no-such-contact");
    assert.equal(standing(world, own).amendments.length, 0);
  });
});
