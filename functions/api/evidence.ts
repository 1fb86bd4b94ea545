import type { Hono } from "hono";
import * as z from "zod/mini";
import { type Digest, hexOf, parseDigest } from "../domain/digests.ts";
import type { Finding } from "../domain/findings.ts";
import { subjectOf } from "../domain/told.ts";
import { EvidenceAnswer, FindingLedgerAnswer, type FindingLedgerEntry } from "../records/answers/evidence.ts";
import { queryOf } from "./asking.ts";
import { bytesOf, historyOf, pageDigestsOf, pagesOf, provenanceIn } from "./gathering.ts";
import { demandOwnFinding, type OwnFinding } from "./own-findings.ts";
import { ownEntries } from "./own-ledger.ts";
import { type Order, PAGE_ASKED, paged } from "./paging.ts";
import { Refused } from "./problems.ts";
import { sliceAnswer, sliceFor } from "./ranges.ts";
import { shownRecord } from "./records.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

export const EVIDENCE: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}/evidence",
  id: "evidence",
  summary: "What is kept of a finding: bytes, pages, journal entries, records; by digest",
  who: "watcher or operator",
  answers: { 200: { what: "The list", schema: EvidenceAnswer } },
  refuses: ["no-such-finding"],
};

export const EVIDENCE_BYTES: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}/evidence/{digest}",
  id: "evidence-bytes",
  summary:
    "Bytes or a page that are kept of a finding, in parts of at most 4 MiB (`Range`); they may be malware",
  who: "watcher or operator",
  answers: {
    200: { what: "All of it", schema: null, also: ["application/octet-stream"] },
    206: {
      what: "The part that was asked for, or its beginning",
      schema: null,
      also: ["application/octet-stream"],
    },
  },
  refuses: ["no-such-finding", "no-such-evidence", "not-vouched", "range-needed", "bad-range"],
};

const LedgerQuery = z.strictObject(PAGE_ASKED);

export const FINDING_LEDGER: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}/ledger",
  id: "finding-ledger",
  summary: "The chained history of what a finding is about, without what is another watcher's",
  who: "watcher or operator",
  query: LedgerQuery,
  answers: { 200: { what: "A page, the oldest first", schema: FindingLedgerAnswer } },
  refuses: ["no-such-finding"],
};

const OLDEST_FIRST: Order<FindingLedgerEntry> = {
  name: "ledger",
  keyOf: ({ number }) => [String(number).padStart(15, "0")],
};

/** The newest of many; a project has few, unless somebody makes many. */
const MOST_ENTRIES = 2_000;

async function entriesOf({ project, file, release }: Finding, { entries }: ApiPorts) {
  if (project === null) return { entries: [], entriesLeftOut: 0 };
  const all =
    file === null ? await entries.ofProject(project) : await entries.concerning(project, file, release);
  const shown = all.slice(-MOST_ENTRIES).map((entry) => {
    const { epoch, serial, release: of, at, seenAt, text } = entry;
    return { epoch, serial, release: of, at, seenAt, text };
  });
  return { entries: shown, entriesLeftOut: all.length - shown.length };
}

async function recordsOf({ finding: { enrolment, file }, watched }: OwnFinding, { records }: ApiPorts) {
  const of = watched.enrolments.find(({ id }) => id === enrolment);
  if (of === undefined || file === null) return [];
  return (await records.ofFile(of.id, file)).map((record) => shownRecord(record, of, true));
}

async function evidenceOf(own: OwnFinding, ports: ApiPorts): Promise<EvidenceAnswer> {
  const { finding, watched } = own;
  const history = await historyOf(finding, ports);
  return {
    project: watched.project,
    finding: finding.id,
    enrolment: finding.enrolment,
    file: finding.file,
    bytes: await bytesOf(finding, history, ports),
    pages: await pagesOf(finding, history, ports),
    ...(await entriesOf(finding, ports)),
    ledger: { subject: subjectOf(finding), entries: history.length },
    records: await recordsOf(own, ports),
    provenance: provenanceIn(history),
  };
}

interface Source {
  readonly sizeBytes: number;
  readonly read: (from: number, to: number) => Promise<Uint8Array | null>;
}

/**
 * Where the bytes of a digest are, if they are among what is kept of this finding: those of another project, or another file,
 * are not had by their digest.
 */
async function sourceOf(digest: Digest, own: OwnFinding, ports: ApiPorts): Promise<Source | null> {
  const { finding } = own;
  const { project, file } = finding;
  const items = project === null || file === null ? [] : await ports.evidence.list(project, file);
  const item = items.find((each) => each.digest === digest && each.refused === null);
  if (item !== undefined) {
    demandVouched(own);
    return { sizeBytes: item.sizeBytes, read: (from, to) => ports.evidence.read(digest, from, to) };
  }
  if (!(await pageDigestsOf(finding, await historyOf(finding, ports), ports)).has(digest)) return null;
  const body = await ports.pageStore.body(digest);
  return body && { sizeBytes: body.length, read: async (from, to) => body.subarray(from, to) };
}

/** Where anybody may enrol, what only watchers may have would be anybody's. Pages are public, and what is public stays so. */
function demandVouched({ finding, watched, isOperator }: OwnFinding): void {
  if (isOperator || !watched.isSelfClaimed(finding.enrolment)) return;
  throw new Refused(
    "not-vouched",
    "The enrolment is self-claimed: its bytes are handed out when the operator has vouched for it, or by the operator.",
  );
}

const notKept = (): Refused =>
  new Refused("no-such-evidence", "Nothing of this digest is kept of this finding, or not any more.");

async function bytesAnswer(typed: string, range: string | undefined, own: OwnFinding, ports: ApiPorts) {
  const digest = parseDigest(typed);
  const source = digest && (await sourceOf(digest, own, ports));
  if (!source || digest === null) throw notKept();
  const slice = sliceFor(range, source.sizeBytes);
  const bytes = await source.read(slice.from, slice.to);
  // The store forgets in its time, and what it lists may be older than what it has.
  if (bytes?.length !== slice.to - slice.from) throw notKept();
  return sliceAnswer(bytes, slice, source.sizeBytes, hexOf(digest));
}

export function evidenceRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, EVIDENCE, async (c) => c.json(await evidenceOf(await demandOwnFinding(c, ports), ports)));
  serve(app, EVIDENCE_BYTES, async (c) => {
    const own = await demandOwnFinding(c, ports);
    return bytesAnswer(c.req.param("digest") ?? "", c.req.header("range"), own, ports);
  });
  serve(app, FINDING_LEDGER, async (c) => {
    const own = await demandOwnFinding(c, ports);
    const entries = ownEntries(await historyOf(own.finding, ports), own);
    const { items, next } = paged(entries, OLDEST_FIRST, queryOf(c, LedgerQuery));
    const { project } = own.watched;
    return c.json({
      project,
      finding: own.finding.id,
      entries: [...items],
      next,
    } satisfies FindingLedgerAnswer);
  });
}
