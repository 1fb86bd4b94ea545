import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONTENT, type ContentSigns, contentRow } from "../../functions/domain/content.ts";

const FLAGS = [
  "seenBefore",
  "anotherBefore",
  "inBaseline",
  "inGrace",
  "loud",
  "attesting",
  "byBuilder",
  "overdue",
  "tried",
] as const;
type Flags = Readonly<Record<(typeof FLAGS)[number], boolean>>;

const BODIES = ["none", "agrees", "differs", "differs-again"] as const;
const RECORDS = ["none", "silences", "agrees-only", "differs"] as const;

const flagsOf = (bits: number): Flags =>
  Object.fromEntries(FLAGS.map((flag, bit) => [flag, (bits & (1 << bit)) !== 0])) as unknown as Flags;

/** Every combination of signs there is, also those that no history can show. */
const ALL: readonly ContentSigns[] = BODIES.flatMap((body) =>
  RECORDS.flatMap((record) =>
    Array.from({ length: 2 ** FLAGS.length }, (_, bits) => ({ body, record, ...flagsOf(bits) })),
  ),
);

/** The design's table told as a person would tell it: first by what came, then by who spoke. */
function oracle(signs: ContentSigns): string {
  switch (signs.body) {
    case "none":
      if (signs.overdue) return "unverifiable: findings warning";
      return signs.tried ? "unverifiable: health notice" : "unverifiable: -";
    case "differs":
      return signs.overdue ? "flaky-edge: findings warning" : "flaky-edge: health notice";
    case "differs-again":
      return isKnown(signs) ? "misdeclared: findings critical" : "replaced: findings critical";
    case "agrees":
      return signs.anotherBefore ? "substituted: findings critical" : ofAgreed(signs);
  }
}

/** The bytes are those that a record names, or, where there is none, those seen before. */
const isKnown = ({ record, seenBefore }: ContentSigns): boolean =>
  record === "none" ? seenBefore : record !== "differs";

function ofAgreed({ record, inBaseline, inGrace, attesting, loud, byBuilder }: ContentSigns): string {
  if (record === "differs") return "mismatch: findings critical";
  if (record === "silences") return "match: -";
  if (record === "none" && inBaseline) return "baseline: -";
  if (attesting) return "awaiting-record: -";
  if (inGrace) return "awaiting-record: findings notice";
  if (byBuilder) return "unrecorded: findings notice";
  return loud ? "unrecorded: findings critical" : "unrecorded: findings warning";
}

function told(signs: ContentSigns): string {
  const row = contentRow(signs);
  const telling = row.tells(signs);
  return `${row.verdict}: ${telling === null ? "-" : `${telling.topic} ${telling.severity}`}`;
}

describe("the content table", () => {
  it("agrees with the design on the whole product of signs", () => {
    assert.equal(ALL.length, 4 * 4 * 2 ** 9);
    for (const signs of ALL) assert.equal(told(signs), oracle(signs), JSON.stringify(signs));
  });

  it("has a row for everything, and no row for nothing", () => {
    const reached = new Set(ALL.map((signs) => contentRow(signs)));
    assert.equal(reached.size, CONTENT.length);
    assert.deepEqual(
      [...CONTENT].filter((row) => !reached.has(row)),
      [],
    );
  });

  it("says each verdict in one row", () => {
    assert.equal(new Set(CONTENT.map(({ verdict }) => verdict)).size, CONTENT.length);
  });

  it("never tells of a difference in the network as a compromise", () => {
    const undecided = ALL.filter(({ body }) => body === "none" || body === "differs");
    assert.equal(undecided.length, ALL.length / 2);
    for (const signs of undecided) assert.doesNotMatch(told(signs), /critical/);
  });
});
