import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import type { ConfirmedAnswer, ContactAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { done, pathOf } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { assertRefused, enrolled, get, jsonOf, openWorld, post, type World } from "./world.ts";

const HOUR = 3_600_000;
const ADDRESS = { kind: "webhook", address: "https://hooks.example/<script>alert(1)</script>?a=1&b=2" };

/** A watcher who added a contact, and the path of the link that it was sent. */
async function asked(world: World) {
  const keys = await enrolled(world);
  const base = `/v1/projects/six/enrolments/${keys.id}/contacts`;
  const added = await post(world, base, { key: keys.maintainer, body: JSON.stringify(ADDRESS) });
  assert.equal(added.status, 201);
  const { contact } = await jsonOf<ContactAddedAnswer>(added);
  const path = new URL(world.kept.asked.at(-1)?.url ?? "").pathname;
  return { keys, base, contact, path };
}

const confirmedAt = (world: World): (string | null)[] =>
  world.kept.enrolments.flatMap(({ contacts }) => contacts.map((each) => each.confirmedAt));

const later = (world: World, ms: number): void => {
  world.kept.now = new Date(Date.parse(world.kept.now) + ms).toISOString();
};

describe("a contact's link", () => {
  it("shows a page with one button, and looking at it confirms nothing, however often", async () => {
    const world = await openWorld();
    const { path } = await asked(world);
    const before = world.stored();
    for (let times = 0; times < 3; times += 1) {
      const page = await get(world, path, { accept: "text/html" });
      assert.equal(page.status, 200);
      const text = await page.text();
      assert.equal(text.split("<button>").length, 2);
      assert.match(text, /<form method="post">/);
    }
    assert.equal(world.stored(), before);
    assert.deepEqual(confirmedAt(world), [null]);
  });

  it("lets nothing of what strangers typed act in the page, and nothing be loaded or framed", async () => {
    const world = await openWorld();
    const { path } = await asked(world);
    const page = await get(world, path, { accept: "text/html" });
    const text = await page.text();
    assert.doesNotMatch(text, /<script/i);
    assert.match(text, /%3Cscript%3E|&lt;script&gt;/);
    const policy = page.headers.get("Content-Security-Policy") ?? "";
    for (const rule of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(rule), rule);
    assert.equal(page.headers.get("Referrer-Policy"), "no-referrer");
  });

  it("says whose enrolment asks, in words that act on nothing; of whoever nobody vouched for, no name", async () => {
    const name = '</q></code><script>alert(1)</script><a href="https://evil.example/">PyPI staff';
    for (const [selfClaimed, vouchedAt, isNamed] of [
      [false, null, true],
      [true, "2026-11-22T12:00:00.000Z", true],
      [true, null, false],
    ] as const) {
      const world = await openWorld();
      const own = await watcher(world, { watcher: name, selfClaimed, vouchedAt });
      const json = { kind: "email", address: "security@six.example" };
      await done(world, "POST", `${pathOf(own)}/contacts`, { key: own.maintainer, json });
      const { pathname } = new URL(world.kept.asked[0]?.url ?? "");
      const text = await (await get(world, pathname, { accept: "text/html" })).text();
      assert.match(text, new RegExp(`enrolment is <code>${own.id}</code>`));
      assert.equal(text.includes("PyPI staff"), isNamed, text);
      assert.equal(text.includes("Nobody but they say who they are"), !isNamed);
      assert.doesNotMatch(text, /<script|<a |evil\.example\/">/i);
    }
  });

  it("leads nowhere else: the form has no address, and nothing in the query gives it one", async () => {
    const world = await openWorld();
    const { path } = await asked(world);
    const query = "?action=https://evil.example/&next=//evil.example";
    for (const method of ["GET", "POST"] as const) {
      const answer = await world.app.request(`${path}${query}`, { method, headers: { Accept: "text/html" } });
      assert.deepEqual([answer.status, answer.headers.get("Location")], [200, null]);
      assert.doesNotMatch(await answer.text(), /evil|action=|href=|src=|refresh/i);
    }
  });

  it("confirms by its button, once: the first instant stays", async () => {
    const world = await openWorld();
    const { path, keys, contact } = await asked(world);
    const first = await jsonOf<ConfirmedAnswer>(await post(world, path, {}));
    const at = world.kept.now;
    assert.deepEqual(first, { project: "six", enrolment: keys.id, contact: contact.id, confirmedAt: at });
    later(world, HOUR);
    assert.deepEqual(await jsonOf<ConfirmedAnswer>(await post(world, path, {})), first);
    assert.match(await (await post(world, path, { accept: "text/html" })).text(), /Thank you/);
    assert.deepEqual(confirmedAt(world), [at]);
    const told = (await world.ports.ledger.read(`enrolment/${keys.id}`)).filter(
      ({ body }) => body.kind === "confirmed",
    );
    assert.equal(told.length, 1);
    assert.equal(world.kept.unflushed, 0);
  });

  it("leads nowhere when it is cut, made up, too old, or its contact or enrolment is gone", async () => {
    const world = await openWorld();
    const { path, keys, base, contact } = await asked(world);
    for (const wrong of [path.slice(0, -1), `${path.slice(0, -4)}0000`, "/v1/confirmations/x"]) {
      await assertRefused(await post(world, wrong, {}), { code: "unknown-key", status: 401 });
      const page = await get(world, wrong, { accept: "text/html" });
      assert.deepEqual([page.status, /leads nowhere/.test(await page.text())], [401, true]);
    }
    await world.app.request(`${base}/${contact.id}`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${keys.maintainer}` },
    });
    later(world, 25 * HOUR);
    await assertRefused(await post(world, path, {}), { code: "no-such-contact", status: 404 });
    later(world, 7 * 24 * HOUR);
    await assertRefused(await post(world, path, {}), { code: "expired-key", status: 401 });
    assert.deepEqual(confirmedAt(world), [null]);
  });

  it("of an enrolment that ended confirms nothing", async () => {
    const world = await openWorld();
    const { path } = await asked(world);
    const [enrolment] = world.kept.enrolments;
    assert.ok(enrolment);
    world.kept.enrolments[0] = newEnrolment({ ...enrolment, endedAt: world.kept.now });
    await assertRefused(await post(world, path, {}), { code: "enrolment-ended", status: 409 });
  });

  it("carries a token that is good for nothing else", async () => {
    const world = await openWorld();
    const { path, keys } = await asked(world);
    const token = path.split("/").at(-1) ?? "";
    const own = `/v1/projects/six/enrolments/${keys.id}`;
    for (const [tried, body] of [
      ["/v1/projects/six/records", `${"a".repeat(64)}  six-1.17.0.tar.gz\n`],
      [`${own}/drill`, ""],
      ["/v1/enrolments", '{"project": "six"}'],
      ["/v1/invitations", '{"project": "six"}'],
    ] as const)
      await assertRefused(await post(world, tried, { key: token, body }), {
        code: "wrong-key-kind",
        status: 403,
      });
    const listed = await jsonOf<{ enrolments: object[] }>(
      await get(world, "/v1/projects/six/enrolments", { key: token }),
    );
    assert.ok(listed.enrolments.every((each) => !("contacts" in each)));
    for (const key of [keys.maintainer, keys.ci, world.operator])
      await assertRefused(await post(world, `/v1/confirmations/${key}`, {}), {
        code: "unknown-key",
        status: 401,
      });
  });
});

describe("asking a contact", () => {
  it("again sends another link, not within a minute, and the same address is the same contact", async () => {
    const world = await openWorld();
    const { base, keys, contact, path } = await asked(world);
    later(world, 2 * 60_000);
    const again = await post(world, base, { key: keys.maintainer, body: JSON.stringify(ADDRESS) });
    assert.equal((await jsonOf<ContactAddedAnswer>(again)).contact.id, contact.id);
    await assertRefused(await post(world, `${base}/${contact.id}/ask`, { key: keys.maintainer }), {
      code: "too-soon",
      status: 429,
    });
    later(world, 60_000);
    assert.equal((await post(world, `${base}/${contact.id}/ask`, { key: keys.maintainer })).status, 200);
    assert.equal(world.kept.asked.length, 3);
    assert.equal((await post(world, path, {})).status, 200);
    assert.equal(world.kept.enrolments[0]?.contacts.length, 1);
  });

  it("refuses what is no address, and the eleventh", async () => {
    const world = await openWorld();
    const { base, keys } = await asked(world);
    const add = (kind: string, address: string) =>
      post(world, base, { key: keys.maintainer, body: JSON.stringify({ kind, address }) });
    for (const [kind, address] of [
      ["webhook", "ftp://hooks.example/"],
      ["webhook", "https://user:secret@hooks.example/"],
      ["webhook", "hooks.example"],
      ["email", "nobody"],
      ["email", "a@b.example\r\nBcc: c@d.example"],
      ["email", "https://hooks.example/"],
    ] as const)
      await assertRefused(await add(kind, address), { code: "bad-contact", status: 422 });
    for (let count = 2; count <= 10; count += 1)
      assert.equal((await add("email", `${count}@six.example`)).status, 201);
    await assertRefused(await add("email", "11@six.example"), { code: "too-many", status: 409 });
  });
});
