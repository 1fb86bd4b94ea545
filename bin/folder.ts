import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockFolder } from "../functions/embedded/lock.ts";
import { Store, type StoreOptions } from "../functions/embedded/store.ts";
import type { Clock, Enrolments } from "../functions/ports.ts";
import { mintKey } from "../functions/records/credentials.ts";

/** The data folder belongs to another index. */
export class WrongFolder extends Error {
  constructor(folder: string, bound: string, asked: string) {
    super(
      `${folder} was made for the index ${bound}, not for ${asked}: its serials mean nothing there. Choose another --data folder`,
    );
    this.name = "WrongFolder";
  }
}

export interface Folder {
  readonly store: Store;
  close(): void;
  /** Ends like a killed process would, for tests. */
  abandon(): void;
}

/**
 * Opens a data folder for this process alone. `index` binds a new folder and must fit an old one; `null` takes it as it
 * is. Throws `FolderInUse` and `WrongFolder`.
 */
export function openFolder(folder: string, index: string | null, options: StoreOptions = {}): Folder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    const store = new Store(join(folder, "counterfoil.sqlite"), options);
    if (index !== null) bind(store, folder, index);
    return {
      store,
      close: () => {
        store.close();
        lock.release();
      },
      abandon: () => {
        store.abandon();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function bind(store: Store, folder: string, index: string): void {
  const bound = store.get<{ value: string }>("SELECT value FROM meta WHERE name = 'index'")?.value;
  if (bound !== undefined && bound !== index) throw new WrongFolder(folder, bound, index);
  if (bound === undefined) {
    store.run("INSERT INTO meta VALUES ('index', ?)", index);
    store.flush();
  }
}

/**
 * The path of the operator's key. Made once, readable by its owner only; made anew when the file is gone, because then
 * nobody holds the old key's secret any more.
 */
export async function operatorKey(
  folder: string,
  enrolments: Enrolments,
  store: Store,
  clock: Clock,
): Promise<string> {
  const path = join(folder, "operator.key");
  if (existsSync(path)) return path;
  const minted = mintKey("operator", { enrolment: null, project: null }, clock.now());
  await enrolments.putOperator(minted.credential);
  store.flush();
  writeFileSync(path, `${minted.key}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(path, 0o600);
  return path;
}
