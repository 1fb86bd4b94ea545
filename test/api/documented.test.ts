import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PROBLEMS } from "../../functions/api/problems.ts";

const DOCUMENT = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

/** `code` and status of each row of the table of refusals; a row may have several of either. */
const documented = (): [string, number][] => {
  const rows = DOCUMENT.slice(DOCUMENT.indexOf("## Refusals")).matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm);
  return [...rows].flatMap(([, codes = "", statuses = ""]) =>
    codes.split(", ").map((code, index): [string, number] => {
      const each = statuses.split(", ");
      return [code.replaceAll("`", ""), Number(each[index] ?? each[0])];
    }),
  );
};

test("docs/api.md lists every code with its status, and no other", () => {
  const known = Object.entries(PROBLEMS).map(([code, { status }]): [string, number] => [code, status]);
  assert.deepEqual(documented().toSorted(), known.toSorted());
});
