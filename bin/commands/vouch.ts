import type { Command } from "commander";
import type { EnrolmentAnswer } from "../../functions/records/answers/enrolments.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs the operator's key. Make sure by other means than the index that the watcher is who they claim to be. What they
were told on enrolling has the enrolment's id, and so have the alerts about it.

Examples:
  $ counterfoil vouch requests 0123456789abcdef --key-file counterfoil-data/operator.key`;

const sayVouched = ({ id, project, vouchedAt }: EnrolmentAnswer): void =>
  say(
    vouchedAt === null
      ? `Enrolment ${id} of ${project} was invited: there is nothing to vouch for.`
      : `Enrolment ${id} of ${project} is vouched for since ${vouchedAt}.`,
  );

/** `counterfoil vouch PROJECT ENROLMENT` */
export function register(program: Command): void {
  askingOptions(program.command("vouch"))
    .argument("<project>", "the project's name on the index")
    .argument("<enrolment>", "the enrolment's id")
    .summary("vouch for a self-claimed enrolment")
    .description(
      "Say as the operator that the watcher behind a self-claimed enrolment is who they claim to be.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, enrolment: string, options: AskingOptions) => {
      const answer = await clientFor(options).vouch({ project: projectTyped(typed), enrolment });
      if (options.json) sayJson(answer);
      else sayVouched(answer);
    });
}
