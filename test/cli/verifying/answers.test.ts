import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hexOf, sha256 } from "../../../functions/domain/digests.ts";
import { newKey } from "../ssh.ts";
import { FILE, openStage } from "./world.ts";

suite("what the developer released and the index publishes", () => {
  test("is ok, and by a record alone says that the monitor could lie", async (t) => {
    const stage = await openStage(t);
    const { maintainer } = await stage.watcher();
    await stage.record(maintainer, "genuine");
    await stage.publish("genuine");
    const said = await stage.asked(stage.holds("genuine"));
    assert.deepEqual([said.outcome, said.published, said.released, said.by], ["ok", "same", "ok", "records"]);
    assert.match(said.why, /^It was recorded by a maintainer key at 2026-\S+; it is not signed\.$/);
    assert.match(said.caveats.join("\n"), /^a monitor that lies: .*not signed/);
  });

  test("is ok by a signature checked here, and by a pinned key without the monitor's word", async (t) => {
    const stage = await openStage(t);
    const key = newKey(t);
    const { maintainer } = await stage.watcher({}, [key]);
    await stage.record(maintainer, "genuine", key);
    await stage.publish("genuine");
    const file = stage.holds("genuine");
    const served = await stage.asked(file);
    assert.deepEqual([served.outcome, served.by], ["ok", "signature"]);
    assert.match(served.why, new RegExp(`signed by ${key.fingerprint.replaceAll("+", "\\+")}\\.$`));
    assert.match(served.caveats.join("\n"), /whose keys may sign: pin/);
    const pinned = await stage.asked(file, key.public);
    assert.deepEqual([pinned.outcome, pinned.by], ["ok", "signature"]);
    assert.doesNotMatch(pinned.caveats.join("\n"), /lies/);
    assert.match(pinned.caveats.join("\n"), /^the signing key in other hands\n.*good faith/);
  });

  test("by a signature stays ok after its key was revoked, and says so", async (t) => {
    const stage = await openStage(t);
    const key = newKey(t);
    const { id, maintainer } = await stage.watcher({}, [key]);
    await stage.record(maintainer, "genuine", key);
    await stage.publish("genuine");
    stage.world.clock.ms += 60_000;
    const signer = `${stage.url}/v1/projects/lantern/enrolments/${id}/signers/${encodeURIComponent(key.fingerprint)}`;
    const headers = { authorization: `Bearer ${maintainer}` };
    assert.equal((await fetch(signer, { method: "DELETE", headers })).status, 200);
    const said = await stage.asked(stage.holds("genuine"));
    assert.deepEqual([said.outcome, said.by], ["ok", "signature"]);
    assert.match(said.caveats.join("\n"), /in other hands, which may be why it was revoked at 2026-\S+Z/);
  });

  test("by CI says that the build could have been taken over", async (t) => {
    const stage = await openStage(t);
    const { ci } = await stage.watcher();
    await stage.record(ci, "genuine");
    await stage.publish("genuine");
    const said = await stage.asked(stage.holds("genuine"));
    assert.equal(said.outcome, "ok");
    assert.match(said.caveats.join("\n"), /whoever holds the CI/);
  });
});

suite("an ok by a blind monitor", () => {
  test("says since when it would not have seen", async (t) => {
    const stage = await openStage(t);
    const { maintainer } = await stage.watcher();
    await stage.record(maintainer, "genuine");
    await stage.publish("genuine");
    const file = stage.holds("genuine");
    assert.doesNotMatch((await stage.asked(file)).caveats.join("\n"), /blind/);
    stage.world.clock.ms += 3_600_000;
    const said = await stage.asked(file);
    assert.equal(said.outcome, "ok");
    assert.match(said.caveats.join("\n"), /what happened since 2026-\S+, because the monitor is blind: /);
  });
});

suite("a file that is not what the developer released", () => {
  test("is a difference though the index publishes it, and the genuine one because it does not", async (t) => {
    const stage = await openStage(t);
    const { maintainer } = await stage.watcher();
    await stage.record(maintainer, "genuine");
    await stage.publish("malware");
    const bad = await stage.asked(stage.holds("malware"));
    assert.deepEqual([bad.outcome, bad.published, bad.released], ["differs", "same", "differs"]);
    assert.ok(bad.why.includes(hexOf(sha256("genuine"))));
    const good = await stage.asked(stage.holds("genuine"));
    assert.deepEqual([good.outcome, good.published, good.released], ["differs", "other", "ok"]);
    const gone = await stage.asked(stage.holds("x", "lantern-2.0.tar.gz"));
    assert.deepEqual([gone.outcome, gone.published, gone.released], ["differs", "gone", "unknown"]);
  });

  test("is a difference when its record was taken back", async (t) => {
    const stage = await openStage(t);
    const { id, maintainer } = await stage.watcher();
    await stage.record(maintainer, "genuine");
    await stage.publish("genuine");
    const { records } = stage.world.host.ports;
    await records.withdraw(id, FILE, sha256("genuine"), stage.world.clock.now());
    const said = await stage.asked(stage.holds("genuine"));
    assert.deepEqual([said.outcome, said.released], ["differs", "differs"]);
    assert.match(said.why, /took it back at 2026-/);
  });

  test("is a difference where two digests are on record, unless a pinned key signed one of them", async (t) => {
    const stage = await openStage(t);
    const key = newKey(t);
    const { maintainer, ci } = await stage.watcher({}, [key]);
    await stage.record(ci, "stolen");
    await stage.record(maintainer, "genuine", key);
    await stage.publish("genuine");
    const file = stage.holds("genuine");
    assert.match((await stage.asked(file)).why, /at most one can be what was released/);
    assert.equal((await stage.asked(file, key.public)).outcome, "ok");
    assert.equal((await stage.asked(stage.holds("stolen"), key.public)).released, "differs");
  });
});

suite("what nobody can tell", () => {
  test("is a project that nobody enrolled, and a file that was merely first seen", async (t) => {
    const stage = await openStage(t);
    await stage.publish("before");
    const file = stage.holds("before");
    const stranger = await stage.asked(file);
    assert.deepEqual([stranger.outcome, stranger.published, stranger.by], ["unknown", "same", "nothing"]);
    assert.match(stranger.why, /Nobody has enrolled lantern/);
    await stage.world.enrol("lantern");
    await stage.world.pass(60_000);
    const seen = await stage.asked(file);
    assert.deepEqual([seen.released, seen.by], ["unknown", "monitor"]);
    assert.match(
      seen.why,
      /^No developer's record says .* first saw this digest before anybody recorded one/,
    );
    assert.doesNotMatch((await stage.asked(stage.holds("another"))).why, /first saw/);
  });

  test("is what CI alone recorded where a maintainer confirms", async (t) => {
    const stage = await openStage(t);
    const { maintainer, ci } = await stage.watcher();
    await stage.record(maintainer, "earlier", undefined, "lantern-0.9.tar.gz");
    await stage.record(ci, "by CI");
    await stage.publish("by CI");
    const said = await stage.asked(stage.holds("by CI"));
    assert.deepEqual([said.outcome, said.published, said.released], ["unknown", "same", "unknown"]);
    assert.equal(said.by, "monitor");
    await stage.publish("earlier", "lantern-0.9.tar.gz");
    const shown = await stage.asked(stage.holds("by CI"));
    assert.deepEqual([shown.released, shown.by], ["unknown", "records"]);
    assert.match(shown.why, /CI alone/);
  });

  test("is what only a stranger recorded, whatever they recorded, until a pinned key says so", async (t) => {
    const stage = await openStage(t);
    const key = newKey(t);
    const stranger = await stage.watcher({ selfClaimed: true }, [key]);
    await stage.record(stranger.maintainer, "theirs", key);
    await stage.publish("theirs");
    const same = await stage.asked(stage.holds("theirs"));
    const other = await stage.asked(stage.holds("others"));
    assert.deepEqual([same.outcome, same.released, other.released], ["unknown", "unknown", "unknown"]);
    assert.match(same.why, /for whom nobody vouches/);
    assert.equal((await stage.asked(stage.holds("theirs"), key.public)).outcome, "ok");
  });

  test("is everything of which the party that knows does not answer", async (t) => {
    const stage = await openStage(t);
    const { maintainer } = await stage.watcher();
    await stage.record(maintainer, "genuine");
    await stage.publish("genuine");
    const file = stage.holds("genuine");
    stage.lies(() => new Response("gone", { status: 502 }));
    const silent = await stage.asked(file);
    assert.deepEqual([silent.outcome, silent.published, silent.released], ["unknown", "same", "unknown"]);
    await stage.world.index.close();
    const nobody = await stage.asked(file);
    assert.deepEqual([nobody.outcome, nobody.published], ["unknown", "unknown"]);
  });
});

suite("a stranger", () => {
  test("makes neither a false file right nor a right one false", async (t) => {
    const stage = await openStage(t);
    const { maintainer } = await stage.watcher();
    const stranger = await stage.watcher({ selfClaimed: true });
    await stage.record(maintainer, "genuine");
    await stage.record(stranger.maintainer, "malware");
    await stage.publish("genuine");
    const right = await stage.asked(stage.holds("genuine"));
    assert.equal(right.outcome, "ok");
    assert.match(right.caveats.join("\n"), /self-claimed watcher/);
    assert.equal((await stage.asked(stage.holds("malware"))).released, "differs");
  });
});
