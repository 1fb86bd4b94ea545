import type { Case } from "../domain/case.ts";
import type { ArtifactFact, Fact } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import { type Judgement, judge } from "../domain/judge.ts";
import { artifactSubject, type LedgerEntry } from "../domain/ledger.ts";
import { changedFindings } from "../domain/lifecycle.ts";
import { findingsOf } from "../domain/told.ts";
import { Conflict } from "../ports.ts";
import { askForEvidence, type Entailed, setDeadlines } from "./entail.ts";
import { casesOf } from "./gather.ts";
import { compareProject } from "./project.ts";
import { rowOf } from "./row.ts";
import type { ComparePorts } from "./seams.ts";
import { unpublishedOf } from "./unpublished.ts";

/**
 * Takes one fact into the ledger and judges its artifact for every enrolment. Fact, verdicts and findings are one
 * append, on condition that nobody appended since the history was read: the loser reads and judges again. What
 * follows from an entry (view, deadlines, alerts) is repeated for a fact that is already there, because a crash may
 * have come between.
 */
export async function compare(fact: Fact, ports: ComparePorts): Promise<void> {
  for (;;) {
    try {
      return await (fact.kind === "project" ? compareProject(fact, ports) : compareOnce(fact, ports));
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

async function compareOnce(fact: ArtifactFact, ports: ComparePorts): Promise<void> {
  const subject = artifactSubject(fact.project, fact.file);
  const history = await ports.ledger.read(subject);
  const known = history.find((entry) => entry.body.kind === "judged" && entry.body.fact.id === fact.id);
  const gathered = await casesOf([...factsOf(history), fact], ports);
  if (known !== undefined) {
    const news = { findings: unpublishedOf(known, history), number: known.number };
    return follow(history, { ...gathered, fact, isRepetition: true }, news, ports);
  }
  const before = judgementsOf(history);
  const told = findingsOf(history);
  const rulings = gathered.cases.map((of) => ({
    of,
    ruling: judge(of, before.get(of.enrolment.id) ?? null),
  }));
  const findings = rulings.flatMap(({ of, ruling }) =>
    changedFindings(of, ruling, ofEnrolment(told, of), judgementsFor(of, history)),
  );
  const judgements = rulings.map(({ ruling }) => ruling.judgement);
  const body = { kind: "judged", fact, judgements, findings } as const;
  const entry = await ports.ledger.append(subject, history.at(-1) ?? null, body);
  const news = { findings, number: entry.number };
  await follow([...history, entry], { ...gathered, fact, isRepetition: false }, news, ports);
}

/** What an entry has to tell: its findings, or on a repetition those of them that are still unpublished. */
interface News {
  readonly findings: readonly Finding[];
  readonly number: number;
}

/** Everything that an append entails; safe to repeat. */
async function follow(
  history: readonly LedgerEntry[],
  judged: Omit<Entailed, "judgements">,
  { findings, number }: News,
  ports: ComparePorts,
): Promise<void> {
  const latest = history.at(-1)?.number ?? 0;
  const judgements = judgementsOf(history);
  const rows = judged.cases.flatMap((of) => {
    const judgement = judgements.get(of.enrolment.id);
    return judgement ? [rowOf(of, judgement, latest)] : [];
  });
  if (rows.length > 0) await ports.view.put(rows);
  if (findings.length > 0) await ports.view.putFindings(findings, number);
  await setDeadlines({ ...judged, judgements: [...judgements.values()] }, ports);
  if (findings.length > 0) await ports.alerts.send(findings);
  await askForEvidence(judged.cases, findings, ports);
}

export const factsOf = (history: readonly LedgerEntry[]): ArtifactFact[] =>
  history.flatMap(({ body }) => (body.kind === "judged" ? [body.fact] : []));

/** Every judgement for the case's enrolment, in order. */
const judgementsFor = ({ enrolment }: Case, history: readonly LedgerEntry[]): Judgement[] =>
  history.flatMap(({ body }) =>
    body.kind === "judged" ? body.judgements.filter((each) => each.enrolment === enrolment.id) : [],
  );

/** The latest judgement for each enrolment. */
export const judgementsOf = (history: readonly LedgerEntry[]): ReadonlyMap<string, Judgement> =>
  new Map(
    history.flatMap(({ body }) =>
      body.kind === "judged" ? body.judgements.map((each) => [each.enrolment, each] as const) : [],
    ),
  );

const ofEnrolment = (findings: ReadonlyMap<string, Finding>, of: Case): Finding[] =>
  [...findings.values()].filter((finding) => finding.enrolment === of.enrolment.id);
