import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQLInputValue } from "node:sqlite";
import { Store } from "../../functions/embedded/store.ts";
import { Plug } from "./plug.ts";

/** Where a world's monitor keeps what it knows. */
export interface Shelf {
  readonly plug: Plug;
  /** Opened anew, after a crash too. */
  open(): Store;
  clear(): void;
}

/** Knows an empty queue at a glance: most are, most of the time. */
class Glancing extends Store {
  override all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    const [queue = null] = values;
    const isReceive = sql.startsWith("SELECT id, body, receives");
    return isReceive && this.get(WAITS, queue) === null ? [] : super.all<Row>(sql, ...values);
  }
}

const WAITS = "SELECT 1 FROM messages WHERE queue = ? LIMIT 1";

let cleared: Store | null = null;

/** One store in memory for all worlds that never crash, wiped between them: its prepared statements are half of a world's time. */
export function memory(): Shelf {
  const store = cleared ?? new Glancing(":memory:");
  cleared = null;
  return {
    plug: new Plug(),
    open: () => store,
    clear: () => {
      wipe(store);
      cleared = store;
    },
  };
}

function wipe(store: Store): void {
  const tables = store.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
  for (const { name } of tables) store.run(`DELETE FROM ${name}`);
  store.commit();
}

/** Worlds that crash need a file; one in memory, where the machine has such. */
const FOLDERS = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export function file(): Shelf {
  const folder = mkdtempSync(join(FOLDERS, "counterfoil-oracle-"));
  let store: Store | null = null;
  let plug = new Plug();
  return {
    get plug() {
      return plug;
    },
    open: () => {
      store?.abandon();
      plug = new Plug();
      store = new Store(join(folder, "counterfoil.sqlite"), plug.options());
      return store;
    },
    clear: () => {
      store?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
