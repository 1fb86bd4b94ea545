import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { STANDING, type StandingSigns, standingRow } from "../../functions/domain/standing.ts";

const SIGNS = [
  "listed",
  "everListed",
  "removalEntry",
  "quarantined",
  "absenceProven",
  "absenceOverdue",
  "blindBetween",
  "unannounced",
  "blindBefore",
  "back",
  "journalled",
  "recorded",
  "unseenOverdue",
  "missingOverdue",
  "yanked",
  "matched",
  "frozen",
] as const satisfies readonly (keyof StandingSigns)[];

/** Bit by bit: every combination of signs there is. */
const ALL = Array.from(
  { length: 2 ** SIGNS.length },
  (_, bits) =>
    Object.fromEntries(
      SIGNS.map((sign, bit) => [sign, (bits & (1 << bit)) !== 0]),
    ) as unknown as StandingSigns,
);

function whileListed(signs: StandingSigns): string {
  if (signs.absenceOverdue) return "vanished: warning";
  if (signs.unannounced) return signs.blindBefore ? "unannounced: warning" : "unannounced: critical";
  if (signs.back) return "reappeared: critical";
  return signs.yanked ? "yanked: notice" : "listed: -";
}

function whileGone(signs: StandingSigns): string {
  if (signs.removalEntry) {
    if (signs.frozen) return "removed: critical";
    return signs.matched ? "removed: warning" : "removed: notice";
  }
  if (!signs.everListed) return neverShown(signs);
  if (signs.quarantined) return "hidden: -";
  // Until its absence is proven, what was last proven stands.
  if (!signs.absenceProven) return signs.absenceOverdue ? "vanished: warning" : "listed: -";
  return signs.blindBetween ? "vanished: warning" : "vanished: critical";
}

function neverShown(signs: StandingSigns): string {
  if (signs.journalled && signs.unseenOverdue) return "unseen: warning";
  return signs.recorded && signs.missingOverdue ? "missing: warning" : "expected: -";
}

function told(signs: StandingSigns): string {
  const row = standingRow(signs);
  const telling = row.tells(signs);
  if (telling !== null) assert.equal(telling.topic, "findings");
  return `${row.standing}: ${telling?.severity ?? "-"}`;
}

/** What is listed was listed at least once: the other half of the product is nobody's history. */
const POSSIBLE = ALL.filter((signs) => signs.everListed || (!signs.listed && !signs.absenceOverdue));

describe("the standing table", () => {
  it("agrees with the design on every combination of signs that can be", () => {
    assert.equal(ALL.length, 131072);
    assert.equal(POSSIBLE.length, 81920);
    for (const signs of POSSIBLE) {
      assert.equal(told(signs), signs.listed ? whileListed(signs) : whileGone(signs), JSON.stringify(signs));
    }
  });

  it("has a row for everything, and no row for nothing", () => {
    for (const signs of ALL) assert.ok(standingRow(signs));
    assert.equal(new Set(POSSIBLE.map((signs) => standingRow(signs))).size, STANDING.length);
  });
});
