import type { Hono } from "hono";
import * as z from "zod/mini";
import { changesNaming } from "../domain/changes.ts";
import { type Digest, parseDigest } from "../domain/digests.ts";
import { type Enrolment, isLive, type Recorded } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { enrolmentSubject, type LedgerEntry } from "../domain/ledger.ts";
import { aboutWithdrawal } from "../domain/notices.ts";
import { digestsIn, liveAfter } from "../domain/records.ts";
import { WithdrawnAnswer } from "../records/answers/records.ts";
import { quoted } from "../records/quoted.ts";
import { bodyBy } from "./asking.ts";
import { readJson } from "./bodies.ts";
import { untilUncontended } from "./contention.ts";
import { tellOnce } from "./noticing.ts";
import { Refused } from "./problems.ts";
import { shownRecord } from "./records.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";
import { demandMaintainer } from "./submitting.ts";
import { recentOf, settle } from "./telling.ts";

const MOST_REASON_CHARS = 500;

const WithdrawAsked = z.strictObject({
  file: z.string().check(z.minLength(1), z.maxLength(255)),
  digest: z.string(),
  reason: z._default(z.string().check(z.maxLength(MOST_REASON_CHARS)), ""),
});

export const WITHDRAW: Route = {
  method: "POST",
  path: "/v1/projects/{project}/records/withdraw",
  id: "withdraw",
  summary: "Take a digest of a file back, whoever of this enrolment recorded it",
  who: "watcher",
  body: WithdrawAsked,
  answers: {
    200: {
      what: "The records of this digest, all withdrawn; the first instant stays",
      schema: WithdrawnAnswer,
    },
  },
  refuses: ["no-such-record", "bad-digest"],
};

/** What shall be withdrawn, by whom and why. */
interface Asked {
  readonly enrolment: Enrolment;
  readonly by: string;
  readonly file: string;
  readonly digest: Digest;
  readonly reason: string;
}

/** A withdrawal as the history tells it. */
interface Told {
  readonly records: readonly Recorded[];
  readonly at: Instant;
  readonly last: LedgerEntry;
}

const isOf =
  ({ file, digest }: Asked) =>
  (record: Recorded): boolean =>
    record.file === file && record.digest === digest;

/** The last entry about this digest, where it is that it was withdrawn. */
function toldBefore(asked: Asked, entries: readonly LedgerEntry[]): Told | null {
  const entry = entries.findLast(
    ({ body }) => (body.kind === "recorded" || body.kind === "withdrawn") && body.records.some(isOf(asked)),
  );
  const last = entries.at(-1);
  if (entry?.body.kind !== "withdrawn" || last === undefined) return null;
  const { records } = entry.body;
  return { records, at: records[0]?.withdrawnAt ?? entry.at, last };
}

/** Appends the withdrawal to the enrolment's history, unless it stands there. `null` when nothing is live. */
async function tell(
  ports: ApiPorts,
  asked: Asked,
  before: readonly Recorded[],
  at: Instant,
): Promise<Told | null> {
  const { enrolment, by, reason } = asked;
  const recent = await recentOf(ports, enrolment);
  const live = liveAfter(before, recent).filter(isOf(asked));
  if (live.length === 0) return toldBefore(asked, recent);
  const records = live.map((record) => ({ ...record, withdrawnAt: at }));
  const body = { kind: "withdrawn", records, by, reason } as const;
  const last = await ports.ledger.append(enrolmentSubject(enrolment.id), recent.at(-1) ?? null, body);
  return { records, at, last };
}

/** What was taken back, and what is still on record for the file. */
interface Withdrawn {
  readonly records: readonly Recorded[];
  readonly left: readonly Digest[];
}

/**
 * Withdraws a digest of a file: first in the history, then to whoever must hear of it, and only then on record, by which
 * everybody judges; then the file is judged again. After a crash at any point the same request again leaves what one would
 * have left. Durable when it resolves. Throws `Refused` (`no-such-record`).
 */
async function withdraw(ports: ApiPorts, asked: Asked): Promise<Withdrawn> {
  const { enrolment, by, file, digest, reason } = asked;
  const before = await ports.records.ofFile(enrolment.id, file);
  const ofDigest = before.filter(isOf(asked));
  const left = digestsIn(before.filter(isLive)).filter((each) => each !== digest);
  const now = ports.clock.now();
  const told = await untilUncontended(() => tell(ports, asked, before, now));
  if (told === null && ofDigest.length === 0)
    throw new Refused("no-such-record", `You have not recorded ${digest} for ${quoted(file)}.`);
  if (told === null) {
    // All was withdrawn long ago; but an answer may have been lost since.
    await ports.durability.flush();
    return { records: ofDigest, left };
  }
  const finding = aboutWithdrawal(enrolment, told.records, { at: told.at, by, reason });
  if (finding !== null) await tellOnce(finding, { by, since: told.at }, ports);
  const withdrawn = await ports.records.withdraw(enrolment.id, file, digest, told.at);
  await settle(ports, enrolment, told, new Set([file]));
  const change = { project: enrolment.project, reason: "record", at: now } as const;
  await ports.queues.changes.now.send(changesNaming(change, [file]));
  await ports.durability.flush();
  return { records: withdrawn, left };
}

function nextSteps(file: string, left: readonly Digest[]): string {
  const stays =
    "Findings about it stay open until somebody resolves them: what was contested is not taken for right by itself.";
  const judged =
    left.length === 0
      ? `Nothing is on record for ${quoted(file)} now: what the index publishes is judged as unrecorded.`
      : `On record for ${quoted(file)} now: ${left.join(", ")}. What the index publishes is judged by that.`;
  return `${judged} ${stays}`;
}

export function withdrawingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, WITHDRAW, async (c) => {
    const { enrolment, by } = await demandMaintainer(c, ports);
    const { file, digest: typed, reason } = bodyBy(WithdrawAsked, await readJson(c.req.raw));
    const digest = parseDigest(typed);
    if (digest === null) throw new Refused("bad-digest", `${quoted(typed)} is not a SHA-256.`);
    const { records, left } = await withdraw(ports, { enrolment, by, file, digest, reason });
    const answer: WithdrawnAnswer = {
      project: enrolment.project,
      enrolment: enrolment.id,
      file,
      digest,
      withdrawn: records.map((record) => shownRecord(record, enrolment, true)),
      next: nextSteps(file, left),
    };
    return c.json(answer);
  });
}
