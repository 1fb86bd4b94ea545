import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { lineOf } from "../../bin/console.ts";
import { finding } from "../api/rows.ts";
import { A, B } from "../api/world.ts";

const SAID = { schema: "counterfoil.alert.v1", id: "a", subject: "", text: "" } as const;
const AT = "2026-11-22T10:00:00.000Z";

function lineWith(digests: readonly string[]): string {
  const recorded = digests.map((hex) => ({
    digest: `sha256:${hex}` as const,
    authority: "maintainer" as const,
    recordedAt: AT,
  }));
  const grounds = {
    ...finding().grounds,
    declared: `sha256:${A}`,
    observed: `sha256:${A}`,
    recorded,
  } as const;
  return lineOf({ ...SAID, topic: "findings", severity: "critical", finding: finding({ grounds }) }, false);
}

suite("an alert's line on the terminal", () => {
  test("shows the recorded digest, which may be the only one that differs", () => {
    const [a, b] = [A.slice(0, 12), B.slice(0, 12)];
    assert.match(lineWith([B]), new RegExp(` declared ${a} fetched ${a} recorded ${b}  finding `));
    assert.match(lineWith([B, A]), new RegExp(` recorded ${b} and 1 more  finding `));
    assert.match(lineWith([]), / recorded nothing {2}finding /);
  });

  test("says of a project who or what, and obeys nobody's control characters", () => {
    const note = "mal\x1b[2Jlory is Owner now, and was nothing before. The journal has no entry.";
    const grounds = { ...finding().grounds, declared: null, observed: null, note };
    const about = finding({ verdict: "ownership-changed", file: null, release: null, grounds });
    const line = lineOf({ ...SAID, topic: "findings", severity: "warning", finding: about }, false);
    assert.match(line, / {2}six {2}mal\?\[2Jlory is Owner now, and was nothing before {2}finding /);
  });
});
