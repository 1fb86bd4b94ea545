/**
 * Every seam of the pipeline on one page. A stage sees the world only through these; each host brings its own
 * adapters, and one contract suite per port runs over both hosts' (test/contracts).
 *
 * Common to all: a promise that resolves means the effect is visible to every later read through the same host.
 * On the embedded host writes become durable together at the next commit (milliseconds later, and all-or-nothing
 * across ports); what must survive before somebody is answered goes through `Durability`. Anything thrown is
 * either an error named here or a fault of ours: the message returns to its queue and is tried again.
 */
import type { BlindInterval } from "./domain/case.ts";
import type { Artifact, Attempt, Change } from "./domain/changes.ts";
import type { Coverage } from "./domain/coverage.ts";
import type { Digest } from "./domain/digests.ts";
import type { Contact, Credential, Enrolment, Habits, Recorded } from "./domain/enrolments.ts";
import type { EvidenceCaps, EvidenceItem } from "./domain/evidence.ts";
import type { Fact, Ownership, Provenance } from "./domain/facts.ts";
import type { Finding } from "./domain/findings.ts";
import type { Instant } from "./domain/instants.ts";
import type { Entry, JournalRow } from "./domain/journal.ts";
import type { LedgerBody, LedgerEntry, Subject } from "./domain/ledger.ts";
import type { ProjectName } from "./domain/names.ts";
import type { Page } from "./domain/pages.ts";
import type { Shown, SourceName, SourceState } from "./domain/sources.ts";
import type { ArtifactRow } from "./domain/view.ts";

/** The only source of time. */
export interface Clock {
  now(): Instant;
}

/** The only source of unpredictability: an attacker must not know when the sweep comes by. */
export interface Chance {
  /** At least 0, below 1, not guessable. */
  fraction(): number;
}

// ---------------------------------------------------------------------------------------------- the index

/** Why the index could not be read. None of these says anything about an artifact. */
export type UnavailableCode =
  | "unreachable"
  | "throttled"
  | "refused"
  | "fault"
  | "garbled"
  | "too-slow"
  | "too-large";

/** The index did not answer, or not in a form that can be believed. The caller tries again, not before `retryAfterMs`. */
export class IndexUnavailable extends Error {
  readonly code: UnavailableCode;
  readonly retryAfterMs: number | null;
  constructor(code: UnavailableCode, message: string, retryAfterMs: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.name = "IndexUnavailable";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The index's journal. */
export interface Journal {
  /** The highest serial; 0 for an empty journal. Throws `IndexUnavailable`. */
  head(): Promise<number>;
  /**
   * One answer's rows with a serial strictly above `serial`, ascending, in batches as they are parsed (constant
   * memory). At most 50,000 rows: a full answer means that there is more. Throws `IndexUnavailable`, also in the
   * middle: batches before the fault were whole, and nothing may be assumed about rows after it.
   */
  after(serial: number): AsyncIterable<readonly JournalRow[]>;
}

/** Receives what a source shows, in batches as they are read; the source waits for it. */
export type Take = (batch: readonly Shown[]) => Promise<void>;

/** How a look at a source ended. Only `whole` says that what is not shown is not there; `serial` is how far it reaches. */
export type Looked =
  | { readonly kind: "unchanged" }
  | { readonly kind: "whole"; readonly etag: string | null; readonly serial: number | null };

/** Another way than the journal to learn which projects moved. What it does not show proves nothing by itself. */
export interface Source {
  /**
   * One look, `unchanged` where the index knows the ETag. Throws `IndexUnavailable`, also in the middle: then what was taken
   * was shown, and nothing may be assumed of the rest. What `take` throws ends the look and comes out.
   */
  look(etag: string | null, take: Take): Promise<Looked>;
}

/** The sources beside the journal, by name. */
export type Sources = Readonly<Record<SourceName, Source>>;

/** How a project's page was found. */
export type PageAnswer =
  /** `body` is the page as it came, for keeping under `page.digest`. */
  | { readonly kind: "page"; readonly page: Page; readonly body: Uint8Array }
  | { readonly kind: "unchanged" }
  | { readonly kind: "gone" };

/** The pages of projects. */
export interface Pages {
  /**
   * One look. `etag` asks conditionally; `plain` asks for the unencoded copy (edges keep the two apart, and one may be
   * stuck). `gone` is a 404 from the index itself. Throws `IndexUnavailable` for everything that is not a page.
   */
  read(
    project: ProjectName,
    ask: { readonly etag: string | null; readonly plain: boolean },
  ): Promise<PageAnswer>;
}

/** Who may publish a project. */
export interface Owners {
  /** `null` where the index does not say: of what it hides, has removed, or has no release of. Throws `IndexUnavailable`. */
  read(project: ProjectName): Promise<Ownership | null>;
}

/** Receives an artifact's bytes while they are hashed. Must not keep the chunk beyond the call. */
export type Tap = (chunk: Uint8Array) => void;

/** The bytes of artifacts. */
export interface Files {
  /**
   * Streams one artifact through SHA-256 in constant memory. Never throws for what the other side does: the attempt
   * says how it ended. `fresh` demands a new connection, and one to another address than `avoid` where the host has
   * several. `sizeBytes` is the index's word: a body that ends short of it without saying its own length is `cut`.
   */
  fetch(ask: FetchAsked): Promise<Attempt>;
}

/** One attempt to be made at an artifact's bytes. */
export interface FetchAsked {
  readonly url: string;
  readonly sizeBytes: number | null;
  readonly fresh: boolean;
  readonly avoid: readonly string[];
  readonly tap?: Tap;
}

/** The provenance objects (PEP 740) of artifacts. */
export interface Provenances {
  /**
   * Reads the object at this URL, and verifies it offline as one about the file of this name. Never throws for what the
   * other side does: the answer says what it came to.
   */
  read(url: string, file: string): Promise<Provenance>;
}

// ---------------------------------------------------------------------------------------------- what is kept

/** Another writer was there first. Read again and decide again. */
export class Conflict extends Error {
  constructor(what: string) {
    super(`${what} was changed by another writer in the meantime`);
    this.name = "Conflict";
  }
}

/** How far the journal is safely queued, and what could not be seen. Serials compare only inside one epoch. */
export interface Cursor {
  readonly epoch: number;
  /** Every change up to here is queued. */
  readonly serial: number;
  /** Nothing is known of entries at or below this serial: the journal was first read here. */
  readonly from: number;
  /** Last poll that was answered in full; the silence since then is the monitor's blindness. */
  readonly polledAt: Instant;
  /** Begin of the last poll that reached the journal's head: no entry from before it is still to be read. */
  readonly caughtUpAt: Instant;
  /** Set while the monitor cannot promise to see uploads, with the reason in words. */
  readonly blind: { readonly since: Instant; readonly reason: string } | null;
  /** When it was blind before, in this epoch; the newest 100. */
  readonly intervals: readonly BlindInterval[];
  /** Journal actions of no known form, counted since the beginning. */
  readonly unknownActions: number;
  /** Seconds from the newest queued entry's time to its being queued. */
  readonly lagSeconds: number;
  /** Counts the moves: the condition of the compare-and-swap. */
  readonly moves: number;
}

/** Strongly consistent. Never moves backwards within an epoch. */
export interface Cursors {
  read(): Promise<Cursor | null>;
  /**
   * Replaces the cursor on condition that it still has `seen` moves (`null`: that there is none). Throws `Conflict`, and
   * refuses a lower serial in the same epoch: that would read again what was settled and call it new.
   */
  move(seen: number | null, next: Cursor): Promise<void>;
}

/** What is remembered of the sources beside the journal. Strongly consistent. */
export interface SourceStates {
  read(source: SourceName): Promise<SourceState | null>;
  /** Replaces the state on condition that it still has `seen` moves (`null`: that there is none). Throws `Conflict`. */
  move(source: SourceName, seen: number | null, next: SourceState): Promise<void>;
}

/** The journal's entries about enrolled projects. */
export interface Entries {
  /** Keeps each entry once, by epoch, project and serial. Answers those that were new. Idempotent. */
  append(entries: readonly Entry[]): Promise<readonly Entry[]>;
  /** Entries that name the file, its release, or the project as a whole; ascending by epoch and serial. */
  concerning(project: ProjectName, file: string, release: string | null): Promise<readonly Entry[]>;
  /**
   * Entries about the project as a whole and its people, and about quarantines of its releases; ascending by epoch and
   * serial. However many releases a project has, these are few.
   */
  ofProject(project: ProjectName): Promise<readonly Entry[]>;
  /** The highest serial of any entry about the project in this epoch; 0 where there is none. */
  highest(project: ProjectName, epoch: number): Promise<number>;
}

/** Enrolments and credentials. Reads are strongly consistent. */
export interface Enrolments {
  /**
   * All of it or nothing. Throws `Conflict` when the id is taken. `redeems` is the id of an invitation, which nobody can
   * redeem again: throws `Conflict` when somebody did, or when there is none.
   */
  add(enrolment: Enrolment, credentials: readonly Credential[], redeems?: string | null): Promise<void>;
  /**
   * Replaces the stored enrolment, forwards only: one whose `number` is not above the stored one's is ignored. What it says
   * is in the ledger already; a lost write is made good by the next change of the enrolment.
   */
  put(enrolment: Enrolment): Promise<void>;
  ofProject(project: ProjectName): Promise<readonly Enrolment[]>;
  /** Which of these names are enrolled. */
  among(names: readonly ProjectName[]): Promise<ReadonlySet<ProjectName>>;
  credential(id: string): Promise<Credential | null>;
  /** Adds a credential to what may be looked up. It opens nothing that its enrolment does not hold. */
  addCredential(credential: Credential): Promise<void>;
  /** Notes that a credential was used. Forwards only; one that is not there is left alone. */
  noteUse(id: string, at: Instant): Promise<void>;
  /** Adds or replaces the operator's credential: there is one. */
  putOperator(credential: Credential): Promise<void>;
  /** The names of enrolled projects, ascending; where told so, the first `most` of those that sort after `beyond`. */
  projects(part?: Part): Promise<readonly ProjectName[]>;
}

/** A part of an ascending list. */
export interface Part {
  /** `""` for its beginning. */
  readonly beyond: string;
  readonly most: number;
}

/**
 * Watchers' records. Append-only: another digest for the same file is a second record, and so is the same digest by another
 * authority or signed by somebody else (a maintainer confirms what CI said); the same digest by the same authority and
 * signers is the same record. Nothing is deleted: what was withdrawn says so, and is live again once it is appended again.
 */
export interface Records {
  /** All or none. Answers those that were not live before. Idempotent. */
  append(records: readonly Recorded[]): Promise<readonly Recorded[]>;
  /**
   * Withdraws every live record of this digest for the file. Idempotent: the first instant stays. Answers those that are
   * withdrawn then, as they are.
   */
  withdraw(enrolment: string, file: string, digest: Digest, at: Instant): Promise<readonly Recorded[]>;
  /** Live and withdrawn, by the instant of recording. */
  ofFile(enrolment: string, file: string): Promise<readonly Recorded[]>;
  /** Live and withdrawn, by file name, then by the instant of recording. */
  ofEnrolment(enrolment: string): Promise<readonly Recorded[]>;
  /** Withdrawn ones count: a habit is not taken back. */
  habits(enrolment: string, exceptRelease: string | null): Promise<Habits>;
}

/** A submission as it came, and what was signed of it. */
export interface Manifest {
  /** SHA-256 of `bytes`. */
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  /** Each as it came (armored), by the fingerprint of who signed; several people may sign the same bytes. */
  readonly signatures: readonly { readonly signer: string; readonly armored: string }[];
}

/** Manifests, so that anybody can check years later what was signed, with stock tools. */
export interface Manifests {
  /** Keeps bytes once per enrolment and digest, and adds the signatures that are new. Idempotent. */
  keep(enrolment: string, manifest: Manifest): Promise<void>;
  kept(enrolment: string, digest: Digest): Promise<Manifest | null>;
}

/** The append-only history. */
export interface Ledger {
  /** The subject's history, ascending: the `most` first entries (default all) above number `after` (default 0). */
  read(subject: Subject, after?: number, most?: number): Promise<readonly LedgerEntry[]>;
  /**
   * Appends behind `last` (as read before), on condition that nothing was appended since: else throws `Conflict`.
   * Durable with everything else of its commit.
   */
  append(subject: Subject, last: LedgerEntry | null, body: LedgerBody): Promise<LedgerEntry>;
}

/** The rebuildable projection for lists and counts. No judgement reads it. */
export interface View {
  /** Writes rows forwards only: a row with a lower ledger number than the stored one is ignored. */
  put(rows: readonly ArtifactRow[]): Promise<void>;
  ofProject(project: ProjectName): Promise<readonly ArtifactRow[]>;
  /** The latest state of findings, forwards only by ledger number. `published` is false until alert has told it. */
  putFindings(findings: readonly Finding[], number: number): Promise<void>;
  markPublished(finding: Finding): Promise<void>;
  findings(project: ProjectName): Promise<readonly Finding[]>;
  /** Findings whose latest state was not published and is older than `before`, oldest first. */
  unpublished(before: Instant, limit: number): Promise<readonly Finding[]>;
  counts(): Promise<ViewCounts>;
}

/** How much is watched, for the health page; as of the projection. */
export interface ViewCounts {
  readonly projects: number;
  /** Of those that a page has shown: who may read the number may not know of others. */
  readonly artifacts: number;
  readonly openFindings: number;
}

/** What a deadline is for; also its key, so that there is one of each. */
export interface Deadline {
  /**
   * `terms`: something about an enrolment comes into force, and what depends on it is judged again. `pace`: the project's files
   * are to be hashed again more often, those that wait included.
   */
  readonly kind: "verdict" | "page" | "rehash" | "terms" | "pace";
  readonly project: ProjectName;
  /** Empty for `page` and `pace`; for `terms` the amendment's id. */
  readonly file: string;
  readonly due: Instant;
  /** What it would cost to fetch; for the sweep's budget. */
  readonly sizeBytes: number;
}

/** Deadlines are data: nothing sleeps until one. */
export interface Deadlines {
  /** Sets or moves them. The last write wins; a lost one is set again by the next judgement or sweep. */
  put(deadlines: readonly Deadline[]): Promise<void>;
  clear(kind: Deadline["kind"], project: ProjectName, file: string): Promise<void>;
  /** Those due, soonest first. */
  due(kind: Deadline["kind"], now: Instant, limit: number): Promise<readonly Deadline[]>;
  /** Kept for `page` deadlines: puts only where there is none. */
  putIfAbsent(deadline: Deadline): Promise<void>;
  /** Puts where there is none, or where the one there is due after `latest`: one in time is left as it is. */
  bringForward(deadline: Deadline, latest: Instant): Promise<void>;
}

/** Where the sweep stands within its budget. */
export interface SweepPosition {
  /** The UTC day the bytes were spent on. */
  readonly day: string;
  readonly spentBytes: number;
  /** The first sweep ever: before the first answered poll, blindness counts from here. */
  readonly startedAt: Instant;
  /** What was last said about the monitor being blind; `null` when it was not, or is over. */
  readonly told: Finding | null;
  /** Requests that the sweep may still cause, and when that was reckoned; absent before it was. */
  readonly allowance?: { readonly requests: number; readonly at: Instant };
  /** How much is hashed again in time; absent before anything was counted. */
  readonly counted?: Counted;
  /** Since when the sweep does not come round in time, and what was said of it; absent or `null` when it does. */
  readonly behind?: { readonly since: Instant; readonly told: Finding | null } | null;
  /** The operator's bound as it was; absent before it was noted. */
  readonly rehashMs?: number;
}

/** The last whole count of what is hashed again in time, and the one under way. */
export interface Counted {
  readonly coverage: (Coverage & { readonly at: Instant }) | null;
  readonly counting: Counting | null;
}

/** A count under way. */
export interface Counting extends Coverage {
  /** Every project up to this name is counted. */
  readonly past: string;
}

/**
 * Where the sweep keeps its position. The last write wins. Rounds that overlap read it again before they write; of two in the same
 * instant one may be lost, and costs what that round spent.
 */
export interface Positions {
  read(): Promise<SweepPosition | null>;
  write(position: SweepPosition): Promise<void>;
}

/** Pages as they came, each once under its SHA-256; and the latest one of each project, for conditional requests. */
export interface PageStore {
  keep(page: Page, body: Uint8Array): Promise<void>;
  kept(digest: Digest): Promise<Page | null>;
  /** The page as it came, to the byte, whole; `null` where it is not kept. */
  body(digest: Digest): Promise<Uint8Array | null>;
  /** The latest look at a project; `page` may be older than `at` when it was unchanged since. */
  latest(project: ProjectName): Promise<{ readonly page: Page | null; readonly at: Instant } | null>;
  remember(project: ProjectName, page: Page | null, at: Instant): Promise<void>;
}

/** Counts how many projects show a flaky edge in one hour, so that a bad hour of a CDN is told from a targeted file. */
export interface FlakyEdges {
  /** Idempotent. */
  note(hour: string, project: ProjectName): Promise<void>;
  count(hour: string): Promise<number>;
}

/** Divergent bytes, kept under their digest for whoever investigates. Never opened. */
export interface Evidence {
  /** Begins to spool; nothing is kept until `commit`. A spool beyond the cap keeps its head and says so. */
  spool(): EvidenceSpool;
  /** What is kept of an artifact, and what a cap refused; by the instant of the attempt, then by digest. */
  list(project: ProjectName, file: string): Promise<readonly EvidenceItem[]>;
  /**
   * The bytes kept under a digest, from offset `from` up to but not including `to`, cut at their end; `null` where none are
   * kept, or no more. In memory at once: the caller asks for what it can hold. Whose they are is the caller's to know.
   */
  read(digest: Digest, from: number, to: number): Promise<Uint8Array | null>;
}

/** Bytes on their way into evidence, while they are hashed. Ends with `commit` or `discard`. */
export interface EvidenceSpool {
  readonly tap: Tap;
  /**
   * Keeps what was spooled, unless that breaks a cap: then the item alone is kept, with the cap's name. Idempotent by digest
   * and artifact; what was refused is kept when it comes again and there is room.
   */
  commit(item: Omit<EvidenceItem, "sizeBytes" | "whole" | "refused">): Promise<void>;
  discard(): void;
}

/** How a host keeps evidence. */
export interface EvidenceOptions {
  readonly caps?: EvidenceCaps;
  /** Where it is said that a cap refused something, once its mark is written. */
  readonly log?: (level: "warn", text: string, fields: Readonly<Record<string, unknown>>) => void;
}

// ---------------------------------------------------------------------------------------------- what moves

/** A message would not fit its queue. A fault of ours: what may be large is stored once and named by digest. */
export class MessageTooLarge extends Error {
  constructor(queue: string, sizeBytes: number) {
    super(
      `a message of ${sizeBytes} bytes for the queue ${queue} is over the limit of ${MOST_MESSAGE_BYTES}`,
    );
    this.name = "MessageTooLarge";
  }
}

/** On both hosts, so that what works embedded works on SQS. */
export const MOST_MESSAGE_BYTES = 200_000;

/** A durable queue: standard, unordered, at least once. Nothing relies on order. */
export interface Queue<M> {
  /**
   * All are queued when it resolves; when it throws, some may be. `delayMs` hides them for a while: an optimisation,
   * never the only copy of a deadline. Throws `MessageTooLarge` and then none is queued.
   */
  send(messages: readonly M[], delayMs?: number): Promise<void>;
}

/** Every queue of the pipeline, by what moves in it. Survey and fetch each have two lanes. */
export interface Queues {
  readonly changes: { readonly now: Queue<Change>; readonly sweep: Queue<Change> };
  readonly artifacts: { readonly now: Queue<Artifact>; readonly sweep: Queue<Artifact> };
  readonly facts: Queue<Fact>;
  readonly alerts: Queue<Finding>;
}

/** How many messages wait, are being worked on, or were given up (a fault of ours, and an alarm). */
export interface Backlog {
  counts(): Promise<readonly QueueCounts[]>;
}

/** One queue's depth at this moment. */
export interface QueueCounts {
  readonly queue: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly dead: number;
}

/** One finding's state, rendered. `text` is for people; the rest is for machines, and never changes shape within a schema. */
export interface Alert {
  readonly schema: "counterfoil.alert.v1";
  readonly id: string;
  readonly topic: Finding["topic"];
  readonly severity: Finding["severity"];
  readonly subject: string;
  readonly text: string;
  readonly finding: Finding;
}

/** The two topics. Findings and health go apart all the way to the subscriber. */
export interface Topics {
  /**
   * Accepted for delivery to every subscriber of its topic, and to these contacts as far as they confirmed, when it resolves;
   * delivery itself is retried by the topic. A drill goes to the contacts only.
   */
  publish(alert: Alert, contacts: readonly Contact[]): Promise<void>;
}

/** What is asked of a contact over its own channel, before it is told anything else. */
export interface ConfirmationAsked {
  readonly project: ProjectName;
  readonly enrolment: string;
  readonly contact: Contact;
  /** Proves, brought back, that somebody reads there. */
  readonly token: string;
  /** Where to bring it: a page for people, and for programs. */
  readonly url: string;
}

/** The channels to contacts. A host's topic may ask and remember by itself who confirmed. */
export interface Channels {
  /**
   * Asks over the channel whether whoever reads there wants to be told. Accepted for delivery when it resolves. Answers what
   * the host's topic calls the contact, or `null` where it has no name of its own for it. Asked twice, it asks twice, and
   * answers the same. Throws `ChannelRefused` for an address that this host does not reach.
   */
  ask(asked: ConfirmationAsked): Promise<string | null>;
  /** Those that confirmed, by id: as the host's topic knows, or as the contact itself says. */
  confirmed(contacts: readonly Contact[]): Promise<ReadonlySet<string>>;
}

/** The host cannot reach an address of this kind, or must not. The message says why. */
export class ChannelRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ChannelRefused";
  }
}

/** What must be safe before somebody is answered. */
export interface Durability {
  /** Everything written through any port so far survives a power failure when it resolves. */
  flush(): Promise<void>;
}
