import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reach } from "../../bin/telling.ts";
import type { Contact } from "../../functions/domain/enrolments.ts";
import type { Alert } from "../../functions/ports.ts";
import { contact } from "../embedded/contacts.ts";
import { type Hook, type Mailbox, startHook, startMailbox } from "../embedded/receivers.ts";
import { startWorld, type World } from "../world.ts";

const HOUR = 3_600_000;
const PROJECT = "lantern";

interface Scene {
  readonly world: World;
  readonly hook: Hook;
  readonly box: Mailbox;
  /** One that confirmed by webhook, one by mail, and one that never answered. */
  readonly contacts: readonly Contact[];
}

async function played(claim: (scene: Scene) => Promise<void>): Promise<void> {
  const [hook, box] = [await startHook(), await startMailbox()];
  const smtp = { host: "127.0.0.1", port: box.port, secure: false, requireTLS: false, ignoreTLS: true };
  const webhooks = { userAgent: "counterfoil/test", allowPrivate: true };
  const reach: Reach = { webhooks, mail: { smtp, from: "counterfoil@monitor.example" } };
  const world = await startWorld({ parts: { reach } });
  const contacts = [
    contact({ id: "c1", address: hook.url }),
    contact({ id: "c2", kind: "email", address: "security@project.example" }),
    contact({ id: "c3", address: `${hook.url}&silent`, confirmedAt: null }),
  ];
  try {
    await claim({ world, hook, box, contacts });
  } finally {
    await world.close();
    await hook.close();
    await box.close();
  }
}

/** Enrols with these contacts, as if each had been added and had answered as it says. */
async function enrolledWith(world: World, contacts: readonly Contact[]): Promise<string> {
  const { id } = await world.enrol(PROJECT, { strict: true });
  const { enrolments } = world.host.ports;
  const stored = (await enrolments.ofProject(PROJECT)).find((each) => each.id === id);
  assert.ok(stored);
  await enrolments.put({ ...stored, contacts, number: stored.number + 1 });
  await world.settle();
  return id;
}

async function strangersRelease(world: World): Promise<void> {
  const files = [{ name: "lantern-1.0.tar.gz", bytes: new TextEncoder().encode("not ours") }];
  world.index.publish({ project: PROJECT, version: "1.0", files });
  await world.pass(HOUR);
}

const idsIn = (hook: Hook): string[] => hook.got.map(({ body }) => (JSON.parse(body) as Alert).id);

describe("the contacts of an enrolment", () => {
  it("are told of its findings, each over its own channel, as far as they confirmed", () =>
    played(async ({ world, hook, box, contacts }) => {
      await enrolledWith(world, contacts);
      await strangersRelease(world);
      const told = world.alerts.filter(({ topic }) => topic === "findings").map(({ id }) => id);
      assert.ok(told.length > 0);
      assert.deepEqual([...new Set(idsIn(hook))].sort(), [...new Set(told)].sort());
      assert.deepEqual(
        [...new Set(box.mails.map(({ messageId }) => messageId))].sort(),
        [...new Set(told)].map((id) => `<${id}@monitor.example>`).sort(),
      );
      assert.ok(
        hook.got.every(({ path }) => !path?.includes("silent")),
        "told before it confirmed",
      );
    }));

  it("are not told of what another enrolment's watcher is told", () =>
    played(async ({ world, hook, contacts }) => {
      const own = await enrolledWith(world, contacts);
      await world.enrol(PROJECT, { strict: true });
      await world.settle();
      await strangersRelease(world);
      const enrolments = hook.got.map(({ body }) => (JSON.parse(body) as Alert).finding.enrolment);
      assert.deepEqual([...new Set(enrolments)], [own]);
      const all = world.alerts.filter(({ topic }) => topic === "findings");
      assert.equal(new Set(all.map(({ finding }) => finding.enrolment)).size, 2);
    }));

  it("are told nothing of the monitor itself", () =>
    played(async ({ world, hook, contacts }) => {
      await enrolledWith(world, contacts);
      hook.status = 410;
      await strangersRelease(world);
      const topics = hook.got.map(({ body }) => (JSON.parse(body) as Alert).topic);
      assert.deepEqual([...new Set(topics)], ["findings"]);
      const unreachable = world.alerts.filter(({ finding }) => finding.verdict === "contact-unreachable");
      assert.equal(new Set(unreachable.map(({ id }) => id)).size, 1, "the operator hears of it once");
      assert.match(unreachable[0]?.text ?? "", /webhook c1 of lantern/);
    }));
});
