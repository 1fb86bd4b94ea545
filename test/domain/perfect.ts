import type { Case } from "../../functions/domain/case.ts";
import type { Attempt } from "../../functions/domain/changes.ts";
import { type Digest, sha256 } from "../../functions/domain/digests.ts";
import { type Enrolment, newEnrolment, type Recorded } from "../../functions/domain/enrolments.ts";
import {
  type AbsentSighting,
  type ArtifactFact,
  fact,
  type ListedSighting,
  type Observation,
} from "../../functions/domain/facts.ts";
import { historyOf } from "../../functions/domain/history.ts";
import { after, type Instant } from "../../functions/domain/instants.ts";
import { type Entry, parseAction } from "../../functions/domain/journal.ts";
import { judge } from "../../functions/domain/judge.ts";
import type { Listing, Look } from "../../functions/domain/pages.ts";
import { DEFAULT_POLICY, type Policy } from "../../functions/domain/policy.ts";

/** One perfect artifact (recorded, listed, fetched once, matching), for cases that spoil one thing each. */
export const PROJECT = "lantern";
export const FILE = "lantern-1.0.tar.gz";
export const RELEASE = "1.0";
export const GENUINE = sha256("genuine");
export const OTHER = sha256("other");
export const THIRD = sha256("third");

const START = "2026-11-22T12:00:00.000Z";
/** The instant so many minutes after the story's noon. */
export const minute = (count: number): Instant => after(START, count * 60_000);
export const day = (count: number): Instant => minute(count * 24 * 60);

export const look = (spoiled: Partial<Look> = {}): Look => ({
  at: minute(0),
  asked: "change-1",
  epoch: 1,
  serial: 101,
  page: sha256("page"),
  ...spoiled,
});

export const listing = (spoiled: Partial<Listing> = {}): Listing => ({
  declared: GENUINE,
  url: `https://files.example/${FILE}`,
  sizeBytes: 7,
  yanked: false,
  ...spoiled,
});

/** An attempt that got this whole body at this instant; no digest, no body. */
export const attempt = (digest: Digest | null, at: Instant = minute(0)): Attempt => ({
  at,
  outcome: digest === null ? "unreachable" : "hashed",
  digest,
  sizeBytes: digest === null ? null : 7,
  address: "192.0.2.1",
  detail: digest === null ? "ECONNREFUSED" : "200",
});

const OF = { project: PROJECT, file: FILE, release: RELEASE } as const;

/** The outcome of these attempts, as fetch would tell it. */
export function fetched(
  attempts: readonly Attempt[],
  spoiled: { look?: Partial<Look>; listing?: Partial<Listing> } = {},
): Observation {
  const shown = listing(spoiled.listing);
  const bodies = attempts.flatMap((each) => each.digest ?? []);
  const observed = bodies.find((digest) => digest === shown.declared) ?? bodies.at(-1) ?? null;
  const kind = bodies.length > 0 ? "hashed" : "unreadable";
  return fact({ kind, ...OF, look: look(spoiled.look), listing: shown, observed, attempts } as const);
}

export const listed = (spoiled: { look?: Partial<Look>; listing?: Partial<Listing> } = {}): ListedSighting =>
  fact({ kind: "listed", ...OF, look: look(spoiled.look), listing: listing(spoiled.listing) } as const);

export const absent = (spoiled: Partial<Look>, state: AbsentSighting["state"] = "active"): AbsentSighting =>
  fact({ kind: "absent", ...OF, look: look(spoiled), state } as const);

/** The good fetch at noon. */
export const seen = (): Observation => fetched([attempt(GENUINE)]);

/** Wrong bytes, so often, spread over so many minutes from noon on. */
export const wrong = (digest: Digest, times: number, overMinutes: number): Attempt[] =>
  Array.from({ length: times }, (_, index) =>
    attempt(digest, minute(times === 1 ? 0 : (overMinutes * index) / (times - 1))),
  );

export const record = (spoiled: Partial<Recorded> = {}): Recorded => ({
  ...OF,
  enrolment: "developer",
  digest: GENUINE,
  authority: "maintainer",
  credential: "key-1",
  recordedAt: minute(-5),
  manifest: null,
  signers: [],
  withdrawnAt: null,
  ...spoiled,
});

export const entry = (text: string, serial: number, spoiled: Partial<Entry> = {}): Entry => {
  const release = "release" in spoiled ? (spoiled.release ?? null) : RELEASE;
  const made = { epoch: 1, serial, project: PROJECT, at: minute(0), seenAt: minute(0), text };
  return { ...made, ...spoiled, release, action: parseAction(text, release) };
};

export const policy = (spoiled: Partial<Policy>): Policy => ({ ...DEFAULT_POLICY, ...spoiled });

const ENROLMENT: Enrolment = newEnrolment({ id: "developer", project: PROJECT, enrolledAt: minute(-60) });

export type Spoiled = Partial<Omit<Case, "history">> & {
  readonly facts?: readonly ArtifactFact[];
  readonly policy?: Partial<Policy>;
};

/** The perfect case with something spoiled. */
export function caseOf({ facts, policy: chosen, ...spoiled }: Spoiled = {}): Case {
  return {
    ...OF,
    enrolment: { ...ENROLMENT, policy: policy(chosen ?? {}) },
    history: historyOf(facts ?? [seen()]),
    recorded: [record()],
    withdrawn: [],
    habits: { maintainerSince: null, recordsReleases: false },
    baseline: null,
    began: { at: minute(-60), serial: 90, head: 95, epoch: 1, lists: spoiled.baseline != null },
    entries: [entry(`add source file ${FILE}`, 101)],
    journal: { epoch: 1, serial: 10_000, caughtUpAt: day(30), blind: false, intervals: [] },
    releaseSeen: minute(0),
    flakyHours: new Map(),
    confirmMs: 120_000,
    now: minute(5),
    ...spoiled,
  };
}

/** `content standing`, as the judge says. */
export function verdictOf(spoiled: Spoiled = {}): string {
  const { judgement } = judge(caseOf(spoiled), null);
  return `${judgement.content} ${judgement.standing}`;
}

/** `topic severity verdict`, of all that is told. */
export const toldOf = (spoiled: Spoiled = {}): string[] =>
  judge(caseOf(spoiled), null).told.map((told) => `${told.topic} ${told.severity} ${told.verdict}`);
