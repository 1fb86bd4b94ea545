import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Case } from "../../functions/domain/case.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import { type ArtifactFact, fact } from "../../functions/domain/facts.ts";
import { historyOf } from "../../functions/domain/history.ts";
import { after } from "../../functions/domain/instants.ts";
import { judge } from "../../functions/domain/judge.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import type { Look } from "../../functions/domain/pages.ts";
import { attestedIn } from "../../functions/domain/provenance.ts";
import {
  absent,
  attempt,
  caseOf,
  entry,
  FILE,
  fetched,
  GENUINE,
  listed,
  look,
  minute,
  OTHER,
  PROJECT,
  RELEASE,
  record,
  THIRD,
} from "./perfect.ts";

/** The same histories every time; another seed by `SEED`, to look further. */
fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 20_261_122) });

const PUBLISHER = { provider: "github", repository: "lamps/lantern", workflow: null } as const;
const attestedBy = ({
  look: at,
  digest,
  repository,
}: {
  look: Partial<Look>;
  digest: Digest;
  repository: string;
}) =>
  fact({
    kind: "provenance",
    project: PROJECT,
    file: FILE,
    release: RELEASE,
    look: look(at),
    url: "https://index.example/provenance",
    provenance: {
      outcome: "verified",
      object: THIRD,
      attested: [
        {
          ...PUBLISHER,
          repository,
          issuer: "i",
          ref: null,
          sha: null,
          predicateType: "p",
          digest,
          at: minute(0),
        },
      ],
    },
  } as const);

/** What may stand in place of records: what the expected publisher attested, where the watcher lets that count. */
const vouched = (of: Case) =>
  of.enrolment.policy.provenance?.counts
    ? attestedIn(of).filter(({ repository }) => repository === PUBLISHER.repository)
    : [];

/** Any history that stages could send, from a small world so that collisions happen; seeds print on failure. */
const digests = fc.constantFrom(GENUINE, OTHER, THIRD);
const minutes = fc.integer({ min: 0, max: 5_000 });
const looks = fc.record({
  at: minutes.map(minute),
  asked: fc.constantFrom("a", "b", "c"),
  epoch: fc.constantFrom(1, 2),
  serial: fc.option(fc.integer({ min: 90, max: 120 })),
});
const listings = fc.record({
  declared: fc.option(digests, { freq: 10 }),
  yanked: fc.constantFrom<string | false>(false, "", "broken"),
});
const attempts = fc.array(
  fc.record({ digest: fc.option(digests), at: minutes }).map(({ digest, at }) => attempt(digest, minute(at))),
  { minLength: 1, maxLength: 6 },
);
const facts: fc.Arbitrary<ArtifactFact> = fc.oneof(
  fc
    .record({ look: looks, listing: listings, tries: attempts })
    .map(({ tries, ...of }) => fetched(tries, of)),
  fc.record({ look: looks, listing: listings }).map(listed),
  fc
    .record({
      look: looks,
      state: fc.constantFrom("active" as const, "quarantined" as const, "gone" as const),
    })
    .map(({ look, state }) => absent(look, state)),
  fc
    .record({ look: looks, digest: digests, repository: fc.constantFrom("lamps/lantern", "moths/lantern") })
    .map(attestedBy),
);
const records = fc.array(
  fc
    .record({ digest: digests, authority: fc.constantFrom("ci" as const, "maintainer" as const) })
    .map((of) => record(of)),
  { maxLength: 3 },
);
const ACTIONS = [`add py3 file ${FILE}`, `remove file ${FILE}`, "remove release", "release quarantined"];
const entries = fc.array(
  fc
    .record({ text: fc.constantFrom(...ACTIONS), serial: fc.integer({ min: 90, max: 120 }), at: minutes })
    .map(({ text, serial, at }) => entry(text, serial, { seenAt: minute(at) })),
  { maxLength: 3 },
);

const cases = fc
  .record({
    history: fc.array(facts, { minLength: 1, maxLength: 8 }),
    recorded: records,
    entries,
    baseline: fc.option(digests),
    strict: fc.boolean(),
    provenance: fc.option(fc.boolean().map((counts) => ({ publisher: PUBLISHER, counts }))),
    maintainerSince: fc.constantFrom(null, minute(-600)),
    now: minutes.map(minute),
  })
  .map(({ history, strict, provenance, maintainerSince, ...rest }) => ({
    facts: history,
    of: caseOf({
      ...rest,
      facts: history,
      policy: { strict, provenance },
      habits: { maintainerSince, recordsReleases: false },
    }),
  }));

describe("whatever the history", () => {
  it("match is never said unless a fetched body and a record have one digest", () => {
    let matches = 0;
    fc.assert(
      fc.property(cases, ({ facts: known, of }) => {
        const { judgement } = judge(of, null);
        if (judgement.content !== "match") return;
        matches += 1;
        const bodies = known.flatMap((each) => ("attempts" in each ? each.attempts : []));
        assert.ok(bodies.some(({ digest }) => digest === judgement.observed));
        assert.ok([...of.recorded, ...vouched(of)].some(({ digest }) => digest === judgement.observed));
        assert.equal(judgement.declared, judgement.observed);
      }),
      { numRuns: 1_000 },
    );
    assert.ok(matches > 20, `only ${matches} of the histories matched`);
  });

  it("the order and the repetition of facts change nothing", () => {
    const shuffled = cases.chain(({ facts: known, of }) =>
      fc
        .shuffledSubarray([...known, ...known], { minLength: known.length * 2 })
        .map((again) => ({ of, again })),
    );
    fc.assert(
      fc.property(shuffled, ({ of, again }) => {
        const other: Case = { ...of, history: historyOf(again) };
        assert.deepEqual(judge(other, null), judge(of, null));
      }),
      { numRuns: 1_000 },
    );
  });

  it("without a whole body nothing but unverifiable is said of the content, and never critically", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ look: looks, listing: listings }), { minLength: 1 }), (shown) => {
        const failed = shown.map((each) => fetched([attempt(null)], each));
        const { judgement, told } = judge(caseOf({ facts: failed }), null);
        assert.equal(judgement.content, "unverifiable");
        assert.deepEqual(
          told.filter(({ severity }) => severity === "critical"),
          [],
        );
      }),
    );
  });

  it("health is never critical, and never spoken by a verdict about the index", () => {
    fc.assert(
      fc.property(cases, ({ of }) => {
        for (const { topic, severity, verdict } of judge(of, null).told) {
          if (topic === "findings") continue;
          assert.equal(severity, "notice");
          assert.ok(verdict === "unverifiable" || verdict === "flaky-edge", verdict);
        }
      }),
    );
  });

  it("since is the previous one exactly while content and standing are the previous ones", () => {
    fc.assert(
      fc.property(cases, cases, ({ of: earlier }, { of }) => {
        const before = { ...judge(earlier, null).judgement, since: "2026-11-01T00:00:00.000Z" };
        const { judgement } = judge(of, before);
        const same = judgement.content === before.content && judgement.standing === before.standing;
        assert.equal(judgement.since, same ? before.since : of.now);
      }),
    );
  });

  it("judging is asked for again only later than now", () => {
    fc.assert(
      fc.property(cases, ({ of }) => {
        const { until } = judge(of, null).judgement;
        assert.ok(until === null || until > of.now, `${until} at ${of.now}`);
      }),
    );
  });

  it("no critical finding is silenced by more that is seen; unrecorded ends with a match, and nothing else does", () => {
    let criticals = 0;
    const more = fc.record({
      seen: fc.array(facts, { maxLength: 4 }),
      said: entries,
      laterMinutes: fc.nat(5_000),
    });
    fc.assert(
      fc.property(cases, more, ({ facts: known, of }, { seen: again, said, laterMinutes }) => {
        const first = changedFindings(of, judge(of, null), []);
        const later: Case = {
          ...of,
          history: historyOf([...known, ...again]),
          entries: [...of.entries, ...said].sort((a, b) => a.serial - b.serial),
          now: after(of.now, laterMinutes * 60_000),
        };
        const ruling = judge(later, null);
        const changes = changedFindings(later, ruling, first);
        for (const { id, verdict } of first.filter(({ severity }) => severity === "critical")) {
          criticals += 1;
          const ended = changes.some((each) => each.id === id && each.state === "resolved");
          if (ended) assert.deepEqual([verdict, ruling.judgement.content], ["unrecorded", "match"]);
        }
      }),
      { numRuns: 1_000 },
    );
    assert.ok(criticals > 200, `only ${criticals} critical findings`);
  });

  it("a ruling applied twice opens nothing twice", () => {
    fc.assert(
      fc.property(cases, ({ of }) => {
        const ruling = judge(of, null);
        const first = changedFindings(of, ruling, []);
        assert.deepEqual(changedFindings(of, ruling, first), []);
        assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
      }),
    );
  });
});
