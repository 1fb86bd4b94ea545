import type { Command } from "commander";
import type { FindingAnswer, FindingsAnswer } from "../../functions/client/answers.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor } from "../asking.ts";
import { counted, say, sayJson, widest, word } from "../printing.ts";

const EXAMPLES = `
Exit code 1 while a critical finding or a warning is open.

Examples:
  $ counterfoil findings requests
  $ counterfoil findings requests --open --json`;

interface FindingsOptions extends AskingOptions {
  readonly open: boolean;
}

const alarms = ({ state, severity }: FindingAnswer): boolean =>
  state === "open" && (severity === "critical" || severity === "warning");

function sayFindings({ project, findings }: FindingsAnswer): void {
  const severities = widest(findings.map((finding) => finding.severity));
  const states = widest(findings.map((finding) => finding.state));
  for (const { severity, state, changedAt, verdict, selfClaimed, file, id } of findings) {
    const about = file === null ? project : file;
    const what = selfClaimed ? `${verdict} (self-claimed)` : verdict;
    say(`${word(severity, severities)}  ${state.padEnd(states)}  ${changedAt}  ${what}: ${inert(about)}`);
    say(`  ${id}`);
  }
  const open = findings.filter((finding) => finding.state === "open").length;
  say(`${counted(findings.length, "finding")} about ${project}, ${open} open`);
}

/** `counterfoil findings PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("findings"))
    .argument("<project>", "the project's name, as you write it")
    .option("--open", "only those that are open", false)
    .summary("list what was found about a project")
    .description("List what was found about a project, newest first.")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string, options: FindingsOptions, command: Command) => {
      const answer = await clientFor(options, command).findings(project, options.open ? "open" : null);
      if (options.json) sayJson(answer);
      else sayFindings(answer);
      process.exitCode = answer.findings.some(alarms) ? 1 : 0;
    });
}
