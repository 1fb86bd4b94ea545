import { statSync } from "node:fs";
import { basename } from "node:path";
import type { SingleBar } from "cli-progress";
import { inert } from "../functions/records/quoted.ts";
import { byteBar, WORTH_A_BAR_BYTES } from "./byte-bar.ts";
import { type Hashed, hashFiles } from "./hashing.ts";
import { Misused } from "./misused.ts";

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
      bar = byteBar("hashing", terminal);
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
