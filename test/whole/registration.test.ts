import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { startWorld, type World } from "../world.ts";

const FILE = "lantern-1.0.tar.gz";
const GENUINE = Buffer.from("genuine");
const MALWARE = Buffer.from("malware");
const sumOf = (bytes: Uint8Array): string => `${sha256(bytes).slice("sha256:".length)}  ${FILE}\n`;

async function inOpenWorld(play: (world: World) => Promise<void>): Promise<void> {
  const world = await startWorld({ parts: { registration: "open" } });
  try {
    await world.settle();
    await play(world);
  } finally {
    await world.close();
  }
}

const publish = (world: World, bytes: Uint8Array): void =>
  void world.index.publish({ project: "lantern", version: "1.0", files: [{ name: FILE, bytes }] });

const alertsTo = (world: World, enrolment: string) =>
  world.alerts.filter(({ finding }) => finding.enrolment === enrolment);

async function vouch(world: World, id: string): Promise<void> {
  const headers = { authorization: `Bearer ${world.operatorKey}` };
  const path = `/v1/projects/lantern/enrolments/${id}/vouch`;
  assert.equal((await world.host.api.request(path, { method: "POST", headers })).status, 200);
}

describe("a stranger who enrolled where registration is open", () => {
  it("cannot quiet the developer by recording the attacker's file", () =>
    inOpenWorld(async (world) => {
      const developer = await world.enrol("lantern");
      const stranger = await world.enrol("lantern", {}, null);
      await world.settle();
      await world.pass(1_000);
      await world.record("lantern", stranger.maintainer, sumOf(MALWARE));
      await world.record("lantern", developer.maintainer, sumOf(GENUINE));
      publish(world, MALWARE);
      await world.settle();
      const rows = await world.rows("lantern");
      const said = rows.map((row) => [row.enrolment, row.verdict, "selfClaimed" in row && row.selfClaimed]);
      assert.deepEqual(
        said.toSorted(),
        [
          [developer.id, "mismatch", false],
          [stranger.id, "match", true],
        ].toSorted(),
      );
      const [told, ...more] = alertsTo(world, developer.id);
      assert.equal(told?.subject, `[counterfoil] CRITICAL mismatch: lantern 1.0 ${FILE}`);
      assert.deepEqual([told?.finding.selfClaimed, more, alertsTo(world, stranger.id)], [false, [], []]);
    }));

  it("is called self-claimed in every alert, in words and in JSON, until the operator vouches", () =>
    inOpenWorld(async (world) => {
      const { id, maintainer } = await world.enrol("lantern", {}, null);
      await world.settle();
      await world.pass(1_000);
      publish(world, GENUINE);
      await world.settle();
      const [opened] = alertsTo(world, id);
      assert.match(opened?.subject ?? "", /NOTICE awaiting-record \(self-claimed\): lantern/);
      assert.match(opened?.text ?? "", new RegExp(`^watcher: +${id} \\(self-claimed: .* not vouched`, "m"));
      assert.equal(opened?.finding.selfClaimed, true);
      await vouch(world, id);
      const listed: readonly Finding[] = await world.findings("lantern");
      assert.deepEqual(
        listed.map(({ selfClaimed }) => selfClaimed),
        [false],
      );
      await world.record("lantern", maintainer, sumOf(GENUINE));
      await world.settle();
      const resolved = alertsTo(world, id).find(({ finding }) => finding.state === "resolved");
      assert.equal(resolved?.finding.selfClaimed, false);
      assert.doesNotMatch(`${resolved.subject} ${resolved.text}`, /self-claimed/);
    }));
});
