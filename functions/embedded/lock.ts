import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another process works on the same data folder. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: string) {
    super(
      `${folder} is in use by another counterfoil process${pid === "" ? "" : ` (pid ${pid})`}: stop it first, or choose another --data folder`,
    );
    this.name = "FolderInUse";
  }
}

/**
 * Takes the data folder for this process until it ends, however it ends: the lock is the operating system's, so a
 * killed process leaves none behind. Throws `FolderInUse`.
 */
export function lockFolder(folder: string): { release(): void } {
  const pidFile = join(folder, "counterfoil.pid");
  const lock = new DatabaseSync(join(folder, "counterfoil.lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new FolderInUse(folder, pidIn(pidFile));
  }
  writeFileSync(pidFile, String(process.pid));
  return { release: () => lock.close() };
}

function pidIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
