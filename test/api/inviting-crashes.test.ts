import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { brokenAt, invitationsSubject } from "../../functions/domain/ledger.ts";
import type { InvitedAnswer } from "../../functions/records/answers/enrolments.ts";
import { asks, done, historyOf, passDelay, pathOf, standing } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { openWorld } from "./world.ts";

const AGAIN = ["changes.send", "durability.flush"];

suite("an invitation that fails at one write works for nobody, or is written down; another is made", () => {
  const writes = ["ledger.append", "enrolments.addCredential", "durability.flush"];
  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}`, async () => {
        const faulty = new FaultyWrites();
        const world = await openWorld(faulty.through);
        const asked = { key: world.operator, json: { project: "six" } };
        await asks(world, "POST", "/v1/invitations", { key: world.operator, json: {} });
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await asks(world, "POST", "/v1/invitations", asked)).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        const { invitation } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
        const entries = await world.ports.ledger.read(invitationsSubject("six"));
        assert.equal(brokenAt(entries), null);
        const told = entries.map(({ body }) => (body.kind === "invited" ? body.credential : ""));
        for (const { id, kind } of world.kept.credentials.values())
          assert.ok(kind !== "invitation" || told.includes(id));
        await done(world, "POST", "/v1/enrolments", { key: invitation, json: { project: "six" } });
      });

  test("these are all of its writes", async () => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    await asks(world, "POST", "/v1/invitations", { key: world.operator, json: {} });
    faulty.arm(null);
    await done(world, "POST", "/v1/invitations", { key: world.operator, json: { project: "six" } });
    assert.deepEqual(faulty.names, writes);
  });
});

suite("an enrolment by invitation that fails at one write", () => {
  const writes = ["ledger.append", "enrolments.add", "deadlines.putIfAbsent", ...AGAIN];

  async function invitedWorld() {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const asked = { key: world.operator, json: { project: "six" } };
    const { invitation: key } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
    // Used, in vain.
    await asks(world, "POST", "/v1/enrolments", { key, json: {} });
    faulty.arm(null);
    const enrol = () => asks(world, "POST", "/v1/enrolments", { key, json: { project: "six" } });
    return { faulty, world, enrol, asked };
  }

  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}: is written down if it is there, and lets in one at most`, async () => {
        const { faulty, world, enrol, asked } = await invitedWorld();
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await enrol()).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        for (const { id } of world.kept.enrolments)
          assert.equal((await historyOf(world, { id }))[0]?.body.kind, "enrolled");
        const isUsed = world.kept.enrolments.length === 1;
        assert.equal((await enrol()).status, isUsed ? 401 : 201);
        assert.equal(world.kept.enrolments.length, 1);
        if (!isUsed) return;
        // The keys are lost: the operator invites again, and ends what nobody has keys of.
        const { invitation } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
        await done(world, "POST", "/v1/enrolments", { key: invitation, json: { project: "six" } });
        const [lost] = world.kept.enrolments;
        assert.ok(lost);
        await done(world, "DELETE", pathOf(lost), { key: world.operator });
        passDelay(world);
        assert.notEqual(standing(world, lost).endedAt, null);
        assert.equal(
          world.kept.deadlines.some(({ kind }) => kind === "page"),
          true,
        );
      });

  test("these are all of its writes", async () => {
    const { faulty, enrol } = await invitedWorld();
    assert.equal((await enrol()).status, 201);
    assert.deepEqual(faulty.names, writes);
  });
});
