import assert from "node:assert/strict";
import type { Case } from "../../functions/domain/case.ts";
import { type Amendment, type Ask, type Enrolment, newEnrolment } from "../../functions/domain/enrolments.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import { judge } from "../../functions/domain/judge.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import {
  aboutContact,
  aboutMonitor,
  aboutProject,
  aboutTest,
  NO_GROUNDS,
} from "../../functions/domain/monitor.ts";
import {
  aboutAmendment,
  aboutCancelling,
  aboutContest,
  aboutDrill,
  aboutWithdrawal,
} from "../../functions/domain/notices.ts";
import {
  absent,
  attempt,
  caseOf,
  day,
  entry,
  fetched,
  GENUINE,
  listed,
  minute,
  OTHER,
  record,
  type Spoiled,
  seen,
  wrong,
} from "../domain/perfect.ts";
import { baseline, findingsIn, owners, type projectCase, said, sighted } from "../domain/projects.ts";
import { ATTESTED } from "./attested.ts";

const of = (spoiled: Spoiled): Case => caseOf({ now: minute(20), ...spoiled });

const unread = fetched([attempt(null)]);
const right = (at: number) =>
  fetched([attempt(GENUINE, minute(at))], { look: { at: minute(at), serial: 120, asked: `ask-${at}` } });
const changed = fetched([attempt(OTHER, minute(10))], {
  look: { at: minute(10), serial: 110, asked: "change-2" },
  listing: { declared: OTHER },
});
const gone = [10, 13].map((at) => absent({ at: minute(at), serial: 150, asked: `look-${at}` }));
const anew = gone.map((each) => absent({ ...each.look, epoch: 2, serial: 7 }));
const shown = (at: number) => listed({ look: { at: minute(at), serial: 130 } });
const ci = {
  recorded: [record({ authority: "ci" })],
  habits: { maintainerSince: "2000-01-01T00:00:00.000Z", recordsReleases: true },
} as const;

const STRANGER: Enrolment = { ...caseOf().enrolment, id: "stranger", selfClaimed: true };

/** Every way in which a finding about the index is told, from the case that brings it about; the last case of several resolves it. */
const TOLD: Readonly<Record<string, readonly Case[]>> = {
  "awaiting-record": [of({ recorded: [], now: minute(1) })],
  "awaiting-record-resolved": [of({ recorded: [], now: minute(1) }), of({})],
  "awaiting-confirmation": [of({ ...ci, now: minute(1) })],
  unrecorded: [of({ recorded: [] })],
  "unrecorded-critical": [of({ recorded: [], policy: { strict: true } })],
  "unrecorded-resolved": [of({ recorded: [] }), of({ now: minute(30) })],
  unconfirmed: [of({ ...ci })],
  mismatch: [of({ recorded: [record({ digest: OTHER })] })],
  "mismatch-self-claimed": [of({ recorded: [record({ digest: OTHER })], enrolment: STRANGER })],
  "unrecorded-resolved-self-claimed": [
    of({ recorded: [], enrolment: STRANGER }),
    of({ now: minute(30), enrolment: STRANGER }),
  ],
  replaced: [of({ facts: [fetched(wrong(OTHER, 3, 2))] })],
  substituted: [of({ facts: [seen(), changed], recorded: [record()] })],
  "substituted-recorded": [of({ facts: [seen(), changed], recorded: [record({ digest: OTHER })] })],
  misdeclared: [of({ facts: [fetched(wrong(GENUINE, 3, 2), { listing: { declared: OTHER } })] })],
  unverifiable: [of({ facts: [unread] })],
  "unverifiable-resolved": [of({ facts: [unread] }), of({ facts: [unread, right(25)], now: minute(26) })],
  "unverifiable-overdue": [of({ facts: [unread], now: minute(61) })],
  "unverifiable-undeclared": [of({ facts: [listed({ listing: { declared: null } })], now: minute(61) })],
  "flaky-edge": [of({ facts: [fetched(wrong(OTHER, 2, 1))] })],
  "flaky-edge-beside": [of({ facts: [fetched([attempt(OTHER), attempt(GENUINE, minute(1))])] })],
  "flaky-edge-overdue": [of({ facts: [fetched(wrong(OTHER, 2, 1))], now: minute(61) })],
  "flaky-edge-resolved": [
    of({ facts: [fetched(wrong(OTHER, 2, 1))] }),
    of({ facts: [fetched(wrong(OTHER, 2, 1)), right(25)], now: minute(26) }),
  ],
  removed: [of({ facts: [seen(), ...gone], entries: [entry("remove release", 140)] })],
  vanished: [of({ facts: [seen(), ...gone], entries: [] })],
  "vanished-new-epoch": [
    of({
      facts: [seen(), ...anew],
      entries: [],
      journal: { epoch: 2, serial: 7, caughtUpAt: minute(20), blind: false, intervals: [] },
    }),
  ],
  unannounced: [of({ entries: [], facts: [seen(), right(3)] })],
  "unannounced-unwatched": [
    of({
      entries: [],
      facts: [seen(), right(3)],
      journal: {
        epoch: 1,
        serial: 10_000,
        caughtUpAt: minute(20),
        blind: false,
        intervals: [{ since: minute(-30), until: minute(-20) }],
      },
    }),
  ],
  reappeared: [
    of({
      facts: [seen(), absent({ at: minute(10), serial: 110, asked: "look-10" }), right(15)],
      entries: [entry("add source file lantern-1.0.tar.gz", 101), entry("remove release", 105)],
    }),
  ],
  unseen: [of({ facts: [absent({ serial: 100 })], recorded: [], now: minute(61) })],
  "unseen-resolved": [
    of({ facts: [absent({ serial: 100 })], recorded: [], now: minute(61) }),
    of({ facts: [absent({ serial: 100 }), shown(62)], recorded: [], now: minute(62) }),
  ],
  missing: [of({ facts: [absent({})], entries: [], now: day(2) })],
  "missing-resolved": [
    of({ facts: [absent({})], entries: [], now: day(2) }),
    of({ facts: [absent({}), shown(60 * 49)], entries: [], now: day(3) }),
  ],
  ...ATTESTED,
  yanked: [of({ facts: [fetched([attempt(GENUINE)], { listing: { yanked: "broken" } })] })],
};

/** What these cases, judged one after the other, tell last of what they told first: of what the name begins with, if that is told. */
function lastTold(cases: readonly Case[], name: string): Finding {
  let [told]: (Finding | undefined)[] = [];
  for (const each of cases) {
    const changes = changedFindings(each, judge(each, null), told ? [told] : []);
    const named = changes.find(({ verdict }) => name.startsWith(verdict)) ?? changes.at(0);
    told = told === undefined ? named : (changes.find(({ id }) => id === told?.id) ?? told);
  }
  assert.ok(told);
  return told;
}

const silence =
  "The journal has not answered since 2026-11-22T12:00:00.000Z: uploads since then have not been seen yet.";
const blind = aboutMonitor("blind", minute(0), silence);
const slow = aboutMonitor(
  "sweep-behind",
  minute(0),
  "At least 500 looks are more than a day late; the sweep's rate or its budget does not suffice for what is watched.",
);
const fallback = aboutMonitor(
  "source-fallback",
  minute(0),
  `The journal was last read in full at ${minute(0)}; the list of all projects says which ones changed, up to 35 minutes late.`,
);
const back = aboutMonitor("journal-went-back", minute(0), "the journal's head is below the cursor");
const dead = aboutMonitor(
  "dead-letter",
  minute(0),
  "facts: lantern lantern-1.0.tar.gz: TypeError: a fault of ours",
);
const UNREACHABLE =
  "webhook c1 of lantern, enrolment e1: alert 1234: Unreachable: https://hook.example answered 410: gone for good";
const over = { state: "resolved", changedAt: minute(42) } as const;

const watched = newEnrolment({
  ...caseOf().enrolment,
  contacts: [
    {
      id: "c0ffee0000000001",
      kind: "email",
      address: "release@lantern.example",
      confirmedAt: minute(-50),
      handle: null,
      addedAt: minute(-60),
      endsAt: null,
    },
  ],
});

const amendment = (ask: Ask, inForceAt: Instant): Amendment => ({
  id: "c4a9e00000000001",
  ask,
  askedAt: minute(0),
  inForceAt,
  by: "0123456789abcdef",
});

const quieter = amendment({ kind: "policy", policy: { graceMinutes: 1440, strict: false } }, day(1));
const twice = [record(), record({ digest: OTHER, authority: "ci", recordedAt: minute(3) })];
const withdrawn = { at: minute(7), by: "0123456789abcdef", reason: "built twice" };

/** A finding that cannot be missing here. */
function told(finding: Finding | null): Finding {
  assert.ok(finding);
  return finding;
}

/** What the API tells of enrolments and their records. */
const BY_WATCHERS: ReadonlyMap<string, Finding> = new Map([
  [
    "enrolment-changed",
    aboutAmendment(watched, amendment({ kind: "end-credential", id: "fedcba9876543210" }, minute(0))),
  ],
  ["enrolment-changed-later", aboutAmendment(watched, quieter)],
  ["enrolment-changed-cancelled", aboutCancelling(watched, quieter, "fedcba9876543210", minute(9))],
  ["record-contested", told(aboutContest(watched, twice, minute(3)))],
  ["record-changed", told(aboutWithdrawal(watched, [record({ withdrawnAt: minute(7) })], withdrawn))],
  ["drill", aboutDrill(watched, minute(0), "0123456789abcdef")],
]);

const seenSilently = (state: "archived" | "quarantined") => ({
  sightings: [baseline(), sighted(state, 6, state === "archived" ? 100 : 105)],
});
const ALICE = owners(100, "Owner alice");

/** What is told of a project as a whole, from the entries and looks that bring it about. */
const OF_PROJECT: Readonly<Record<string, Parameters<typeof projectCase>[0]>> = {
  quarantined: { entries: [said("project quarantined", 105)] },
  "quarantined-by-page": seenSilently("quarantined"),
  "quarantined-release": { entries: [said("release quarantined", 105, 5, { release: "1.0" })] },
  archived: seenSilently("archived"),
  "ownership-changed-accepted": { entries: [said("accepted Owner mallory", 105)] },
  "ownership-changed-removed": { entries: [said("remove Owner alice", 105)] },
  "ownership-changed-team": { entries: [said("change Maintainer The Night Shift to Owner", 105)] },
  "ownership-changed-invited": { entries: [said("invite Owner mallory", 105)] },
  "ownership-changed-invitation-taken-back": { entries: [said("revoke_invite Owner mallory", 105)] },
  "ownership-changed-taken-again": { entries: [said("create", 105), said("add Owner mallory", 106, 5)] },
  "ownership-changed-silent": {
    sightings: [
      baseline("active", ALICE),
      sighted("active", 30, 100, { owners: owners(100, "Owner alice", "Owner mallory") }),
    ],
  },
  "ownership-changed-organization": {
    sightings: [
      baseline("active", ALICE),
      sighted("active", 30, 100, { owners: { ...ALICE, organization: "lamps" } }),
    ],
  },
};

const person = { at: minute(42), by: "0123456789abcdef", note: "we republished it as 1.0.1, see lantern#42" };
const done = { ...over, resolvedBy: person } as const;

/** One finding for every text that anybody is ever sent, by the name of its golden file. */
export const FINDINGS: ReadonlyMap<string, Finding> = new Map([
  ...Object.entries(TOLD).map(([name, cases]) => [name, lastTold(cases, name)] as const),
  ...Object.entries(OF_PROJECT).map(([name, of]) => [name, told(findingsIn(of)[0] ?? null)] as const),
  ["blind", blind],
  ["source-fallback", fallback],
  ["source-fallback-resolved", { ...fallback, ...over }],
  ["sweep-behind", slow],
  ["sweep-behind-resolved", { ...slow, ...over }],
  ["blind-resolved", { ...blind, ...over }],
  ["journal-went-back", back],
  ["journal-went-back-resolved", { ...back, ...over }],
  ["page-unread", aboutProject("lantern", minute(0), minute(90), false)],
  ["page-unread-overdue", aboutProject("lantern", minute(0), minute(2000), true)],
  ["dead-letter", dead],
  ["contact-unreachable", aboutContact("c1", minute(0), UNREACHABLE)],
  ["operator-key", aboutMonitor("operator-key", minute(0), "Made anew. AWS access key AKIAEXAMPLE.")],
  ["test-alert", aboutTest("health", minute(0))],
  ["test-alert-findings", aboutTest("findings", minute(0))],
  ...BY_WATCHERS,
  ["mismatch-resolved-by-a-person", { ...lastTold(TOLD["mismatch"] ?? [], "mismatch"), ...done }],
]);

/** The perfect artifact's finding, under a name, a release and grounds that a stranger chose. */
export function hostile(text: string): Finding {
  const finding = lastTold(TOLD["unrecorded"] ?? [], "unrecorded");
  const grounds = { ...NO_GROUNDS, url: `https://files.example/${text}`, entry: text, note: text };
  return { ...finding, file: text, release: text, grounds };
}
