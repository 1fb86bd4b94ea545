import type { Branch, Count } from "./branch.ts";
import { Oracle } from "./oracle.ts";
import type { Outcome } from "./play.ts";
import { projectOf, type Script } from "./script.ts";

type Alerts = Outcome["alerts"];

/** What a subscriber was told on findings, by watcher and subject: `severity verdict state` to how many alerts. */
function told({ alerts, watchers }: Outcome): Map<string, Record<string, number>> {
  const by = new Map<string, Record<string, number>>();
  for (const { topic, severity, finding } of alerts) {
    if (topic !== "findings") continue;
    const subject = `${watchers.get(finding.enrolment ?? "")} ${finding.file ?? "the project"}`;
    const key = `${severity} ${finding.verdict} ${finding.state}`;
    const of = by.get(subject) ?? {};
    by.set(subject, { ...of, [key]: (of[key] ?? 0) + 1 });
  }
  return by;
}

/** What is wrong with what a monitor said of a world; empty when it is one of the oracle's answers. */
export function wrongs(script: Script, outcome: Outcome): string[] {
  const oracle = Oracle.follow(script);
  const heard = told(outcome);
  const wrong = [...oracle.branches].flatMap(([file, branches]) => wrongOf(file, branches, outcome, heard));
  const known = new Set(
    [...oracle.watchers].flatMap(([name, { project }]) =>
      [...oracle.branches.keys()]
        .filter((file) => projectOf(file) === project)
        .map((file) => `${name} ${file}`),
    ),
  );
  for (const [subject, of] of heard) if (!known.has(subject)) wrong.push(...ofProject(subject, of));
  return [...wrong, ...ofHealth(script, outcome.alerts)];
}

function wrongOf(
  file: string,
  branches: readonly Branch[],
  { ends }: Outcome,
  heard: ReadonlyMap<string, Record<string, number>>,
): string[] {
  const differences = branches.map((branch) =>
    Object.entries(branch.watched).flatMap(([name, of]) => {
      if (of.isLoose) return [];
      const subject = `${name} ${file}`;
      const is = ends.get(subject) ?? "null null";
      const shall = `${of.content} ${of.standing}`;
      const ended = is === shall ? [] : [`${subject} is ${is}, not ${shall}`];
      return [...ended, ...counted(subject, of.told, heard.get(subject) ?? {})];
    }),
  );
  const least = differences.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return differences.some((each) => each.length === 0) ? [] : [...least];
}

function counted(
  subject: string,
  shall: Readonly<Record<string, Count>>,
  is: Record<string, number>,
): string[] {
  return [...new Set([...Object.keys(shall), ...Object.keys(is)])].flatMap((key) => {
    const [least, most] = shall[key] ?? [0, 0];
    const times = is[key] ?? 0;
    return times >= least && times <= most
      ? []
      : [`${subject} ${key}: told ${times} times, not ${least} to ${most}`];
  });
}

const OF_PROJECTS = /^(notice quarantined|warning ownership-changed) open$/;

const ofProject = (subject: string, of: Record<string, number>): string[] =>
  Object.keys(of).flatMap((key) =>
    subject.endsWith(" the project") && OF_PROJECTS.test(key) ? [] : [`${subject}: ${key}`],
  );

const OF_WEATHER = new Set(["unverifiable", "flaky-edge", "blind", "journal-went-back", "page-unread"]);

/** Weather is told on health; a fault of ours never is. */
function ofHealth({ steps }: Script, alerts: Alerts): string[] {
  const isCalm = steps.every(({ does }) => does !== "weather" && does !== "jump" && does !== "crash");
  return alerts
    .filter(({ topic }) => topic === "health")
    .filter(({ finding }) => isCalm || !OF_WEATHER.has(finding.verdict))
    .map(
      ({ finding }) => `health ${finding.verdict} ${finding.state} ${finding.file}: ${finding.grounds.note}`,
    );
}
