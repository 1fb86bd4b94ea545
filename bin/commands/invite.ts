import { type Command, InvalidArgumentError } from "commander";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs the operator's key. Whoever gets the invitation can enrol this one project, once, without your key; make sure by
other means than the index who they are, and send it to nobody else.

Examples:
  $ counterfoil invite requests --key-file counterfoil-data/operator.key > invitation.txt
  $ counterfoil invite requests --days 30 --json`;

interface InviteOptions extends AskingOptions {
  readonly days?: number;
}

function daysTyped(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 30)
    throw new InvalidArgumentError("Days are a whole number from 1 to 30.");
  return days;
}

/** `counterfoil invite PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("invite"))
    .argument("<project>", "the project they may enrol")
    .option("--days <number>", "for how long it is good (default: 7)", daysTyped)
    .summary("let somebody enrol a project")
    .description("Make an invitation: a key that enrols one project, once.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: InviteOptions) => {
      const answer = await clientFor(options).invite(projectTyped(typed), options.days ?? null);
      if (options.json) return sayJson(answer);
      const { project, invitation, expiresAt } = answer;
      say(invitation);
      say();
      say(`Good until ${expiresAt}, for ${project}, once. Whoever has it keeps it in a file and runs`);
      say(`  counterfoil enrol ${project} --url ${options.url} --invitation FILE`);
    });
}
