import type { Hono } from "hono";
import * as z from "zod/mini";
import { abreast } from "../domain/abreast.ts";
import { type Enrolment, isLive, isSelfClaimed, type Recorded } from "../domain/enrolments.ts";
import { ReceiptAnswer, type RecordAnswer, RecordsAnswer } from "../records/answers/records.ts";
import { receiptText } from "../records/receipts.ts";
import { receiptFor } from "./answering.ts";
import { queryOf, wantsJson } from "./asking.ts";
import { readBody } from "./bodies.ts";
import { callerOf } from "./callers.ts";
import { type Order, PAGE_ASKED, paged } from "./paging.ts";
import { sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { type Watched, watchedProject } from "./projects.ts";
import { store } from "./recording.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { readSubmitted } from "./signing.ts";
import { demandSubmitter } from "./submitting.ts";
import { tokensFor } from "./tokens.ts";

const RecordQuery = z.strictObject({ enrolment: z.optional(z.string()) });

export const RECORD: Route = {
  method: "POST",
  path: "/v1/projects/{project}/records",
  id: "record",
  summary: "Say what was released: a manifest in any of the formats, signed or not",
  who: "member",
  query: RecordQuery,
  body: "submission",
  answers: {
    200: { what: "The receipt; all of it was on record before", schema: ReceiptAnswer, also: ["text/plain"] },
    201: { what: "The receipt; something of it is new", schema: ReceiptAnswer, also: ["text/plain"] },
  },
  refuses: [
    "no-such-enrolment",
    "too-many-records",
    "was-withdrawn",
    "signature-required",
    "bad-signature",
    "wrong-namespace",
    "weak-signature",
    "unknown-signer",
    "revoked-signer",
    "signer-pending",
    "altered-manifest",
    "no-digest",
    "other-algorithm",
    "cut-short",
    "no-file-name",
    "bad-toml",
    "bad-json",
  ],
};

const RecordsQuery = z.strictObject({
  ...PAGE_ASKED,
  file: z.optional(z.string()),
  enrolment: z.optional(z.string()),
  withdrawn: z.optional(z.enum(["true", "false"])),
});

export const RECORDS: Route = {
  method: "GET",
  path: "/v1/projects/{project}/records",
  id: "records",
  summary: "What watchers recorded, by file and then by the instant of recording",
  who: "anybody",
  query: RecordsQuery,
  answers: {
    200: { what: "Of files that a page has shown; with a key also one's own", schema: RecordsAnswer },
  },
  refuses: ["no-such-enrolment"],
};

/** A record as it is shown; by which credential it came, only to its own watcher and the operator. */
export function shownRecord(record: Recorded, enrolment: Enrolment, isOwn: boolean): RecordAnswer {
  const { file, release, digest, authority, recordedAt, withdrawnAt, manifest, signers, credential } = record;
  return {
    enrolment: enrolment.id,
    selfClaimed: isSelfClaimed(enrolment),
    file,
    release,
    digest,
    authority,
    recordedAt,
    withdrawnAt,
    manifest,
    signers: [...signers],
    credential: isOwn ? credential : null,
  };
}

const ORDER: Order<Recorded> = {
  name: "records",
  keyOf: ({ file, recordedAt, enrolment, digest, authority, signers }) => [
    file,
    recordedAt,
    enrolment,
    digest,
    authority,
    signers.join(","),
  ],
};

/** The enrolments that a query asks about. Throws `Refused`. */
function askedFor({ project, enrolments }: Watched, id: string | undefined): readonly Enrolment[] {
  const asked = enrolments.filter((each) => id === undefined || each.id === id);
  if (asked.length === 0) throw new Refused("no-such-enrolment", `${project} has no enrolment of this id.`);
  return asked;
}

const ABREAST = 8;

export function recordRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const tokens = tokensFor(settings, ports.clock);
  serve(app, RECORD, async (c) => {
    const by = await demandSubmitter(c, ports, tokens, queryOf(c, RecordQuery).enrolment ?? null);
    const submitted = readSubmitted(await readBody(c.req.raw), by.enrolment, ports.clock.now());
    const stored = await store(ports, by, submitted);
    const receipt = await receiptFor(ports, by, submitted, stored);
    const status = stored.added.length > 0 ? 201 : 200;
    return wantsJson(c, submitted.submission.format)
      ? c.json(receipt satisfies ReceiptAnswer, status)
      : c.text(receiptText(receipt), status);
  });
  serve(app, RECORDS, async (c) => {
    const { file, enrolment, withdrawn, ...page } = queryOf(c, RecordsQuery);
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const { project } = watched;
    const asked = askedFor(watched, enrolment);
    const sight = sightOf(caller, await ports.view.ofProject(project));
    const stored = await abreast(ABREAST, asked, ({ id }) =>
      file === undefined ? ports.records.ofEnrolment(id) : ports.records.ofFile(id, file),
    );
    const records = sight.records(stored.flat()).filter((record) => withdrawn === "true" || isLive(record));
    const { items, next } = paged(records, ORDER, page);
    const byId = new Map(asked.map((each) => [each.id, each]));
    const shown = items.flatMap((record) => {
      const of = byId.get(record.enrolment);
      return of === undefined ? [] : shownRecord(record, of, sight.isOwn(of.id));
    });
    return c.json({ project, records: shown, next } satisfies RecordsAnswer);
  });
}
