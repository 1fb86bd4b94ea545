import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Answering, reading } from "./serving.ts";
import { plainRow, rowsAnswered } from "./writing.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const ROWS = 50_000;
const [HEAD = "", TAIL = ""] = rowsAnswered("|").split("|");

/** Writes a full answer as fast as it is taken; `written` counts the rows. */
function full(): { written: number; answering: Answering } {
  const page = {
    written: 0,
    answering: ((_request, answer) => {
      answer.writeHead(200, { "Content-Type": "text/xml" });
      answer.write(HEAD);
      const more = () => {
        while (page.written < ROWS)
          if (!answer.write(plainRow(++page.written))) return void answer.once("drain", more);
        answer.end(TAIL);
      };
      more();
    }) satisfies Answering,
  };
  return page;
}

test("50,000 rows come in batches, each held only while it is looked at", async (t) => {
  const page = full();
  const { journal } = await reading(t, page.answering);
  const start = heldBytes();
  const sizes: number[] = [];
  let most = 0;
  for await (const batch of journal.after(0)) {
    sizes.push(batch.length);
    most = Math.max(most, heldBytes() - start);
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.equal(total, ROWS);
  assert.ok(Math.max(...sizes) < 2_000, `a batch of ${Math.max(...sizes)} rows`);
  assert.ok(most < 20e6, `${most} bytes were held`);
});

test("a reader that stops to think stops the index too", async (t) => {
  const page = full();
  const { journal } = await reading(t, page.answering);
  const batches = journal.after(0)[Symbol.asyncIterator]();
  await batches.next();
  let before = -1;
  while (before !== page.written) {
    before = page.written;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.ok(page.written < ROWS, "the whole answer was taken in");
  let rest = 0;
  for (let next = await batches.next(); next.done !== true; next = await batches.next())
    rest += next.value.length;
  assert.ok(rest > 40_000);
});

test("a reader that leaves early lets go of the connection", async (t) => {
  const page = full();
  const closed = Promise.withResolvers<void>();
  const { journal } = await reading(t, (request, answer) => {
    answer.on("close", closed.resolve);
    page.answering(request, answer);
  });
  for await (const batch of journal.after(0)) {
    assert.ok(batch.length > 0);
    break;
  }
  await closed.promise;
  assert.ok(page.written < ROWS);
});
