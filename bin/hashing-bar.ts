import { statSync } from "node:fs";
import { basename } from "node:path";
import { Presets, SingleBar } from "cli-progress";
import { inert } from "../functions/records/quoted.ts";
import { type Hashed, hashFiles } from "./hashing.ts";
import { Misused } from "./misused.ts";

/** Below this, hashing is over before anybody could read the bar. */
const WORTH_A_BAR_BYTES = 32 * 1024 * 1024;

const mb = (sizeBytes: number): string => (sizeBytes / 1e6).toFixed(1);

const barOn = (terminal: NodeJS.WriteStream): SingleBar =>
  new SingleBar(
    {
      stream: terminal,
      format: "hashing  {bar}  {percentage}%  {value} of {total} MB  {file}",
      formatValue: (value, _, type) => (type === "value" || type === "total" ? mb(value) : String(value)),
      clearOnComplete: true,
      // Nothing to restore, so that an interruption ends the program and not the bar alone.
      hideCursor: false,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );

/** Hashes files, with a bar where somebody watches and there is something to wait for. Throws `Misused` for unreadable ones. */
export async function hashAll(
  paths: readonly string[],
  terminal: NodeJS.WriteStream = process.stderr,
): Promise<readonly Hashed[]> {
  const hashed: Hashed[] = [];
  let bar: SingleBar | null = null;
  try {
    const sizeBytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
    if (terminal.isTTY && sizeBytes >= WORTH_A_BAR_BYTES) {
      bar = barOn(terminal);
      bar.start(sizeBytes, 0, { file: inert(basename(paths[0] ?? "")) });
    }
    for await (const each of hashFiles(paths, (bytes) => bar?.increment(bytes))) {
      hashed.push(each);
      bar?.update({ file: inert(basename(paths[hashed.length] ?? each.path)) });
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "no reason given";
    throw new Misused(`not every file could be read: ${inert(why)}`, cause);
  } finally {
    bar?.stop();
  }
  return hashed;
}
