import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expendable } from "../../functions/aws/expendable.ts";
import { FILE, minute, OTHER } from "../domain/perfect.ts";
import { readLog } from "./stage.ts";

const ITEM = { project: "lantern", file: FILE, digest: OTHER, at: minute(0), keptFor: null };

describe("expendable evidence", () => {
  it("lets the verdict go on when the bucket takes nothing, and says so in the log", async () => {
    const { lines, stage } = readLog();
    const denied = { tap: () => {}, discard: () => {}, commit: () => Promise.reject(new Error("denied")) };
    await expendable({ spool: () => denied }, stage.log)
      .spool()
      .commit(ITEM);
    assert.deepEqual(
      lines.map(({ level, digest, reason }) => [level, digest, reason]),
      [["error", OTHER, "Error: denied"]],
    );
  });

  it("is kept like any other when the bucket takes it", async () => {
    const { lines, stage } = readLog();
    const kept: unknown[] = [];
    const spool = { tap: () => {}, discard: () => {}, commit: async (item: unknown) => void kept.push(item) };
    await expendable({ spool: () => spool }, stage.log)
      .spool()
      .commit(ITEM);
    assert.deepEqual([kept, lines], [[ITEM], []]);
  });
});
