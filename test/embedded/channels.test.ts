import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { render } from "../../functions/alert/render.ts";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import { type Alert, ChannelRefused } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { contact } from "./contacts.ts";
import { type Hook, startHook } from "./receivers.ts";
import { asking, Told } from "./rig.ts";

const ENROLMENT = newEnrolment({ id: "e1", project: "lantern", enrolledAt: minute(0) });
const alertAt = (at: number): Alert => render(aboutDrill(ENROLMENT, minute(at), "k1"));
const alert = alertAt(2);

const HOUR = 3_600_000;

/** A topic, its channels and one receiver. */
async function withHook(claim: (told: Told, hook: Hook) => Promise<void>): Promise<void> {
  const [told, hook] = [new Told(), await startHook()];
  try {
    await claim(told, hook);
  } finally {
    told.close();
    await hook.close();
  }
}

const bodies = ({ got }: Hook): Record<string, unknown>[] => got.map(({ body }) => JSON.parse(body));

describe("a webhook that is asked whether it wants alerts", () => {
  it("gets what a program needs to answer, and words for whoever reads its log", () =>
    withHook(async (told, hook) => {
      const asked = asking({ contact: contact({ address: hook.url, confirmedAt: null }) });
      assert.equal(await told.channels.ask(asked), null);
      await told.drain();
      const [request] = hook.got;
      const { text, ...rest } = bodies(hook)[0] ?? {};
      assert.deepEqual(rest, {
        schema: "counterfoil.confirmation.v1",
        project: "lantern",
        enrolment: "e1",
        contact: "c1",
        token: asked.token,
        url: asked.url,
      });
      assert.match(String(text), /lantern[\s\S]+If you did not ask for this: do nothing/);
      assert.ok(String(text).includes(asked.url));
      assert.equal(request?.method, "POST");
      assert.equal(request?.path, "/hook?k=1");
      assert.equal(request?.headers["content-type"], "application/json");
      assert.equal(request?.headers["counterfoil-confirmation"], "c1");
      assert.equal(request?.headers["user-agent"], "counterfoil/test");
    }));

  it("gets nothing else before it confirmed, and from then on what happens", () =>
    withHook(async (told, hook) => {
      const to = contact({ address: hook.url, confirmedAt: null });
      await told.channels.ask(asking({ contact: to }));
      await told.topics.publish(alertAt(2), [to]);
      await told.drain();
      await told.topics.publish(alertAt(3), [{ ...to, confirmedAt: minute(3) }]);
      await told.drain();
      assert.deepEqual(
        bodies(hook).map(({ schema, id }) => [schema, id]),
        [
          ["counterfoil.confirmation.v1", undefined],
          ["counterfoil.alert.v1", alertAt(3).id],
        ],
      );
    }));

  it("is asked again when it failed, and nobody is told that it did: any stranger can type an address", () =>
    withHook(async (told, hook) => {
      hook.status = 500;
      await told.channels.ask(asking({ contact: contact({ address: hook.url, confirmedAt: null }) }));
      await told.drain();
      hook.status = 410;
      await told.pass(HOUR);
      await told.pass(HOUR);
      assert.equal(hook.got.length, 2);
      assert.equal(await told.dead("contacts"), 1);
      assert.deepEqual(told.said(), []);
    }));
});

describe("a contact's webhook", () => {
  it("gets the alert as everybody's webhook does", () =>
    withHook(async (told, hook) => {
      await told.topics.publish(alert, [contact({ address: hook.url })]);
      await told.drain();
      assert.deepEqual(bodies(hook), [JSON.parse(JSON.stringify(alert))]);
      const [request] = hook.got;
      assert.equal(request?.headers["counterfoil-alert"], alert.id);
      assert.equal(request?.headers["counterfoil-topic"], "findings");
      assert.equal(request?.headers["counterfoil-severity"], "critical");
    }));

  for (const status of [302, 400, 401, 404, 429, 500, 503]) {
    it(`that answers ${status} is told again later, until it answers that it has it`, () =>
      withHook(async (told, hook) => {
        hook.status = status;
        await told.topics.publish(alert, [contact({ address: hook.url })]);
        await told.drain();
        await told.pass(HOUR);
        hook.status = 200;
        await told.pass(HOUR);
        await told.pass(HOUR);
        assert.deepEqual(
          bodies(hook).map(({ id }) => id),
          [alert.id, alert.id, alert.id],
        );
        assert.ok(
          hook.got.every(({ path }) => path === "/hook?k=1"),
          "a redirect was followed",
        );
        assert.deepEqual(told.said(), []);
      }));
  }

  it("that is gone (410) is not told this alert again, and the operator hears which one it is", () =>
    withHook(async (told, hook) => {
      hook.status = 410;
      await told.topics.publish(alert, [contact({ address: hook.url })]);
      await told.drain();
      await told.pass(HOUR);
      assert.equal(hook.got.length, 1);
      assert.equal(await told.dead("contacts"), 1);
      const [finding, ...more] = told.said();
      assert.equal(more.length, 0);
      assert.equal(finding?.verdict, "contact-unreachable");
      assert.equal(finding?.topic, "health");
      assert.equal(finding?.project, null);
      assert.match(finding?.grounds.note ?? "", /^webhook c1 of lantern, enrolment e1: .+answered 410/);
    }));

  it("that is gone is said once a day, however many alerts there are for it", () =>
    withHook(async (told, hook) => {
      hook.status = 410;
      for (const at of [2, 3, 4]) await told.topics.publish(alertAt(at), [contact({ address: hook.url })]);
      await told.drain();
      const ids = told.said().map(({ id }) => id);
      await told.topics.publish(alertAt(5), [contact({ address: hook.url })]);
      await told.pass(24 * HOUR);
      assert.equal(ids.length, 3);
      assert.equal(new Set(ids).size, 1);
      assert.notEqual(told.said()[0]?.id, ids[0]);
    }));

  it("that is not there for days is given up, and the operator hears it", () =>
    withHook(async (told, hook) => {
      await hook.close();
      await told.topics.publish(alert, [contact({ address: hook.url })]);
      await told.drain();
      for (let tried = 1; tried < 300; tried += 1) {
        assert.equal(await told.dead("contacts"), 0);
        await told.pass(600_000);
      }
      assert.equal(await told.dead("contacts"), 1);
      assert.match(told.said()[0]?.grounds.note ?? "", /webhook c1 of lantern.+ECONNREFUSED/);
    }));

  it("is told also when its enrolment has ended it since", () =>
    withHook(async (told, hook) => {
      hook.status = 500;
      await told.topics.publish(alert, [contact({ address: hook.url })]);
      await told.drain();
      hook.status = 200;
      await told.topics.publish(alert, []);
      await told.pass(HOUR);
      assert.equal(hook.got.length, 2);
    }));

  it("that fails holds up neither another contact nor the operator", () =>
    withHook(async (told, hook) => {
      const broken = contact({ id: "c2", address: "http://127.0.0.1:1/" });
      const health = { ...alert, finding: { ...alert.finding, verdict: "blind" as const } };
      await told.topics.publish(health, [broken, contact({ address: hook.url })]);
      await told.drain();
      assert.equal(hook.got.length, 1);
      assert.equal(told.alerts.length, 1);
    }));

  it("never has its path in a log: it may be the secret by which it is let in", () =>
    withHook(async (told, hook) => {
      hook.status = 500;
      await told.topics.publish(alert, [contact({ address: hook.url })]);
      await told.drain();
      hook.status = 410;
      await told.pass(HOUR);
      assert.equal(told.logged.length, 2);
      assert.ok(![...told.logged, JSON.stringify(told.said())].some((line) => line.includes("hook?k=1")));
    }));
});

describe("a host without a mail server", () => {
  it("refuses mail addresses, and says why", async () => {
    const told = new Told();
    const asked = asking({ contact: contact({ kind: "email", address: "a@project.example" }) });
    await assert.rejects(told.channels.ask(asked), (error: unknown) => {
      assert.ok(error instanceof ChannelRefused);
      return /sends no mail/.test(error.message);
    });
    await told.drain();
    assert.equal(await told.dead("contacts"), 0);
    told.close();
  });
});
