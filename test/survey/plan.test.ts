import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Change, change } from "../../functions/domain/changes.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import type { ListedFile, Page } from "../../functions/domain/pages.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import { plan, type Seen } from "../../functions/survey/plan.ts";
import { GENUINE, listing, minute, OTHER } from "../domain/perfect.ts";

const OLD = "lantern-0.9.tar.gz";
const NEW = "lantern-1.0.tar.gz";

const file = (name: string, spoiled: Partial<ListedFile> = {}): ListedFile => ({
  file: name,
  ...listing(spoiled),
});

const page = (...files: readonly ListedFile[]): Page => ({
  project: "lantern",
  state: "active",
  serial: 101,
  versions: ["0.9", "1.0"],
  files,
  digest: GENUINE,
  etag: null,
});

const row = (name: string, spoiled: Partial<ArtifactRow> = {}): ArtifactRow => ({
  enrolment: "developer",
  project: "lantern",
  file: name,
  release: "1.0",
  declared: GENUINE,
  observed: GENUINE,
  verdict: "match",
  standing: "listed",
  authority: "maintainer",
  since: minute(0),
  hashedAt: minute(0),
  everListed: true,
  listed: true,
  yanked: false,
  attested: false,
  number: 1,
  ...spoiled,
});

const asked = (reason: Change["reason"], spoiled: Partial<Change> = {}): Change =>
  change({
    project: "lantern",
    reason,
    at: minute(0),
    serial: reason === "journal" ? 101 : null,
    ...spoiled,
  });

type Pairs = ReadonlyMap<string, Digest | null>;
const baseline = (pairs: Pairs = new Map([[OLD, GENUINE]])): Seen["baselines"] =>
  new Map([["developer", pairs]]);

/** A release just published: the old file is baseline and settled, the new one is fresh and named by the journal. */
const seen = (spoiled: Partial<Seen> = {}): Seen => ({
  change: asked("journal", { files: [NEW] }),
  page: page(file(OLD), file(NEW)),
  rows: [row(OLD, { verdict: "baseline" })],
  baselines: baseline(),
  expecting: new Set(),
  ...spoiled,
});

const fetched = (of: Seen): string[] =>
  plan(of).fetch.map(({ file: { file: name }, lane }) => `${name} ${lane}`);
const listed = (of: Seen): string[] => plan(of).listed.map(({ file: name }) => name);

describe("what is fetched", () => {
  it("is what the journal names, at once, and nothing that is settled", () => {
    assert.deepEqual(fetched(seen()), [`${NEW} now`]);
  });

  it("is reported as seen, too, while nobody waits for its bytes: it must have a deadline however long the queue", () => {
    assert.deepEqual(listed(seen()), [NEW]);
    assert.deepEqual(listed(seen({ rows: [row(OLD), row(NEW, { verdict: "unverifiable" })] })), []);
  });

  it("is nothing whose declared digest is missing: there is nothing to compare bytes with", () => {
    const bare = page(file(OLD), file(NEW, { declared: null }));
    assert.deepEqual([fetched(seen({ page: bare })), listed(seen({ page: bare }))], [[], [NEW]]);
  });

  it("is what the journal names even when it is settled: something was done to it", () => {
    assert.deepEqual(fetched(seen({ rows: [row(OLD), row(NEW)] })), [`${NEW} now`]);
  });

  it("is whatever is unsettled outside the baseline, whoever asked and whatever was named", () => {
    for (const reason of ["journal", "enrolment", "record", "policy", "deadline", "sweep"] as const) {
      assert.deepEqual(fetched(seen({ change: asked(reason, { files: [] }) })), [`${NEW} now`], reason);
    }
  });

  it("is an unsettled baseline only for the enrolment's own change and the sweep, on the slow lane", () => {
    const first = (reason: Change["reason"]) =>
      fetched(seen({ rows: [], page: page(file(OLD)), change: asked(reason, { files: [] }) }));
    assert.deepEqual(first("enrolment"), [`${OLD} sweep`]);
    assert.deepEqual(first("sweep"), [`${OLD} sweep`]);
    for (const reason of ["journal", "record", "policy", "deadline"] as const)
      assert.deepEqual(first(reason), [], reason);
  });

  it("is an unsettled baseline file that is named, by a deadline for one: not told is not decided", () => {
    for (const verdict of ["unverifiable", "flaky-edge"] as const) {
      const rows = [row(OLD, { verdict })];
      const of = seen({ rows, page: page(file(OLD)), change: asked("deadline", { files: [OLD] }) });
      assert.deepEqual(fetched(of), [`${OLD} sweep`]);
    }
  });

  it("is a baseline file that is declared otherwise now, at once: it is not what was there", () => {
    const of = seen({
      page: page(file(OLD, { declared: OTHER })),
      change: asked("sweep", { lane: "sweep" }),
    });
    assert.deepEqual(fetched(of), [`${OLD} now`]);
  });

  it("is a file that only one of two baselines holds, at once", () => {
    const baselines = new Map([...baseline(), ["distribution", new Map()]] as const);
    assert.deepEqual(
      fetched(seen({ rows: [], page: page(file(OLD)), baselines, change: asked("enrolment") })),
      [`${OLD} now`],
    );
  });

  it("is not again what the journal named, when the same change looks again: only what is new", () => {
    const again = asked("journal", { files: [NEW], looks: 3 });
    assert.deepEqual(fetched(seen({ rows: [row(OLD), row(NEW)], change: again })), []);
    assert.deepEqual(fetched(seen({ change: again })), [`${NEW} now`]);
  });

  it("is what could not be told yet: unverifiable and flaky are not settled", () => {
    for (const verdict of ["unverifiable", "flaky-edge", null] as const) {
      const rows = [row(OLD), row(NEW, { verdict })];
      assert.deepEqual(fetched(seen({ rows, change: asked("deadline", { files: [NEW] }) })), [`${NEW} now`]);
    }
  });

  it("is what is settled for another digest than the one now declared", () => {
    const rows = [row(OLD), row(NEW, { declared: OTHER })];
    assert.deepEqual(fetched(seen({ rows, change: asked("sweep") })), [`${NEW} now`]);
  });

  it("is hashed again when the sweep names it, on the sweep's lane", () => {
    const of = seen({ rows: [row(OLD), row(NEW)], change: asked("sweep", { lane: "sweep", files: [OLD] }) });
    assert.deepEqual(fetched(of), [`${OLD} sweep`]);
  });
});

describe("what is told without fetching", () => {
  const settled = [row(OLD), row(NEW)];

  it("is nothing while all is as it was", () => {
    const { fetch, listed: told, absent } = plan(seen({ rows: settled, change: asked("sweep") }));
    assert.deepEqual([fetch, told, absent], [[], [], []]);
  });

  it("is what a record or a deadline names: judge it again from facts already held", () => {
    for (const reason of ["record", "deadline", "policy"] as const) {
      assert.deepEqual(listed(seen({ rows: settled, change: asked(reason, { files: [NEW] }) })), [NEW]);
    }
  });

  it("is what is yanked or unyanked, and what is shown again", () => {
    const change = asked("sweep");
    const yanked = page(file(OLD), file(NEW, { yanked: "" }));
    assert.deepEqual(listed(seen({ rows: settled, page: yanked, change })), [NEW]);
    assert.deepEqual(listed(seen({ rows: [row(OLD), row(NEW, { yanked: true })], change })), [NEW]);
    assert.deepEqual(listed(seen({ rows: [row(OLD), row(NEW, { listed: false })], change })), [NEW]);
  });

  it("is what a new enrolment has no verdict for yet", () => {
    const baselines = new Map([...baseline(), ["distribution", new Map([[OLD, GENUINE]])]] as const);
    assert.deepEqual(listed(seen({ rows: settled, baselines, change: asked("enrolment") })), [OLD, NEW]);
  });
});

describe("what is told as absent", () => {
  it("is what was listed and is not on the page, and what is named and not on it; each once", () => {
    const of = seen({
      page: page(file(OLD)),
      rows: [row(OLD), row(NEW), row(NEW, { enrolment: "distribution" })],
      change: asked("journal", { files: [NEW, "lantern-1.0.zip"] }),
    });
    assert.deepEqual([...plan(of).absent].sort(), [NEW, "lantern-1.0.zip"]);
  });

  it("is at every look what no row knows yet: the first look may have been before the baseline", () => {
    const again = asked("journal", { files: [NEW], looks: 2 });
    const of = (rows: readonly ArtifactRow[]) =>
      plan(seen({ page: page(file(OLD)), rows, change: again })).absent;
    assert.deepEqual(of([row(OLD)]), [NEW]);
    assert.deepEqual(of([row(OLD), row(NEW, { listed: false, standing: "expected", verdict: null })]), []);
  });

  it("is not what is known to be gone already, unless it is named", () => {
    const gone = {
      page: page(file(OLD)),
      rows: [row(OLD), row(NEW, { listed: false, standing: "removed" })],
    };
    assert.deepEqual(plan(seen({ ...gone, change: asked("sweep") })).absent, []);
    assert.deepEqual(plan(seen({ ...gone, change: asked("deadline", { files: [NEW] }) })).absent, [NEW]);
  });

  it("is what hides in a quarantine, at every look: it may leave unseen when the quarantine ends", () => {
    const hidden = {
      page: page(file(OLD)),
      rows: [row(OLD), row(NEW, { listed: false, standing: "hidden" })],
    };
    assert.deepEqual(plan(seen({ ...hidden, change: asked("sweep") })).absent, [NEW]);
  });

  it("is everything when the project is gone", () => {
    const of = seen({ page: null, rows: [row(OLD), row(NEW)], change: asked("sweep") });
    assert.deepEqual([...plan(of).absent].sort(), [OLD, NEW].sort());
  });
});

describe("a stale page", () => {
  const behind = { ...page(file(OLD)), serial: 100 };

  it("is one below the entry that asked for it, whatever it shows: a removal may not have happened yet", () => {
    const shows = { ...behind, files: [file(OLD), file(NEW)] };
    for (const stale of [behind, shows, { ...behind, serial: null }, null])
      assert.equal(plan(seen({ page: stale })).stale, true);
  });

  it("is not one that has caught up, though it lack what was named", () => {
    assert.equal(plan(seen({ page: { ...behind, serial: 101 } })).stale, false);
  });

  it("is nobody's concern where no entry asked", () => {
    assert.equal(plan(seen({ page: behind, change: asked("sweep", { files: [NEW] }) })).stale, false);
  });

  it("is no end: what it shows is fetched all the same", () => {
    const of = seen({
      page: { ...behind, files: [file(NEW)] },
      change: asked("journal", { files: ["later"] }),
    });
    assert.deepEqual([plan(of).stale, fetched(of)], [true, [`${NEW} now`]]);
  });
});

describe("before any baseline is fixed", () => {
  it("nothing follows: an old file would look like a fresh upload", () => {
    const { fetch, listed: told, absent, stale } = plan(seen({ baselines: new Map(), rows: [] }));
    assert.deepEqual([fetch, told, absent, stale], [[], [], [], false]);
  });
});

describe("the provenance that some watcher expects", () => {
  const NAMED = { provenance: "https://index.example/integrity/lantern/1.0/x/provenance" };
  const expecting = new Set(["developer"]);
  const wantedOf = (spoiled: Partial<Seen>): object[] =>
    plan(seen({ expecting, ...spoiled })).fetch.map(({ file: { file: name }, ...rest }) => ({
      name,
      ...rest,
    }));
  /** Its bytes are known, and the page names provenance. */
  const known = (spoiled: Partial<ArtifactRow> = {}): Partial<Seen> => ({
    page: page(file(NEW, NAMED)),
    rows: [row(NEW, { attested: true, ...spoiled })],
  });
  const again = { name: NEW, wantsProvenance: true, provenanceOnly: { vain: 0 } };

  it("is read with the bytes of a fresh upload, and not with those of the baseline", () => {
    const whole = { page: page(file(OLD, NAMED), file(NEW, NAMED)), rows: [] };
    const change = asked("enrolment");
    assert.deepEqual(wantedOf({ ...whole, change }), [
      { name: OLD, lane: "sweep" },
      { name: NEW, lane: "now", wantsProvenance: true },
    ]);
    assert.deepEqual(wantedOf({ ...whole, change, expecting: new Set() }), [
      { name: OLD, lane: "sweep" },
      { name: NEW, lane: "now" },
    ]);
  });

  it("is asked for alone where the bytes are known: when the policy changes, by the sweep, and at its deadline", () => {
    assert.deepEqual(wantedOf({ ...known(), change: asked("policy") }), [{ ...again, lane: "sweep" }]);
    const swept = asked("sweep", { lane: "sweep" });
    assert.deepEqual(wantedOf({ ...known({ provenance: "unread" }), change: swept }), [
      { ...again, lane: "sweep" },
    ]);
    const due = asked("deadline", { files: [NEW] });
    assert.deepEqual(wantedOf({ ...known({ provenance: "unread" }), change: due }), [
      { ...again, lane: "now" },
    ]);
  });

  it("is asked for once, and by nothing else", () => {
    assert.deepEqual(wantedOf({ ...known(), change: asked("policy", { looks: 1 }) }), []);
    assert.deepEqual(wantedOf({ ...known(), change: asked("journal") }), []);
    assert.deepEqual(wantedOf({ ...known(), change: asked("record", { files: [OLD] }) }), []);
    assert.deepEqual(wantedOf({ ...known(), change: asked("policy"), expecting: new Set() }), []);
    for (const provenance of ["verified", "refused"] as const)
      assert.deepEqual(wantedOf({ ...known({ provenance }), change: asked("policy") }), []);
  });

  it("is not judged before it was read, at its deadline", () => {
    const of = seen({
      expecting,
      ...known({ provenance: "unread" }),
      change: asked("deadline", { files: [NEW] }),
    });
    assert.deepEqual(listed(of), []);
    assert.deepEqual(listed({ ...of, expecting: new Set() }), [NEW]);
  });

  it("is told when it appears or disappears, and read when it appears", () => {
    const appeared = { ...known({ attested: false }), change: asked("journal") };
    assert.deepEqual(listed(seen({ expecting, ...appeared })), [NEW]);
    assert.deepEqual(wantedOf(appeared), [{ ...again, lane: "now" }]);
    const lost = { page: page(file(NEW)), rows: [row(NEW, { attested: true, provenance: "verified" })] };
    assert.deepEqual(listed(seen({ expecting, ...lost, change: asked("journal") })), [NEW]);
    assert.deepEqual(wantedOf({ ...lost, change: asked("journal") }), []);
    assert.deepEqual(listed(seen({ ...lost, change: asked("journal") })), []);
  });
});

describe("what another source showed", () => {
  const crossCheck = (spoiled: Partial<Change> = {}) => asked("cross-check", spoiled);

  it("has what is not settled fetched at once, and nothing else", () => {
    const rows = [row(OLD, { verdict: "baseline" })];
    assert.deepEqual(fetched(seen({ change: crossCheck(), rows })), [`${NEW} now`]);
    const settled = [...rows, row(NEW)];
    assert.deepEqual(fetched(seen({ change: crossCheck(), rows: settled })), []);
    assert.deepEqual(listed(seen({ change: crossCheck(), rows: settled })), []);
  });

  it("has no file of the baseline fetched, seen or not", () => {
    assert.deepEqual(fetched(seen({ change: crossCheck(), page: page(file(OLD)), rows: [] })), []);
  });

  it("finds a page stale by the page's own word, which nobody may be there to confirm", () => {
    const change = crossCheck({ serial: 101 });
    const unbelieved = { ...page(file(OLD)), serial: null };
    assert.equal(plan(seen({ change, page: unbelieved, claimed: 101 })).stale, false);
    assert.equal(plan(seen({ change, page: unbelieved, claimed: 100 })).stale, true);
    assert.equal(plan(seen({ change, page: unbelieved })).stale, true);
    assert.equal(plan(seen({ change, page: null, claimed: null })).stale, true);
    assert.equal(plan(seen({ change: crossCheck(), page: null })).stale, false);
  });

  it("finds a page stale that is as it was before, where no serial says how far it should be", () => {
    assert.equal(plan(seen({ change: crossCheck(), unchanged: true })).stale, true);
    assert.equal(plan(seen({ change: crossCheck(), page: null, unchanged: true })).stale, true);
    assert.equal(plan(seen({ change: crossCheck(), unchanged: false })).stale, false);
    assert.equal(plan(seen({ change: asked("sweep"), unchanged: true })).stale, false);
  });
});
