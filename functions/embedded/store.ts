import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { FROM_BEFORE, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** How a store is opened. The last two are for tests that pull the plug. */
export interface StoreOptions {
  /** `turn`: one commit per turn of the event loop, all or nothing. `each`: every statement by itself. */
  readonly commits?: "turn" | "each";
  /** Called before and after every write; what it throws is a crash at exactly that point. */
  readonly onWrite?: (sql: string, moment: "before" | "after") => void;
}

type Value = SQLInputValue;

/**
 * One SQLite file, written by one process. Writes of one turn of the event loop share a transaction that commits right
 * after it (WAL, synchronous=NORMAL): a crash takes back whole turns, so that cursor, queues and ledger go back
 * together. `flush` is for what was promised to somebody: after it, a power failure takes nothing back.
 * See https://www.sqlite.org/pragma.html#pragma_synchronous and https://www.sqlite.org/wal.html.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #options: StoreOptions;
  readonly #statements = new Map<string, StatementSync>();
  readonly #waiting: (() => void)[] = [];
  #open = false;
  #scheduled = false;

  constructor(path: string, options: StoreOptions = {}) {
    this.#options = options;
    this.#db = new DatabaseSync(path, { timeout: 5_000 });
    this.#db.exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY",
    );
    this.#bringUp();
  }

  /** To the form that this version knows, in one transaction; a file of a later version is left alone. */
  #bringUp(): void {
    const version = Number(this.#db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > SCHEMA_VERSION)
      throw new Error(
        `this data was written by a later version of Counterfoil: run that one, or a later one`,
      );
    const isNew = this.#db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() === undefined;
    const change = isNew || version === SCHEMA_VERSION ? SCHEMA : FROM_BEFORE;
    this.#db.exec(`BEGIN IMMEDIATE; ${change}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  }

  /** Rows as the schema has them: this file is written by nobody else. */
  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, ...values: Value[]): Row | null {
    return (this.#prepared(sql).get(...values) as Row | undefined) ?? null;
  }

  /** One write; answers how many rows it changed. */
  run(sql: string, ...values: Value[]): number {
    return this.#writing(sql, () => Number(this.#prepared(sql).run(...values).changes));
  }

  /** One write that answers the rows it changed. */
  returning<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#writing(sql, () => this.#prepared(sql).all(...values) as Row[]);
  }

  /** All of its writes or none, also when it throws in the middle. Must not await anything. */
  atomically<T>(writes: () => T): T {
    this.#begin();
    this.#db.exec("SAVEPOINT whole");
    try {
      const result = writes();
      this.#db.exec("RELEASE whole");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK TO whole; RELEASE whole");
      throw error;
    } finally {
      if (this.#options.commits === "each") this.commit();
    }
  }

  /** Resolves when everything written so far is committed: a crash of this process cannot take it back. */
  committed(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Everything written so far survives a power failure. */
  flush(): void {
    this.commit();
    this.#db.exec("PRAGMA synchronous=FULL; BEGIN IMMEDIATE");
    // In WAL mode it is the commit of a write that syncs, and it syncs everything before it too.
    this.#db.exec("INSERT INTO meta VALUES ('flushes', '1') ON CONFLICT DO UPDATE SET value = value + 1");
    this.#db.exec("COMMIT; PRAGMA synchronous=NORMAL");
  }

  commit(): void {
    if (this.#open) {
      this.#open = false;
      this.#db.exec("COMMIT");
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  close(): void {
    this.commit();
    this.#db.close();
  }

  /** What a killed process leaves behind: nothing of the open transaction. */
  abandon(): void {
    if (this.#open) this.#db.exec("ROLLBACK");
    this.#open = false;
    this.#db.close();
  }

  #writing<T>(sql: string, write: () => T): T {
    this.#options.onWrite?.(sql, "before");
    if (this.#options.commits !== "each") this.#begin();
    const result = write();
    this.#options.onWrite?.(sql, "after");
    return result;
  }

  #begin(): void {
    if (this.#open) return;
    this.#db.exec("BEGIN IMMEDIATE");
    this.#open = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#open) this.commit();
    });
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** A row of one JSON column. */
export interface Body {
  readonly body: string;
}

/** The domain value in a JSON column: this file is written by nobody else. */
export const parsed = <T>({ body }: Body): T => JSON.parse(body) as T;
