import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Store, type StoreOptions } from "../../functions/embedded/store.ts";
import { inFolder } from "./folders.ts";

const opened = (folder: string, options?: StoreOptions): Store =>
  new Store(join(folder, "store.sqlite"), options);
const put = (store: Store, name: string): number => store.run("INSERT INTO meta VALUES (?, 'x')", name);
const names = (store: Store): string[] =>
  store
    .all<{ name: string }>("SELECT name FROM meta WHERE name <> 'flushes' ORDER BY name")
    .map(({ name }) => name);

/** What a new process finds after this one was killed. */
function killed(store: Store, folder: string): string[] {
  store.abandon();
  const next = opened(folder);
  const found = names(next);
  next.close();
  return found;
}

describe("a turn of the event loop", () => {
  it(
    "is taken back as a whole by a crash, and the turns before it not at all",
    inFolder(async (folder) => {
      const store = opened(folder);
      put(store, "a");
      put(store, "b");
      await store.committed();
      put(store, "c");
      await Promise.resolve();
      put(store, "d");
      assert.deepEqual(names(store), ["a", "b", "c", "d"]);
      assert.deepEqual(killed(store, folder), ["a", "b"]);
    }),
  );

  it(
    "is committed by itself when it is over",
    inFolder(async (folder) => {
      const store = opened(folder);
      put(store, "a");
      // Immediates run in the order they were asked for: this one comes after the store's own.
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(killed(store, folder), ["a"]);
    }),
  );

  it(
    "has its waiters told only once it is committed",
    inFolder(async (folder) => {
      const store = opened(folder);
      put(store, "a");
      let told = false;
      const waiting = store.committed().then(() => {
        told = true;
      });
      await Promise.resolve();
      assert.equal(told, false);
      store.commit();
      await waiting;
      assert.equal(told, true);
      await store.committed();
      store.close();
    }),
  );
});

describe("writes that belong together", () => {
  const broken = (store: Store): void =>
    store.atomically(() => {
      put(store, "b");
      put(store, "c");
      throw new Error("in the middle");
    });

  it(
    "are none of them done when one throws, and what came before in the turn stays",
    inFolder((folder) => {
      const store = opened(folder);
      put(store, "a");
      assert.throws(() => broken(store), /in the middle/);
      put(store, "d");
      assert.deepEqual(names(store), ["a", "d"]);
      store.commit();
      assert.deepEqual(killed(store, folder), ["a", "d"]);
    }),
  );

  it(
    "are none of them done either where every write is committed by itself",
    inFolder((folder) => {
      const store = opened(folder, { commits: "each" });
      put(store, "a");
      assert.throws(() => broken(store), /in the middle/);
      assert.deepEqual(killed(store, folder), ["a"]);
    }),
  );

  it(
    "answer what they made",
    inFolder((folder) => {
      const store = opened(folder);
      assert.equal(
        store.atomically(() => put(store, "a")),
        1,
      );
      store.close();
    }),
  );
});

describe("a flush", () => {
  it(
    "makes safe what was written in the same turn",
    inFolder((folder) => {
      const store = opened(folder);
      put(store, "a");
      store.flush();
      put(store, "b");
      assert.deepEqual(killed(store, folder), ["a"]);
    }),
  );

  it(
    "leaves the store in the mode it found it in: WAL, synchronous=NORMAL",
    inFolder((folder) => {
      const store = opened(folder);
      const level = () => store.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous;
      assert.equal(level(), 1);
      store.flush();
      assert.equal(level(), 1);
      assert.equal(store.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode, "wal");
      store.close();
    }),
  );
});

describe("a crash put between two writes", () => {
  const crashing = (folder: string, moment: "before" | "after"): Store =>
    opened(folder, {
      commits: "each",
      onWrite: (_, when) => {
        if (when === moment) throw new Error(moment);
      },
    });

  for (const [moment, left] of [
    ["before", []],
    ["after", ["a"]],
  ] as const) {
    it(
      `${moment} one leaves ${left.length === 0 ? "nothing" : "it"} behind`,
      inFolder((folder) => {
        const store = crashing(folder, moment);
        assert.throws(() => put(store, "a"), new RegExp(moment));
        assert.deepEqual(killed(store, folder), left);
      }),
    );
  }
});
