import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { hours } from "../../functions/domain/instants.ts";
import { Keygen } from "../records/ssh/keygen.ts";
import { done, pass, passDelay, pathOf, refusal, standing } from "./changing.ts";
import { add, allowed, end, newLine } from "./signing-keys.ts";
import { watcher } from "./watchers.ts";
import { openWorld } from "./world.ts";

const keygen = new Keygen();
after(() => keygen.end());

describe("the allowed_signers file", () => {
  it("has who may sign from when to when, without names, and stock ssh-keygen goes by it", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const pair = keygen.make("ed25519");
    await add(world, own, pair.line);
    assert.match(await allowed(world, own), /^#.*\n$/, "one that waits may not sign");
    passDelay(world);
    const file = await allowed(world, own);
    assert.doesNotMatch(file, /alice/);
    const [text, armored] = ["signed", keygen.sign(pair, "signed")];
    const at = (hour: number): string => `-Overify-time=202611${hour < 24 ? 23 : 24}${hour % 24}0000Z`;
    assert.match(keygen.check(file, "six", text, armored, at(13)), /Good "counterfoil" signature/);
    assert.match(keygen.check(file, "six", text, armored, at(11)), /refused/, "before it was in force");
    assert.match(keygen.check(file, "seven", text, armored, at(13)), /refused/, "of another project");
    pass(world, hours(6));
    await end(world, own, pair.fingerprint);
    const after = await allowed(world, own);
    assert.match(keygen.check(after, "six", text, armored, at(13)), /Good "counterfoil" signature/);
    assert.match(keygen.check(after, "six", text, armored, at(19)), /refused/, "after its end");
  });

  it("has no key's time outlast the watch", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    await add(world, own, newLine().line);
    passDelay(world);
    await done(world, "DELETE", pathOf(own), { key: own.maintainer });
    assert.doesNotMatch(await allowed(world, own), /valid-before/);
    passDelay(world);
    const ended = standing(world, own).endedAt?.replace(/[-T:]|\.\d+/g, "");
    pass(world, hours(1));
    assert.match(await allowed(world, own), new RegExp(`^six \\S*valid-before="${ended}" ssh-ed25519 `));
  });

  it("of nobody, of no enrolment, or of another's project is none", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    assert.equal(await allowed(world, own), "# No signing key is registered, or none is in force yet.\n");
    const elsewhere = await watcher(world, { project: "seven" });
    const path = (id: string, project: string): string =>
      `/v1/projects/${project}/enrolments/${id}/allowed_signers`;
    assert.equal(await refusal(world, "GET", path("x", "six")), "no-such-enrolment");
    assert.equal(await refusal(world, "GET", path(elsewhere.id, "six")), "no-such-enrolment");
    assert.equal(await refusal(world, "GET", path(own.id, "eight")), "not-enrolled");
  });
});
