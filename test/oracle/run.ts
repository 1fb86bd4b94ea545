/**
 * Plays worlds and compares what the monitor said of each with what the oracle says. Exits 1 on a world that differs, after
 * printing its seed and its script, shrunken, ready to be kept in `test/oracle/kept`.
 *
 *     node test/oracle/run.ts [--seed N] [--worlds N] [--first] [--no-shrink] [--script FILE]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { generated } from "./generate.ts";
import type { Script } from "./script.ts";
import { shrunken } from "./shrink.ts";
import { wrongIn } from "./world.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    worlds: { type: "string", default: "1000" },
    shrink: { type: "boolean", default: true },
    script: { type: "string" },
    first: { type: "boolean", default: false },
  },
  allowNegative: true,
});

/** Another thousand each day, the same all day long. */
const today = (): number => Math.floor(Date.now() / 86_400_000) * 1_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Says what is wrong with a world, and the least that is wrong in the same way. */
async function tell(script: Script, wrong: readonly string[]): Promise<void> {
  say(`seed ${script.seed}:\n  ${wrong.join("\n  ")}`);
  const least = values.shrink ? await shrunken(script, wrongIn) : script;
  say(`  ${(await wrongIn(least)).join("\n  ")}\n${JSON.stringify(least)}`);
}

async function main(): Promise<number> {
  if (values.script !== undefined) {
    const script = JSON.parse(readFileSync(values.script, "utf8")) as Script;
    const wrong = await wrongIn(script);
    if (wrong.length > 0) await tell(script, wrong);
    return wrong.length;
  }
  const first = values.seed === undefined ? today() : Number(values.seed);
  const count = Number(values.worlds);
  say(`${count} worlds from seed ${first}`);
  const began = performance.now();
  let failed = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const script = generated(seed);
    const wrong = await wrongIn(script);
    if (wrong.length > 0) await tell(script, wrong);
    failed += wrong.length > 0 ? 1 : 0;
    if (values.first && failed > 0) break;
  }
  say(`${count - failed} as the oracle says, ${failed} not; ${Math.round(performance.now() - began)} ms`);
  return failed;
}

process.exitCode = (await main()) === 0 ? 0 : 1;
