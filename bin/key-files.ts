import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Misused } from "./misused.ts";

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

/** Writes a key to a new file that its owner alone may read. */
export const saveKey = (path: string, key: string): void =>
  writeFileSync(path, `${key}\n`, { mode: 0o600, flag: "wx" });
