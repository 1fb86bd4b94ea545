import type { Hono } from "hono";
import type { Recorded } from "../domain/enrolments.ts";
import { explained } from "../domain/explaining.ts";
import type { Grounds } from "../domain/findings.ts";
import { type Compared, ExplanationAnswer } from "../records/answers/explanations.ts";
import { callerOf } from "./callers.ts";
import { asOfNow, noSuchFinding } from "./findings.ts";
import { findingOf } from "./locating.ts";
import { type ShownFinding, sightOf } from "./privacy.ts";
import { type Watched, watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

export const EXPLANATION: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}/explanation",
  id: "explanation",
  summary:
    "One finding in words: which layer disagrees, what it means, how it would look if it were harmless",
  who: "anybody",
  answers: { 200: { what: "The explanation", schema: ExplanationAnswer } },
  refuses: ["no-such-finding"],
};

/** The same for the rest of what is compared: only records have somebody who made them. */
const plain = (side: string, digest: string | null): Compared => ({
  side,
  digest,
  authority: null,
  signers: [],
  credential: null,
  at: null,
});

type Stated = Grounds["recorded"][number];

/** A record that the finding names, with who made it. Withdrawn since, it is still what was compared. */
function stated({ digest, authority, recordedAt }: Stated, records: readonly Recorded[], isOwn: boolean) {
  const made = records.find((each) => each.digest === digest && each.recordedAt === recordedAt);
  const credential = (isOwn && made?.credential) || null;
  return {
    side: "recorded",
    digest,
    authority,
    signers: [...(made?.signers ?? [])],
    credential,
    at: recordedAt,
  };
}

function comparedIn(
  { file, grounds }: ShownFinding,
  records: readonly Recorded[],
  isOwn: boolean,
): readonly Compared[] {
  if (file === null) return [];
  return [
    plain("declared", grounds.declared),
    plain("observed", grounds.observed),
    ...grounds.recorded.map((each) => stated(each, records, isOwn)),
    ...grounds.before.map((digest) => plain("before", digest)),
  ];
}

const KEPT_FOR_OTHERS = "What is kept of it is shown to its watcher and to the operator.";
const keptOf = (project: string, id: string): string =>
  `Bytes, index pages, journal entries, the ledger and your records, as far as there are any. To list or export them: \`counterfoil evidence ${project} ${id.slice(0, 12)}\`.`;

function answerOf(finding: ShownFinding, watched: Watched, compared: readonly Compared[], isOwn: boolean) {
  const { enrolment, file, release, verdict, severity, state, openedAt } = finding;
  const { entry, page, url, firstSeen, deadline, attempts, wrongAttempts, note } = finding.grounds;
  const { layers, steps, ...words } = explained(finding);
  return {
    project: watched.project,
    finding: finding.id,
    enrolment,
    selfClaimed: asOfNow(finding, watched).selfClaimed,
    ...{ file, release, verdict, severity, state, openedAt },
    ...words,
    layers: [...layers],
    steps: [...steps],
    compared: [...compared],
    sources: { entry, page, url, firstSeen, deadline, attempts, wrongAttempts, note },
    evidence: isOwn ? keptOf(watched.project, finding.id) : KEPT_FOR_OTHERS,
  } satisfies ExplanationAnswer;
}

export function explainingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, EXPLANATION, async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const sight = sightOf(caller, await ports.view.ofProject(watched.project));
    const known = await findingOf(c.req.param("finding") ?? "", watched, sight, ports);
    const [finding] = known === null ? [] : sight.findings([known]);
    if (finding === undefined) throw noSuchFinding(watched);
    const { enrolment, file } = finding;
    const isOwn = sight.isOwn(enrolment);
    const records = enrolment === null || file === null ? [] : await ports.records.ofFile(enrolment, file);
    return c.json(answerOf(finding, watched, comparedIn(finding, records, isOwn), isOwn));
  });
}
