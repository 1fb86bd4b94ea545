import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openFolder, operatorKey, WrongFolder } from "../../bin/folder.ts";
import { enrolments } from "../../functions/embedded/enrolments.ts";
import { FolderInUse, lockFolder } from "../../functions/embedded/lock.ts";
import { StillClock } from "../world.ts";
import { inFolder } from "./folders.ts";

const LOCK = new URL("../../functions/embedded/lock.ts", import.meta.url).href;

/** Another process that holds the folder and does nothing else. */
async function holder(folder: string): Promise<ChildProcess> {
  const code = `
    const { lockFolder } = await import(process.argv[1]);
    globalThis.held = lockFolder(process.argv[2]);
    process.stdout.write("held");
    process.stdin.resume();`;
  const args = ["--input-type=module", "--eval", code, "--", LOCK, folder];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  assert.ok(child.stdout);
  await once(child.stdout, "data");
  return child;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

describe("a data folder", () => {
  it(
    "is refused to a second process, which is told whose it is and what to do",
    inFolder(async (folder) => {
      const child = await holder(folder);
      try {
        assert.throws(
          () => lockFolder(folder),
          (error: unknown) => {
            assert.ok(error instanceof FolderInUse);
            assert.match(error.message, new RegExp(`pid ${child.pid}`));
            assert.match(error.message, /stop it first, or choose another --data folder/);
            return true;
          },
        );
      } finally {
        await ended(child, "SIGKILL");
      }
    }),
  );

  it(
    "is free again the moment its process was killed, with nothing to clean up",
    inFolder(async (folder) => {
      await ended(await holder(folder), "SIGKILL");
      const lock = lockFolder(folder);
      assert.equal(readFileSync(join(folder, "counterfoil.pid"), "utf8"), String(process.pid));
      lock.release();
    }),
  );

  it(
    "is refused to the same process a second time, and free when it was closed",
    inFolder((folder) => {
      const first = openFolder(folder, "https://pypi.example");
      assert.throws(() => openFolder(folder, "https://pypi.example"), FolderInUse);
      first.close();
      openFolder(folder, "https://pypi.example").close();
    }),
  );

  it(
    "belongs to the index it was made for; refusing another one leaves it free",
    inFolder((folder) => {
      openFolder(folder, "https://pypi.example").close();
      assert.throws(
        () => openFolder(folder, "https://other.example"),
        (error: unknown) => {
          assert.ok(error instanceof WrongFolder);
          assert.match(
            error.message,
            /made for the index https:\/\/pypi\.example, not for https:\/\/other\.example/,
          );
          return true;
        },
      );
      openFolder(folder, "https://pypi.example").close();
      openFolder(folder, null).close();
    }),
  );

  it(
    "is bound before anything else is kept in it: a kill right after leaves it bound",
    inFolder((folder) => {
      openFolder(folder, "https://pypi.example").abandon();
      assert.throws(() => openFolder(folder, "https://other.example"), WrongFolder);
    }),
  );
});

describe("the operator's key", () => {
  const clock = new StillClock();

  it(
    "is written once, readable by its owner only",
    inFolder(async (folder) => {
      const { store, close } = openFolder(folder, null);
      const path = await operatorKey(folder, enrolments(store), store, clock);
      const key = readFileSync(path, "utf8");
      assert.match(key, /^cf_operator_\w+_[\w-]+\n$/);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.equal(await operatorKey(folder, enrolments(store), store, clock), path);
      assert.equal(readFileSync(path, "utf8"), key);
      close();
    }),
  );

  it(
    "is nowhere in the store: only its SHA-256 is",
    inFolder(async (folder) => {
      const { store, close } = openFolder(folder, null);
      const path = await operatorKey(folder, enrolments(store), store, clock);
      const secret = readFileSync(path, "utf8").trim().split("_").slice(3).join("_");
      assert.ok(secret.length >= 40);
      close();
      assert.ok(!readFileSync(join(folder, "counterfoil.sqlite")).includes(secret));
    }),
  );

  it(
    "is made anew when its file is gone, and the old one opens nothing",
    inFolder(async (folder) => {
      const { store, close } = openFolder(folder, null);
      const port = enrolments(store);
      const idIn = (path: string) => readFileSync(path, "utf8").split("_")[2] ?? "";
      const first = idIn(await operatorKey(folder, port, store, clock));
      assert.equal((await port.credential(first))?.kind, "operator");
      rmSync(join(folder, "operator.key"));
      const second = idIn(await operatorKey(folder, port, store, clock));
      assert.notEqual(second, first);
      assert.equal(await port.credential(first), null);
      assert.equal((await port.credential(second))?.kind, "operator");
      close();
    }),
  );
});
