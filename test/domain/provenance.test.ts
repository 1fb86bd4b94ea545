import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Digest } from "../../functions/domain/digests.ts";
import {
  type Attested,
  fact,
  type Provenance,
  type ProvenanceSighting,
} from "../../functions/domain/facts.ts";
import { judge } from "../../functions/domain/judge.ts";
import { builds, type ExpectedProvenance, parted } from "../../functions/domain/policy.ts";
import { PROVENANCE, type ProvenanceSigns, provenanceRow } from "../../functions/domain/provenance.ts";
import {
  attempt,
  caseOf,
  day,
  FILE,
  fetched,
  GENUINE,
  listed,
  look,
  minute,
  OTHER,
  PROJECT,
  policy,
  RELEASE,
  record,
  type Spoiled,
  seen,
  THIRD,
  toldOf,
  verdictOf,
} from "./perfect.ts";

const URL = "https://index.example/integrity/lantern/1.0/lantern-1.0.tar.gz/provenance";
const MINE = { provider: "github", repository: "lamps/lantern", workflow: "release.yml" } as const;
const EXPECTED: ExpectedProvenance = { publisher: MINE, counts: false };

const attested = (spoiled: Partial<Attested> = {}): Attested => ({
  ...MINE,
  issuer: "https://token.actions.githubusercontent.com",
  ref: "refs/tags/v1.0",
  sha: "0".repeat(40),
  predicateType: "https://docs.pypi.org/attestations/publish/v1",
  digest: GENUINE,
  at: minute(0),
  ...spoiled,
});

const read = (provenance: Provenance, at = 0): ProvenanceSighting =>
  fact({
    kind: "provenance",
    project: PROJECT,
    file: FILE,
    release: RELEASE,
    look: look({ at: minute(at), asked: `read-${at}` }),
    url: URL,
    provenance,
  } as const);
const good = (spoiled: Partial<Attested> = {}, at = 0): ProvenanceSighting =>
  read({ outcome: "verified", attested: [attested(spoiled)], object: THIRD }, at);
const vain = (at = 0): ProvenanceSighting => read({ outcome: "unread", reason: "503" }, at);

const named = fetched([attempt(GENUINE)], { listing: { provenance: URL } });
const of = (spoiled: Spoiled & { readonly expects?: ExpectedProvenance | null }): Spoiled => {
  const { expects = EXPECTED, ...rest } = spoiled;
  return { ...rest, policy: { provenance: expects, ...rest.policy } };
};
const standing = (spoiled: Spoiled): string | null | undefined =>
  judge(caseOf(spoiled), null).judgement.provenance;

describe("provenance, where a publisher is expected", () => {
  it("verifies for the publisher over the bytes that were fetched, and tells nothing", () => {
    assert.equal(standing(of({ facts: [named, good()] })), "verified");
    assert.deepEqual(toldOf(of({ facts: [named, good()] })), []);
    const anyWorkflow = { publisher: { ...MINE, workflow: null }, counts: false };
    assert.equal(standing(of({ facts: [named, good()], expects: anyWorkflow })), "verified");
    assert.equal(standing(of({ facts: [named, good({ repository: "Lamps/Lantern" })] })), "verified");
  });

  it("is lost when the page names none: a warning, and a notice beside a record that matches", () => {
    assert.equal(standing(of({ facts: [seen()] })), "provenance-lost");
    assert.deepEqual(toldOf(of({ facts: [seen()] })), ["findings notice provenance-lost"]);
    assert.deepEqual(toldOf(of({ facts: [seen()], recorded: [], now: minute(20) })), [
      "findings warning unrecorded",
      "findings warning provenance-lost",
    ]);
  });

  it("has changed when it names another repository, workflow or provider", () => {
    for (const other of [
      { repository: "moths/lantern" },
      { workflow: "nightly.yml" },
      { provider: "gitlab" },
    ]) {
      assert.equal(standing(of({ facts: [named, good(other)] })), "provenance-changed");
    }
    const told = judge(caseOf(of({ facts: [named, good({ repository: "moths/lantern" })] })), null).told;
    assert.match(
      told[0]?.grounds.note ?? "",
      /github:moths\/lantern\/release\.yml.*You expect github:lamps\/lantern\/release\.yml/,
    );
  });

  it("is unverifiable when it came whole and does not hold, or is about other bytes", () => {
    const refused = read({
      outcome: "refused",
      reason: "the signature is not the certificate's",
      object: THIRD,
    });
    assert.equal(standing(of({ facts: [named, refused] })), "provenance-unverifiable");
    assert.equal(standing(of({ facts: [named, good({ digest: OTHER })] })), "provenance-unverifiable");
  });

  it("is awaited until it was read, and until its bytes were; past the deadline it is unverifiable", () => {
    assert.equal(standing(of({ facts: [named] })), "awaited");
    assert.equal(standing(of({ facts: [listed({ listing: { provenance: URL } }), good()] })), "awaited");
    assert.equal(standing(of({ facts: [named, vain()], now: minute(59) })), "awaited");
    assert.equal(standing(of({ facts: [named, vain()], now: minute(60) })), "provenance-unverifiable");
    assert.equal(standing(of({ facts: [named, vain(), good({}, 61)], now: minute(62) })), "verified");
    const none = read({ outcome: "none" });
    assert.equal(standing(of({ facts: [named, none], now: minute(59) })), "awaited");
    assert.equal(standing(of({ facts: [named, none], now: minute(60) })), "provenance-lost");
  });

  it("is asked for again while it is awaited", () => {
    const until = (spoiled: Spoiled) => judge(caseOf(spoiled), null).judgement.until;
    assert.equal(until(of({ facts: [named], now: minute(5) })), minute(15));
    assert.equal(until(of({ facts: [named, vain()], now: minute(55) })), minute(60));
    assert.equal(until(of({ facts: [named, vain()], now: minute(60) })), minute(120));
    assert.equal(until(of({ facts: [named, good()], now: minute(60) })), null);
  });

  it("of what was there before the watch is nobody's business until it was good once", () => {
    const before = { baseline: GENUINE, recorded: [] };
    assert.equal(standing(of({ ...before, facts: [seen()] })), null);
    assert.equal(standing(of({ ...before, facts: [named, good()] })), "verified");
    const lost = fetched([attempt(GENUINE, minute(30))], {
      look: { at: minute(30), serial: 130, asked: "later" },
    });
    const taken = of({ ...before, facts: [named, good(), lost], now: minute(31) });
    assert.equal(standing(taken), "provenance-lost");
    const noteOf = (spoiled: Spoiled) =>
      judge(caseOf(spoiled), null).told.find(({ verdict }) => verdict === "provenance-lost")?.grounds.note;
    assert.match(
      noteOf(taken) ?? "",
      /names none\. It had good provenance before, which no upload takes away/,
    );
    assert.doesNotMatch(noteOf(of({ facts: [seen()] })) ?? "before", /before/);
  });

  it("is nobody's business where no publisher is expected", () => {
    assert.equal(standing({ facts: [seen()] }), null);
  });
});

describe("provenance that counts", () => {
  const counts = { publisher: MINE, counts: true };
  const silent = { recorded: [], now: minute(60), expects: counts } as const;

  it("stands in place of a record, as strong as what CI says", () => {
    const { judgement } = judge(caseOf(of({ ...silent, facts: [named, good()] })), null);
    assert.deepEqual([judgement.content, judgement.authority], ["match", "ci"]);
    assert.deepEqual(toldOf(of({ ...silent, facts: [named, good()] })), []);
  });

  it("does not where it does not count, names somebody else, or is about other bytes", () => {
    assert.equal(
      verdictOf(of({ ...silent, expects: EXPECTED, facts: [named, good()] })),
      "unrecorded listed",
    );
    for (const other of [{ repository: "moths/lantern" }, { digest: OTHER }])
      assert.equal(verdictOf(of({ ...silent, facts: [named, good(other)] })), "unrecorded listed");
    assert.equal(verdictOf(of({ ...silent, facts: [named, vain()] })), "unrecorded listed");
  });

  it("stands for what was signed while nobody can read it again, and not where another object came", () => {
    const later = (again: Provenance, now = 10_081): Spoiled => {
      const facts = [named, good(), read(again, 10_080)];
      return of({ facts, recorded: [], expects: counts, now: minute(now) });
    };
    for (const again of [{ outcome: "unread", reason: "503" }, { outcome: "none" }] as const) {
      assert.equal(verdictOf(later(again)), "match listed");
      assert.deepEqual(toldOf(later(again)), []);
      const lost = again.outcome === "none" ? "provenance-lost" : "provenance-unverifiable";
      assert.deepEqual(toldOf(later(again, 10_200)), [`findings warning ${lost}`]);
    }
    assert.equal(
      verdictOf(later({ outcome: "refused", reason: "forged", object: THIRD })),
      "unrecorded listed",
    );
    const elsewhere = attested({ digest: OTHER });
    assert.equal(
      verdictOf(later({ outcome: "verified", attested: [elsewhere], object: THIRD })),
      "unrecorded listed",
    );
  });

  it("stands beside no record: what a watcher recorded is what they released", () => {
    const recorded = [record({ authority: "ci", digest: OTHER })];
    assert.equal(verdictOf(of({ ...silent, recorded, facts: [named, good()] })), "mismatch listed");
  });

  it("no longer silences once a maintainer's record was used, or where only such count", () => {
    const habits = { maintainerSince: day(-30), recordsReleases: true };
    assert.equal(verdictOf(of({ ...silent, habits, facts: [named, good()] })), "unrecorded listed");
    const silencedBy = "maintainer" as const;
    assert.equal(
      verdictOf(of({ ...silent, policy: { silencedBy }, facts: [named, good()] })),
      "unrecorded listed",
    );
  });

  it("does not stand for a digest that the watcher recorded and took back", () => {
    const then = (withdrawn: readonly Digest[]): string =>
      verdictOf(of({ facts: [named, good()], recorded: [], expects: counts, withdrawn, now: minute(20) }));
    assert.equal(then([GENUINE]), "unrecorded listed");
    assert.equal(then([OTHER]), "match listed");
  });

  it("is never called a record: nobody made one", () => {
    const told = (spoiled: Spoiled) =>
      judge(caseOf(of({ recorded: [], expects: counts, ...spoiled })), null).told[0];
    const unconfirmed = told({
      facts: [named, good()],
      policy: { silencedBy: "maintainer" },
      now: minute(20),
    });
    assert.equal(unconfirmed?.verdict, "unrecorded");
    assert.deepEqual(unconfirmed.grounds.recorded, []);
    assert.match(
      unconfirmed.grounds.note ?? "",
      /^There is provenance of github:lamps\/lantern\/release\.yml over this digest, but/,
    );
    const anew = fetched([attempt(OTHER, minute(10))], {
      look: { at: minute(10), serial: 110, asked: "change-2" },
      listing: { declared: OTHER, provenance: URL },
    });
    const substituted = told({ facts: [named, anew, good({ digest: OTHER }, 10)], now: minute(20) });
    assert.equal(substituted?.verdict, "substituted");
    assert.deepEqual(substituted.grounds.recorded, []);
    assert.match(substituted.grounds.note ?? "", /^Its provenance names the new bytes/);
  });

  it("is waited for in silence, and no longer than the confirmation window", () => {
    const strict = { strict: true };
    const waits = (now: string) => of({ ...silent, now, policy: strict, facts: [named] });
    assert.equal(verdictOf(waits(minute(1))), "awaiting-record listed");
    assert.deepEqual(toldOf(waits(minute(1))), []);
    assert.equal(judge(caseOf(waits(minute(1))), null).judgement.until, minute(2));
    assert.deepEqual(toldOf(waits(minute(2))), ["findings critical unrecorded"]);
    const none = of({ ...silent, now: minute(1), policy: strict, facts: [seen()] });
    assert.deepEqual(toldOf(none), ["findings critical unrecorded", "findings warning provenance-lost"]);
  });

  it("hides no substitution", () => {
    const changed = fetched([attempt(OTHER, minute(30))], {
      look: { at: minute(30), serial: 130, asked: "later" },
      listing: { declared: OTHER, provenance: URL },
    });
    const facts = [named, good(), changed, good({ digest: OTHER }, 31)];
    assert.equal(verdictOf(of({ ...silent, facts })), "substituted listed");
  });
});

describe("a file that a build service makes", () => {
  const WHEELS = [{ files: "lantern-*.tar.gz", publisher: MINE }];
  const built = (spoiled: Spoiled): Spoiled => ({
    recorded: [],
    now: minute(60),
    ...spoiled,
    policy: { builders: WHEELS, strict: true, ...spoiled.policy },
  });

  it("is still unrecorded, and only a notice where its provenance names the service over the bytes", () => {
    assert.deepEqual(toldOf(built({ facts: [named, good()] })), ["findings notice unrecorded"]);
    for (const other of [{ repository: "moths/lantern" }, { digest: OTHER }])
      assert.deepEqual(toldOf(built({ facts: [named, good(other)] })), ["findings critical unrecorded"]);
    assert.deepEqual(toldOf(built({ facts: [named, vain()] })), ["findings critical unrecorded"]);
    assert.deepEqual(toldOf(built({ facts: [named, good()], withdrawn: [GENUINE] })), [
      "findings critical unrecorded",
    ]);
  });

  it("is any other file's matter where its name is another's", () => {
    const builders = [{ files: "*.whl", publisher: MINE }];
    assert.deepEqual(toldOf(built({ facts: [named, good()], policy: { builders } })), [
      "findings critical unrecorded",
    ]);
  });

  it("has a name in which each star stands for any characters, and nothing else is special", () => {
    const fits = (files: string, file: string) => builds({ files, publisher: MINE }, file);
    assert.ok(fits("*", "lantern-1.0.tar.gz"));
    assert.ok(fits("lantern-*-manylinux*.whl", "lantern-1.0-cp312-manylinux_2_17.whl"));
    assert.ok(fits("lantern-1.0.tar.gz", "lantern-1.0.tar.gz"));
    assert.ok(!fits("lantern-1.0.tar.gz", "lantern-1.0xtar.gz"));
    assert.ok(!fits("lantern-*.whl", "lantern-1.0.tar.gz"));
    assert.ok(!fits("aa*aa", "aaa"));
    assert.ok(!fits("a*b*c", "a-c-b"));
  });
});

describe("the provenance table", () => {
  const READ = ["nothing", "none", "refused", "verified"] as const;
  const BOTH = [true, false];
  const all: ProvenanceSigns[] = BOTH.flatMap((isNamed) =>
    READ.flatMap((outcome) =>
      [true, false, null].flatMap((aboutBytes) =>
        BOTH.flatMap((byPublisher) =>
          BOTH.flatMap((before) =>
            BOTH.flatMap((overdue) =>
              BOTH.map((matched) => ({
                named: isNamed,
                read: outcome,
                aboutBytes,
                byPublisher,
                before,
                overdue,
                matched,
              })),
            ),
          ),
        ),
      ),
    ),
  );

  it("says verified only of an object that was read, names the publisher, and is about the bytes", () => {
    const verified = all.filter((signs) => provenanceRow(signs).standing === "verified");
    assert.ok(verified.length > 0);
    for (const signs of verified)
      assert.deepEqual(
        [signs.named, signs.read, signs.aboutBytes, signs.byPublisher],
        [true, "verified", true, true],
      );
  });

  it("leaves nothing awaited past its deadline but for want of bytes, and has no row for nothing", () => {
    for (const signs of all.filter(({ overdue }) => overdue))
      if (provenanceRow(signs).standing === "awaited") assert.equal(signs.read, "verified");
    assert.equal(new Set(all.map(provenanceRow)).size, PROVENANCE.length);
  });
});

describe("what is expected of provenance", () => {
  const change = (before: ExpectedProvenance | null, now: ExpectedProvenance | null) =>
    "provenance" in parted(policy({ provenance: before }), { provenance: now }).quieter
      ? "quieter"
      : "louder";

  it("is louder where something is expected that was not, or counts no more", () => {
    assert.equal(change(null, EXPECTED), "louder");
    assert.equal(change({ ...EXPECTED, counts: true }, EXPECTED), "louder");
    assert.equal(change(EXPECTED, { ...EXPECTED }), "louder");
  });

  it("is quieter where nothing is expected any more, somebody else is, or it counts from now on", () => {
    assert.equal(change(EXPECTED, null), "quieter");
    assert.equal(
      change(EXPECTED, { ...EXPECTED, publisher: { ...MINE, repository: "moths/lantern" } }),
      "quieter",
    );
    assert.equal(change(EXPECTED, { ...EXPECTED, counts: true }), "quieter");
    assert.equal(change(null, { ...EXPECTED, counts: true }), "quieter");
  });

  it("is quieter with every builder more, and louder with one less", () => {
    const of = (...files: string[]) => files.map((each) => ({ files: each, publisher: MINE }));
    const builders = (before: string[], now: string[]) =>
      "builders" in parted(policy({ builders: of(...before) }), { builders: of(...now) }).quieter;
    assert.equal(builders([], ["*.whl"]), true);
    assert.equal(builders(["*.whl"], ["*"]), true);
    assert.equal(builders(["*.whl", "*.gz"], ["*.gz"]), false);
    assert.equal(builders(["*.whl"], []), false);
  });
});
