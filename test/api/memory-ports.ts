/** Ports in memory for the API's tests, as strict as their contracts: what a contract forbids throws here. */

import type { ApiPorts } from "../../functions/api/seams.ts";
import type { Change } from "../../functions/domain/changes.ts";
import { type Credential, type Enrolment, isLive, type Recorded } from "../../functions/domain/enrolments.ts";
import type { EvidenceItem } from "../../functions/domain/evidence.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import { type Entry, fileOf } from "../../functions/domain/journal.ts";
import { chained, type LedgerBody, type LedgerEntry, type Subject } from "../../functions/domain/ledger.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { SourceName, SourceState } from "../../functions/domain/sources.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import {
  type ConfirmationAsked,
  Conflict,
  type Cursor,
  type Deadline,
  type Enrolments,
  type Ledger,
  type Manifest,
  type Manifests,
  MessageTooLarge,
  MOST_MESSAGE_BYTES,
  type Queue,
  type Records,
  type SweepPosition,
  type View,
} from "../../functions/ports.ts";

/** Everything in one place, so that a test can say "nothing was stored" about all of it. */
export interface Kept {
  readonly enrolments: Enrolment[];
  readonly credentials: Map<string, Credential>;
  readonly records: Recorded[];
  readonly manifests: Map<string, Manifest>;
  /** What was asked of contacts over their channels. */
  readonly asked: ConfirmationAsked[];
  readonly alerts: Finding[];
  readonly evidence: EvidenceItem[];
  /** By digest; of pages, with `page ` before it. */
  readonly bodies: Map<string, Uint8Array>;
  readonly entries: Entry[];
  readonly ledger: Map<Subject, LedgerEntry[]>;
  readonly changes: Change[];
  readonly deadlines: Deadline[];
  readonly rows: Map<string, ArtifactRow>;
  readonly findings: Map<string, { finding: Finding; number: number }>;
  cursor: Cursor | null;
  position: SweepPosition | null;
  readonly sources: Map<SourceName, SourceState>;
  now: Instant;
  /** Writes since the last flush: an answer that says "accepted" needs 0. */
  unflushed: number;
}

const emptyKept = (): Kept => ({
  enrolments: [],
  credentials: new Map(),
  records: [],
  manifests: new Map(),
  asked: [],
  alerts: [],
  evidence: [],
  bodies: new Map(),
  entries: [],
  ledger: new Map(),
  changes: [],
  deadlines: [],
  rows: new Map(),
  findings: new Map(),
  cursor: null,
  position: null,
  sources: new Map(),
  now: "2026-11-22T12:00:00.000Z",
  unflushed: 0,
});

function enrolmentsIn(kept: Kept): Enrolments {
  const isKnown = (name: ProjectName): boolean => kept.enrolments.some(({ project }) => project === name);
  return {
    async add(enrolment, credentials, redeems = null) {
      if (kept.enrolments.some(({ id }) => id === enrolment.id)) throw new Conflict(enrolment.id);
      if (redeems !== null && kept.credentials.get(redeems)?.kind !== "invitation")
        throw new Conflict(redeems);
      if (redeems !== null) kept.credentials.delete(redeems);
      kept.enrolments.push(enrolment);
      for (const credential of credentials) kept.credentials.set(credential.id, credential);
      kept.unflushed += 1;
    },
    ofProject: async (name) => kept.enrolments.filter(({ project }) => project === name),
    among: async (names) => new Set(names.filter(isKnown)),
    credential: async (id) => kept.credentials.get(id) ?? null,
    async putOperator(credential) {
      kept.credentials.set(credential.id, credential);
    },
    projects: async ({ beyond, most } = { beyond: "", most: Number.POSITIVE_INFINITY }) => {
      const names = new Set(kept.enrolments.map(({ project }) => project));
      return [...names]
        .sort()
        .filter((name) => name > beyond)
        .slice(0, most);
    },
    async put(enrolment) {
      const index = kept.enrolments.findIndex(({ id }) => id === enrolment.id);
      if ((kept.enrolments[index]?.number ?? Infinity) < enrolment.number) kept.enrolments[index] = enrolment;
      kept.unflushed += 1;
    },
    async addCredential(credential) {
      if (kept.credentials.has(credential.id)) throw new Error(`${credential.id} is taken`);
      kept.credentials.set(credential.id, credential);
      kept.unflushed += 1;
    },
    async noteUse(id, at) {
      const known = kept.credentials.get(id);
      if (known !== undefined && (known.lastUsedAt ?? "") < at)
        kept.credentials.set(id, { ...known, lastUsedAt: at });
    },
  };
}

const sameness = ({ enrolment, file, digest, authority, signers }: Recorded): string =>
  JSON.stringify([enrolment, file, digest, authority, signers]);

const inOrder = (a: Recorded, b: Recorded): number =>
  `${a.recordedAt} ${a.digest}` < `${b.recordedAt} ${b.digest}` ? -1 : 1;

function recordsIn(kept: Kept): Records {
  const of = (holds: (record: Recorded) => boolean): Recorded[] => kept.records.filter(holds).sort(inOrder);
  return {
    async append(records) {
      const live = new Set(kept.records.filter(isLive).map(sameness));
      const added = records.filter((record) => !live.has(sameness(record)) && live.add(sameness(record)));
      const again = new Set(added.map(sameness));
      const others = kept.records.filter((record) => !again.has(sameness(record)));
      kept.records.splice(0, Infinity, ...others, ...added);
      kept.unflushed += 1;
      return added;
    },
    async withdraw(enrolment, file, digest, at) {
      const holds = (each: Recorded) =>
        each.enrolment === enrolment && each.file === file && each.digest === digest;
      for (const [index, each] of kept.records.entries())
        if (holds(each)) kept.records[index] = { ...each, withdrawnAt: each.withdrawnAt ?? at };
      kept.unflushed += 1;
      return of(holds);
    },
    ofFile: async (enrolment, file) => of((each) => each.enrolment === enrolment && each.file === file),
    ofEnrolment: async (enrolment) =>
      of((each) => each.enrolment === enrolment).sort((a, b) =>
        a.file < b.file ? -1 : a.file > b.file ? 1 : 0,
      ),
    habits: async () => ({ maintainerSince: null, recordsReleases: false }),
  };
}

function manifestsIn(kept: Kept): Manifests {
  return {
    async keep(enrolment, manifest) {
      const key = `${enrolment} ${manifest.digest}`;
      const before = kept.manifests.get(key)?.signatures ?? [];
      const fresh = manifest.signatures.filter(
        ({ signer }) => !before.some((each) => each.signer === signer),
      );
      kept.manifests.set(key, { ...manifest, signatures: [...before, ...fresh] });
      kept.unflushed += 1;
    },
    kept: async (enrolment, digest) => kept.manifests.get(`${enrolment} ${digest}`) ?? null,
  };
}

function ledgerIn(kept: Kept): Ledger {
  const history = (subject: Subject): LedgerEntry[] => kept.ledger.get(subject) ?? [];
  return {
    read: async (subject, after = 0, most = Infinity) =>
      history(subject)
        .filter(({ number }) => number > after)
        .slice(0, most),
    async append(subject: Subject, last: LedgerEntry | null, body: LedgerBody) {
      if (history(subject).at(-1)?.hash !== last?.hash) throw new Conflict(subject);
      const entry = chained(subject, last, kept.now, body);
      if (Buffer.byteLength(JSON.stringify(entry)) > MOST_MESSAGE_BYTES) throw new Error("entry too large");
      kept.ledger.set(subject, [...history(subject), entry]);
      kept.unflushed += 1;
      return entry;
    },
  };
}

function queueIn<M>(kept: Kept, name: string, sent: M[]): Queue<M> {
  return {
    async send(messages) {
      for (const message of messages) {
        const sizeBytes = Buffer.byteLength(JSON.stringify(message));
        if (sizeBytes > MOST_MESSAGE_BYTES) throw new MessageTooLarge(name, sizeBytes);
      }
      sent.push(...messages);
      kept.unflushed += 1;
    },
  };
}

function viewIn(kept: Kept): View {
  const rows = (): ArtifactRow[] => [...kept.rows.values()];
  const findings = (): Finding[] => [...kept.findings.values()].map(({ finding }) => finding);
  return {
    async put(added) {
      for (const row of added) {
        const key = `${row.enrolment} ${row.project} ${row.file}`;
        if (row.number > (kept.rows.get(key)?.number ?? 0)) kept.rows.set(key, row);
      }
    },
    ofProject: async (project) => rows().filter((row) => row.project === project),
    async putFindings(added, number) {
      for (const finding of added)
        if (number > (kept.findings.get(finding.id)?.number ?? 0))
          kept.findings.set(finding.id, { finding, number });
    },
    markPublished: async () => undefined,
    findings: async (project) => findings().filter((finding) => finding.project === project),
    unpublished: async () => [],
    counts: async () => ({
      projects: new Set(kept.enrolments.map(({ project }) => project)).size,
      artifacts: new Set(
        rows().flatMap(({ project, file, everListed }) => (everListed ? `${project} ${file}` : [])),
      ).size,
      openFindings: findings().filter(({ state }) => state === "open").length,
    }),
  };
}

/** What compare would write to the view, a test writes by itself. */
export interface MemoryPorts extends ApiPorts {
  readonly view: View;
}

/** A world of its own: ports, and everything that came through them. */
export function memoryPorts(): { readonly ports: MemoryPorts; readonly kept: Kept } {
  const kept = emptyKept();
  const ports: MemoryPorts = {
    clock: { now: () => kept.now },
    enrolments: enrolmentsIn(kept),
    records: recordsIn(kept),
    manifests: manifestsIn(kept),
    evidence: {
      list: async (project, file) =>
        kept.evidence.filter((each) => each.project === project && each.file === file),
      read: async (digest, from, to) => kept.bodies.get(digest)?.subarray(from, to) ?? null,
    },
    entries: {
      concerning: async (project, file, release) =>
        kept.entries.filter(
          (each) =>
            each.project === project &&
            (fileOf(each) === file || (fileOf(each) === null && [null, release].includes(each.release))),
        ),
      ofProject: async (project) =>
        kept.entries.filter((each) => each.project === project && each.release === null),
    },
    pageStore: { body: async (digest) => kept.bodies.get(`page ${digest}`) ?? null },
    channels: {
      async ask(asked) {
        kept.asked.push(asked);
        kept.unflushed += 1;
        return null;
      },
      confirmed: async (contacts) =>
        new Set(contacts.flatMap(({ id, confirmedAt }) => (confirmedAt === null ? [] : id))),
    },
    ledger: ledgerIn(kept),
    view: viewIn(kept),
    cursors: { read: async () => kept.cursor },
    sourceStates: { read: async (source) => kept.sources.get(source) ?? null },
    positions: { read: async () => kept.position },
    backlog: { counts: async () => [{ queue: "facts", waiting: 2, inFlight: 1, dead: 0 }] },
    deadlines: {
      async putIfAbsent(deadline) {
        const isSame = ({ kind, project, file }: Deadline): boolean =>
          kind === deadline.kind && project === deadline.project && file === deadline.file;
        if (!kept.deadlines.some(isSame)) kept.deadlines.push(deadline);
        kept.unflushed += 1;
      },
      async put(deadlines) {
        const key = ({ kind, project, file }: Deadline): string => JSON.stringify([kind, project, file]);
        const keys = new Set(deadlines.map(key));
        kept.deadlines.splice(
          0,
          Infinity,
          ...kept.deadlines.filter((each) => !keys.has(key(each))),
          ...deadlines,
        );
        kept.unflushed += 1;
      },
      async clear(kind, project, file) {
        const others = kept.deadlines.filter(
          (each) => each.kind !== kind || each.project !== project || each.file !== file,
        );
        kept.deadlines.splice(0, Infinity, ...others);
        kept.unflushed += 1;
      },
    },
    queues: {
      changes: { now: queueIn(kept, "changes", kept.changes) },
      alerts: queueIn(kept, "alerts", kept.alerts),
    },
    durability: {
      async flush() {
        kept.unflushed = 0;
      },
    },
  };
  return { ports, kept };
}
