import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { finding, row } from "../api/rows.ts";
import { enrolled, SDIST } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";
import { onTerminal } from "./terminal.ts";

const ESCAPE = "\x1b[";
/** Not everywhere: BSD's script takes other flags. */
const SKIP =
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0 ? false : "needs the script of util-linux";

suite("on a terminal", { skip: SKIP }, () => {
  test("the words of findings are coloured, but in a pipe and under NO_COLOR", async (t) => {
    const { url, world } = await openMonitor(t);
    const { id } = await enrolled(world);
    await world.ports.view.put([row({ enrolment: id })]);
    await world.ports.view.putFindings([finding({ enrolment: id })], 1);
    const asked = ["findings", "six", "--url", url];
    const [shown, plain, piped] = await Promise.all([
      onTerminal(asked),
      onTerminal(asked, { NO_COLOR: "1" }),
      counterfoil(asked),
    ]);
    assert.ok(shown.stdout.includes(ESCAPE), "not coloured");
    assert.equal(plain.stdout, piped.stdout);
    assert.ok(!piped.stdout.includes(ESCAPE));
    assert.deepEqual([shown.code, plain.code, piped.code], [1, 1, 1]);
  });

  test("JSON is never coloured", async (t) => {
    const { url } = await openMonitor(t);
    const { stdout } = await onTerminal(["health", "--json", "--url", url]);
    assert.equal(JSON.parse(stdout).ok, false);
  });

  test("hashing shows a bar for what takes a while, and in a pipe none", async (t) => {
    const { folder } = await openMonitor(t);
    const large = join(folder, SDIST);
    writeFileSync(large, "");
    truncateSync(large, 64 * 1024 * 1024);
    const asked = ["record", large, "--dry-run"];
    const [shown, piped] = await Promise.all([onTerminal(asked), counterfoil(asked)]);
    assert.match(shown.stdout, new RegExp(`hashing .*of 67\\.1 MB {2}${SDIST}`));
    assert.match(shown.stdout, /Nothing was sent\.\n/);
    assert.deepEqual([piped.stderr, piped.code, shown.code], ["", 0, 0]);
  });
});
