/** Ports in memory for the API's tests, as strict as their contracts: what a contract forbids throws here. */

import type { ApiPorts } from "../../functions/api/seams.ts";
import type { Change } from "../../functions/domain/changes.ts";
import type { Credential, Enrolment, Recorded } from "../../functions/domain/enrolments.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import { chained, type LedgerBody, type LedgerEntry, type Subject } from "../../functions/domain/ledger.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import {
  Conflict,
  type Cursor,
  type Deadline,
  type Enrolments,
  type Ledger,
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
  readonly ledger: Map<Subject, LedgerEntry[]>;
  readonly changes: Change[];
  readonly deadlines: Deadline[];
  readonly rows: Map<string, ArtifactRow>;
  readonly findings: Map<string, { finding: Finding; number: number }>;
  cursor: Cursor | null;
  position: SweepPosition | null;
  now: Instant;
  /** Writes since the last flush: an answer that says "accepted" needs 0. */
  unflushed: number;
}

const emptyKept = (): Kept => ({
  enrolments: [],
  credentials: new Map(),
  records: [],
  ledger: new Map(),
  changes: [],
  deadlines: [],
  rows: new Map(),
  findings: new Map(),
  cursor: null,
  position: null,
  now: "2026-11-22T12:00:00.000Z",
  unflushed: 0,
});

function enrolmentsIn(kept: Kept): Enrolments {
  const isKnown = (name: ProjectName): boolean => kept.enrolments.some(({ project }) => project === name);
  return {
    async add(enrolment, credentials) {
      if (kept.enrolments.some(({ id }) => id === enrolment.id)) throw new Conflict(enrolment.id);
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
    projects: async () => [...new Set(kept.enrolments.map(({ project }) => project))],
    async vouch(name, id, at) {
      const index = kept.enrolments.findIndex((each) => each.project === name && each.id === id);
      const known = kept.enrolments[index];
      if (known === undefined) return null;
      const vouched = { ...known, vouchedAt: known.vouchedAt ?? at };
      kept.enrolments[index] = vouched;
      kept.unflushed += 1;
      return vouched;
    },
  };
}

const sameRecord = (a: Recorded, b: Recorded): boolean =>
  a.enrolment === b.enrolment && a.file === b.file && a.digest === b.digest && a.authority === b.authority;

function recordsIn(kept: Kept): Records {
  return {
    async append(records) {
      const added = records.filter((record) => !kept.records.some((known) => sameRecord(known, record)));
      kept.records.push(...added);
      kept.unflushed += 1;
      return added;
    },
    ofFile: async (enrolment, file) =>
      kept.records.filter((record) => record.enrolment === enrolment && record.file === file),
    habits: async () => ({ maintainerSince: null, recordsReleases: false }),
  };
}

function ledgerIn(kept: Kept): Ledger {
  const history = (subject: Subject): LedgerEntry[] => kept.ledger.get(subject) ?? [];
  return {
    read: async (subject) => [...history(subject)],
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

function changesIn(kept: Kept): Queue<Change> {
  return {
    async send(messages) {
      for (const message of messages) {
        const sizeBytes = Buffer.byteLength(JSON.stringify(message));
        if (sizeBytes > MOST_MESSAGE_BYTES) throw new MessageTooLarge("changes", sizeBytes);
      }
      kept.changes.push(...messages);
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

/** A world of its own: ports, and everything that came through them. */
export function memoryPorts(): { readonly ports: ApiPorts; readonly kept: Kept } {
  const kept = emptyKept();
  const ports: ApiPorts = {
    clock: { now: () => kept.now },
    enrolments: enrolmentsIn(kept),
    records: recordsIn(kept),
    ledger: ledgerIn(kept),
    view: viewIn(kept),
    cursors: { read: async () => kept.cursor },
    positions: { read: async () => kept.position },
    backlog: { counts: async () => [{ queue: "facts", waiting: 2, inFlight: 1, dead: 0 }] },
    deadlines: {
      async putIfAbsent(deadline) {
        const isSame = ({ kind, project, file }: Deadline): boolean =>
          kind === deadline.kind && project === deadline.project && file === deadline.file;
        if (!kept.deadlines.some(isSame)) kept.deadlines.push(deadline);
        kept.unflushed += 1;
      },
    },
    queues: { changes: { now: changesIn(kept) } },
    durability: {
      async flush() {
        kept.unflushed = 0;
      },
    },
  };
  return { ports, kept };
}
