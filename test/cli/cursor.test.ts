import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openFolder } from "../../bin/folder.ts";
import { type SandboxIndex, startIndex } from "../../bin/sandbox/index/server.ts";
import { cursors } from "../../functions/embedded/journal-state.ts";

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));
const restart = (folder: string) => run(process.execPath, [PROGRAM, "cursor", "restart", "--data", folder]);

describe("counterfoil cursor restart", () => {
  let index: SandboxIndex;
  let folder: string;
  before(async () => {
    index = await startIndex({ firstSerial: 700 });
    index.seedJournal(5);
    folder = mkdtempSync(join(tmpdir(), "counterfoil-cursor-"));
    openFolder(folder, new URL(index.url).href).close();
  });
  after(async () => {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("begins a new epoch at the journal's head of the index the folder was made for", async () => {
    const { stdout } = await restart(folder);
    assert.match(stdout, /epoch 1 begins at serial 704/);
    index.faults.journalRestoredTo(702);
    assert.match((await restart(folder)).stdout, /epoch 2 begins at serial 702/);
    const opened = openFolder(folder, null);
    const cursor = await cursors(opened.store).read();
    opened.close();
    assert.deepEqual([cursor?.epoch, cursor?.serial, cursor?.blind], [2, 702, null]);
  });

  it("is refused, in words, while the monitor runs", async () => {
    const opened = openFolder(folder, null);
    await assert.rejects(restart(folder), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 3);
      assert.match(error.stderr, /in use by another counterfoil process \(pid \d+\): stop it first/);
      return true;
    });
    opened.close();
  });

  it("leaves nothing behind where there is no monitor's data", async () => {
    const nowhere = join(folder, "nowhere");
    await assert.rejects(restart(nowhere), /holds no monitor's data/);
    assert.equal(existsSync(nowhere), false);
  });
});
