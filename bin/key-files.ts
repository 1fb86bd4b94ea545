import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Misused } from "./misused.ts";
import { note } from "./printing.ts";

/** Where an enrolment's keys are kept. */
export const keyFilesIn = (folder: string, project: string) => ({
  maintainer: join(folder, `${project}.maintainer.key`),
  ci: join(folder, `${project}.ci.key`),
});

/**
 * Makes sure that files can be made, before there is a key to put into them: it is shown once, and one that cannot be stored
 * is lost. Throws `Misused`.
 */
export function demandRoomFor(paths: readonly string[]): void {
  for (const path of paths) {
    if (existsSync(path)) throw new Misused(`${path} is there already, and a key is never written over one`);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      accessSync(dirname(path), constants.W_OK);
    } catch (cause) {
      throw new Misused(`no key can be kept in ${dirname(path)}: it cannot be written to`, cause);
    }
  }
}

/**
 * Writes keys to new files that their owner alone may read. `false` when that failed, which was said on the error output: then
 * the keys must be shown, or they are lost.
 */
export function saved(keys: readonly { readonly path: string; readonly key: string }[]): boolean {
  try {
    for (const { path, key } of keys) writeFileSync(path, `${key}\n`, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    note(`counterfoil: not every key could be saved, so they are shown: ${why}`);
    return false;
  }
}
