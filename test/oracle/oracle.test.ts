import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { generated } from "./generate.ts";
import type { Script } from "./script.ts";
import { wrongIn } from "./world.ts";

const KEPT = fileURLToPath(new URL("kept", import.meta.url));
const SOME = 60;

describe("the oracle, which knows a world's truth and nothing of the monitor", () => {
  it(`says what the monitor says, of ${SOME} worlds`, async () => {
    for (let seed = 0; seed < SOME; seed += 1)
      assert.deepEqual(await wrongIn(generated(seed)), [], `seed ${seed}`);
  });

  for (const name of readdirSync(KEPT).filter((each) => each.endsWith(".json")))
    it(`says what the monitor says of ${name.replace(".json", "").replaceAll("-", " ")}`, async () => {
      const script = JSON.parse(readFileSync(join(KEPT, name), "utf8")) as Script;
      assert.deepEqual(await wrongIn(script), []);
    });

  it("notices a world of which something else is said", async () => {
    const script = generated(0);
    const { wrongs } = await import("./compare.ts");
    const { play } = await import("./play.ts");
    const outcome = await play(script);
    assert.notEqual(outcome.alerts.length, 0);
    assert.notDeepEqual(wrongs(script, { ...outcome, alerts: outcome.alerts.slice(1) }), []);
  });
});
