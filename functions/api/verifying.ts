import type { Hono } from "hono";
import { abreast } from "../domain/abreast.ts";
import { watchingAt } from "../domain/amendments.ts";
import { type Enrolment, type Habits, isLive, isSelfClaimed, type Recorded } from "../domain/enrolments.ts";
import { silences } from "../domain/signs.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { type VerifiedFor, VerifyAnswer } from "../records/answers/verify.ts";
import { byStrength, NOTHING_KNOWN, strengthFor, together, type Voice } from "../records/strength.ts";
import type { Claim } from "../records/submissions.ts";
import { verifiedText } from "../records/verified.ts";
import { wantsJson } from "./asking.ts";
import { readBody } from "./bodies.ts";
import { callerOf } from "./callers.ts";
import { blindnessNow } from "./health.ts";
import { type Sight, sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { type Watched, watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { readUnproven } from "./signing.ts";

export const VERIFY: Route = {
  method: "POST",
  path: "/v1/projects/{project}/verify",
  id: "verify",
  summary: "Compare files that somebody holds with what was recorded and what the index publishes",
  who: "anybody",
  body: "submission",
  answers: {
    200: {
      what: "What is known of each file, and how much that is worth",
      schema: VerifyAnswer,
      also: ["text/plain"],
    },
  },
  refuses: ["bad-signature", "no-digest", "other-algorithm", "cut-short", "no-file-name", "bad-toml"],
};

/** A Lambda answers at most 6 MB, and each watcher's word on each file is some 2 kB. */
const MOST_WORDS = 2_000;
const MOST_RECORDS_SHOWN = 5;
const ABREAST = 32;

/** One watcher as far as verifying needs it. */
interface Watcher {
  readonly enrolment: Enrolment;
  readonly habits: Habits;
}

async function watchersOf({ enrolments }: Watched, ports: ApiPorts): Promise<Watcher[]> {
  const now = ports.clock.now();
  const current = watchingAt(enrolments, now);
  return abreast(ABREAST, current, async (enrolment) => ({
    enrolment,
    habits: await ports.records.habits(enrolment.id, null),
  }));
}

const shownRecord = ({ digest, authority, recordedAt, signers, manifest }: Recorded) => ({
  digest,
  authority,
  recordedAt,
  signers: [...signers],
  manifest,
});

function wordOf(
  { digest }: Claim,
  { enrolment, habits }: Watcher,
  row: ArtifactRow | null,
  recorded: readonly Recorded[] | null,
): VerifiedFor & Voice {
  const selfClaimed = isSelfClaimed(enrolment);
  const known = { digest, recorded: recorded ?? [], row, selfClaimed };
  const { answer, why } =
    recorded === null
      ? NOTHING_KNOWN
      : strengthFor({ ...known, silences: (record) => silences({ enrolment, habits }, record) });
  const live = byStrength(known.recorded.filter(isLive));
  const agreeing = live.filter((record) => record.digest === digest);
  const telling = [...agreeing, ...live.filter((record) => record.digest !== digest)];
  return {
    enrolment: enrolment.id,
    selfClaimed,
    verdict: row?.verdict ?? null,
    standing: row?.standing ?? null,
    authority: agreeing[0]?.authority ?? null,
    declared: row?.declared ?? null,
    observed: row?.observed ?? null,
    recorded: telling.slice(0, MOST_RECORDS_SHOWN).map(shownRecord),
    hashedAt: row?.hashedAt ?? null,
    answer,
    why,
  };
}

/** Only bytes count: what the index merely declares is not what it publishes. */
function publishedAs(rows: readonly ArtifactRow[], digest: string): string {
  const newest = rows.toSorted((a, b) => b.number - a.number).at(0);
  if (newest === undefined || !newest.everListed) return "unknown";
  if (!newest.listed) return "gone";
  if (newest.observed === null) return "unknown";
  return newest.observed === digest ? "same" : "other";
}

/** What a question is answered from. */
interface Asked {
  readonly watchers: readonly Watcher[];
  readonly rows: ReadonlyMap<string, readonly ArtifactRow[]>;
  readonly sight: Sight;
}

/**
 * Of a file that no page has shown nothing is read, except for its own watcher: so a stranger cannot tell one that was
 * recorded ahead of its release from one that nobody ever heard of, not even by the time that it takes.
 */
async function fileAnswer(claim: Claim, { watchers, rows, sight }: Asked, ports: ApiPorts) {
  const { file, digest } = claim;
  const ofFile = rows.get(file) ?? [];
  const words = await abreast(ABREAST, watchers, async (watcher) => {
    const { id } = watcher.enrolment;
    const isVisible = sight.isShown(file) || sight.isOwn(id);
    const row = ofFile.find(({ enrolment }) => enrolment === id) ?? null;
    return wordOf(claim, watcher, row, isVisible ? await ports.records.ofFile(id, file) : null);
  });
  return {
    file,
    digest,
    ...together(words),
    enrolments: words,
    published: publishedAs(ofFile, digest),
  };
}

function demandFew(claims: readonly Claim[], watchers: readonly Watcher[]): void {
  const most = Math.max(1, Math.floor(MOST_WORDS / Math.max(1, watchers.length)));
  if (claims.length > most)
    throw new Refused("too-many-files", `Ask about at most ${most} files of this project at a time.`);
}

export function verifyingRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, VERIFY, async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const { project } = watched;
    const { claims, format } = readUnproven(await readBody(c.req.raw), project);
    const watchers = await watchersOf(watched, ports);
    demandFew(claims, watchers);
    const all = await ports.view.ofProject(project);
    const sight = sightOf(caller, all);
    const rows = Map.groupBy(sight.rows(), ({ file }) => file);
    const files = await abreast(4, claims, (claim) => fileAnswer(claim, { watchers, rows, sight }, ports));
    const blind = await blindnessNow(ports, await ports.cursors.read(), settings);
    const coverage = { blind: blind && { since: blind.since, reason: blind.reason } };
    const answer: VerifyAnswer = { project, files, coverage };
    return wantsJson(c, format) ? c.json(answer) : c.text(verifiedText(answer));
  });
}
