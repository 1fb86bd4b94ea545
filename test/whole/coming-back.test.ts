import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HostParts } from "../../bin/host.ts";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { Journal } from "../../functions/ports.ts";
import { startWorld } from "../world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WAYS = ["down", "empty", "standing still"] as const;
type Way = (typeof WAYS)[number];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The index's journal, in this way of giving nothing new beyond a serial, while there is one. */
const held = (journal: Journal, way: Way, from: () => number | null): Journal => ({
  head: async () => (way === "standing still" ? (from() ?? (await journal.head())) : journal.head()),
  async *after(serial) {
    const last = from();
    for await (const rows of journal.after(serial))
      yield way === "empty" && last !== null ? [] : rows.filter((row) => row.serial <= (last ?? row.serial));
  },
});

/**
 * What is told, in no order, of a removal, a yank, a new owner, a stranger's upload and a quarantine; `way` says how the journal is away
 * meanwhile.
 */
async function toldOf(way: Way | null): Promise<readonly string[]> {
  let last: number | null = null;
  const around = (index: HostParts["index"]) => ({
    ...index,
    journal: way === null ? index.journal : held(index.journal, way, () => last),
  });
  const world = await startWorld({ crossChecks: true, around });
  try {
    const publish = (version: string, text: string) =>
      world.index.publish({
        project: "lantern",
        version,
        files: [{ name: `lantern-${version}.tar.gz`, bytes: bytes(text) }],
      });
    await world.settle();
    const keys = await world.enrol("lantern", { strict: true });
    await world.pass(MINUTE, 2);
    const lines = ["1.1", "1.2"].map((each) => `${hexOf(sha256("genuine"))}  lantern-${each}.tar.gz\n`);
    await world.record("lantern", keys.maintainer, lines.join(""));
    for (const version of ["1.1", "1.2"]) publish(version, "genuine");
    await world.pass(30 * MINUTE, 30);
    assert.deepEqual(world.told(), []);

    last = (await world.host.ports.cursors.read())?.serial ?? null;
    const mend =
      way === "down" ? world.index.faults.spoil({ route: "xmlrpc" }, { kind: "unavailable" }) : () => {};
    world.index.removeFile("lantern-1.1.tar.gz");
    await world.pass(10 * MINUTE, 20);
    world.index.yank("lantern", "1.2");
    world.index.people.turn({ project: "lantern", verb: "add", role: "Owner", name: "mallory" });
    await world.pass(10 * MINUTE, 20);
    publish("2.0", "stolen");
    await world.pass(70 * MINUTE, 70);
    world.index.quarantineProject("lantern");
    await world.pass(40 * MINUTE, 40);
    world.index.clearProjectQuarantine("lantern");
    await world.pass(3 * HOUR, 90);
    last = null;
    mend();
    await world.pass(26 * HOUR, 200);
    return world.told().toSorted();
  } finally {
    await world.close();
  }
}

describe("a journal that was away for hours", () => {
  for (const way of WAYS)
    it(`${way} has told, once it is back, what it would have told at once: nothing less, more, or graver`, async () => {
      const undisturbed = await toldOf(null);
      assert.equal(undisturbed.length, 5);
      assert.deepEqual(await toldOf(way), [
        ...undisturbed,
        "health warning source-fallback open null",
        "health warning source-fallback resolved null",
      ]);
    });
});
