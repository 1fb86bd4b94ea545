import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hours } from "../../functions/domain/instants.ts";
import { add, contactsPath, end, inForce } from "./asked-contacts.ts";
import { contact as confirmedContact, done, pass, passDelay, pathOf, refusal, toldOf } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld, QUIETENING_MS } from "./world.ts";

describe("ending a contact", () => {
  it("is told to it at once and waits; told again, it answers what waits", async () => {
    const world = await openWorld();
    const pager = confirmedContact("pager", world);
    const own = await watcher(world, { contacts: [pager] });
    const { changes } = await end(world, own, pager.id);
    const [change] = changes;
    assert.equal(
      Date.parse(change?.inForceAt ?? "") - Date.parse(change?.askedAt ?? ""),
      QUIETENING_MS,
      "it waits",
    );
    assert.match(toldOf(world).join(), /^open to pager: Contact removed: https:\/\/pager\.example\/\./);
    pass(world, hours(1));
    assert.deepEqual((await end(world, own, pager.id)).changes, changes);
    assert.equal(toldOf(world).length, 1);
    assert.deepEqual(inForce(world, own), [pager.address]);
    passDelay(world);
    assert.deepEqual(inForce(world, own), []);
    const path = `${contactsPath(own)}/${pager.id}`;
    assert.equal(await refusal(world, "DELETE", path, { key: own.maintainer }), "no-such-contact");
  });

  it("is taken back by adding the same address, which is asked nothing again", async () => {
    const world = await openWorld();
    const pager = confirmedContact("pager", world);
    const own = await watcher(world, { contacts: [pager] });
    await end(world, own, pager.id);
    const { contact } = await add(world, own, { kind: "webhook", address: pager.address });
    assert.deepEqual([contact.id, contact.confirmed, world.kept.asked.length], ["pager", true, 0]);
    assert.deepEqual(
      toldOf(world).map((said) => said.split(" ")[0]),
      ["open", "resolved"],
    );
    passDelay(world);
    assert.deepEqual(inForce(world, own), [pager.address]);
  });

  it("leaves an address that may be added again, as another contact that must confirm anew", async () => {
    const world = await openWorld();
    const pager = confirmedContact("pager", world);
    const own = await watcher(world, { contacts: [pager] });
    await end(world, own, pager.id);
    passDelay(world);
    const { contact } = await add(world, own, { kind: "webhook", address: pager.address });
    assert.notEqual(contact.id, pager.id);
    assert.equal(contact.confirmed, false);
    assert.equal(world.kept.asked.length, 1);
  });

  it("by a thief, of all of them, is told to each, and each is still told until it acts", async () => {
    const world = await openWorld();
    const own = await watcher(world, {
      contacts: ["pager", "mailbox"].map((id) => confirmedContact(id, world)),
    });
    const taken = [await end(world, own, "pager"), await end(world, own, "mailbox")];
    assert.deepEqual(
      toldOf(world).map((said) => said.split(":")[0]),
      ["open to pager,mailbox", "open to pager,mailbox"],
    );
    pass(world, QUIETENING_MS - 1);
    assert.equal(inForce(world, own).length, 2);
    for (const { changes } of taken)
      await done(world, "DELETE", `${pathOf(own)}/changes/${changes[0]?.id}`, { key: own.maintainer });
    passDelay(world);
    assert.equal(inForce(world, own).length, 2);
  });
});
