import type { Command } from "commander";
import type { FindingAnswer, FindingsAnswer } from "../../functions/records/answers/findings.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor, keyFor, projectTyped } from "../asking.ts";
import { counted, say, sayJson, widest, word } from "../printing.ts";

const EXAMPLES = `
Exit code 1 while a critical finding or a warning is open.

Examples:
  $ counterfoil findings requests
  $ counterfoil findings requests --open --json`;

interface FindingsOptions extends AskingOptions {
  readonly open?: true;
}

const alarms = ({ state, severity }: FindingAnswer): boolean =>
  state === "open" && (severity === "critical" || severity === "warning");

const seen = (acknowledged: FindingAnswer["acknowledged"]): string =>
  acknowledged === null
    ? ""
    : `  acknowledged ${acknowledged.at}${acknowledged.note ? `: ${inert(acknowledged.note)}` : ""}`;

function sayFindings({ project, findings }: FindingsAnswer): void {
  const severities = widest(findings.map((finding) => finding.severity));
  const states = widest(findings.map((finding) => finding.state));
  for (const {
    severity,
    state,
    changedAt,
    verdict,
    selfClaimed,
    file,
    id,
    acknowledged,
    grounds,
  } of findings) {
    const about = file === null ? project : file;
    const what = selfClaimed ? `${verdict} (self-claimed)` : verdict;
    say(`${word(severity, severities)}  ${state.padEnd(states)}  ${changedAt}  ${what}: ${inert(about)}`);
    // Of a project the note says who or what, and two findings without it look the same.
    if (file === null && grounds.note !== null) say(`  ${inert(grounds.note)}`);
    say(`  ${id}${seen(acknowledged)}`);
  }
  const open = findings.filter((finding) => finding.state === "open");
  say(`${counted(findings.length, "finding")} about ${project}, ${open.length} open`);
  sayNext(project, open.find(({ selfClaimed }) => !selfClaimed) ?? open[0]);
}

function sayNext(project: string, first: FindingAnswer | undefined): void {
  if (first === undefined) return;
  say(`What it means, and what to do: counterfoil explain ${project} ${first.id.slice(0, 12)}`);
}

/** Nothing found and nothing shown are told apart. */
const KEYLESS =
  "Asked without a key: what is about files that no page has shown is for who watches and the operator (--key-file).";

/** `counterfoil findings PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("findings"))
    .argument("<project>", "the project's name, as you write it")
    .option("--open", "only those that are open")
    .summary("list what was found about a project")
    .description("List what was found about a project, newest first.")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string, options: FindingsOptions) => {
      const state = options.open ? "open" : null;
      const answer = await clientFor(options).findings(projectTyped(project), state);
      if (options.json) sayJson(answer);
      else sayFindings(answer);
      if (!options.json && answer.findings.length === 0 && keyFor(options) === null) say(KEYLESS);
      process.exitCode = answer.findings.some(alarms) ? 1 : 0;
    });
}
