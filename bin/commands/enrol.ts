import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { EnrolledAnswer } from "../../functions/client/answers.ts";
import { type AskingOptions, askingOptions, clientFor } from "../asking.ts";
import { coloured, say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs the operator's key, which the monitor wrote to operator.key in its data folder. Where registration is open it works
without a key too: then the enrolment is self-claimed until the operator vouches for it.

Examples:
  $ counterfoil enrol requests --key-file data/operator.key
  $ counterfoil enrol requests --strict --json > enrolment.json
  $ counterfoil enrol requests --url https://monitor.example`;

interface EnrolOptions extends AskingOptions {
  readonly grace?: number;
  readonly strict?: true;
  readonly frozen?: true;
}

function minutesTyped(text: string): number {
  const minutes = Number(text);
  if (text.trim() === "" || !Number.isFinite(minutes) || minutes < 0)
    throw new InvalidArgumentError("Minutes are a number from 0.");
  return minutes;
}

const policyAsked = ({ grace, strict, frozen }: EnrolOptions) => ({
  ...(grace === undefined ? {} : { graceMinutes: grace }),
  ...(strict === undefined ? {} : { strict }),
  ...(frozen === undefined ? {} : { frozen }),
});

const inWords = ({ strict, frozen, graceMinutes }: EnrolledAnswer["policy"]): string =>
  frozen
    ? "frozen: no release is expected"
    : strict
      ? "strict: a file without a record is critical at once"
      : `a file may stand ${graceMinutes} minutes without a record`;

function sayEnrolled({ id, project, policy, selfClaimed, keys }: EnrolledAnswer, url: string): void {
  say(`Project ${coloured("bold", project)} is watched from now on (enrolment ${id}).`);
  say(`Policy: ${inWords(policy)}.`);
  if (selfClaimed)
    say(
      `Self-claimed: lists, receipts and alerts say so until the operator runs counterfoil vouch ${project} ${id}.`,
    );
  say();
  say("Two keys, shown this once and kept nowhere. Store them now:");
  say(`  maintainer  ${keys.maintainer}`);
  say(`  ci          ${keys.ci}`);
  say();
  say("Record a release before you upload it, with the maintainer's key where CI cannot read it:");
  say(`  sha256sum dist/* | curl --data-binary @- -H "Authorization: Bearer $KEY" \\`);
  say(`    ${new URL(`/v1/projects/${project}/records`, url)}`);
}

/** `counterfoil enrol PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("enrol"))
    .argument("<project>", "the project's name on the index")
    .option("--grace <minutes>", "how long an upload may stand without a record", minutesTyped)
    .option("--strict", "no grace, and every unrecorded file is critical")
    .option("--frozen", "no release is expected at all")
    .summary("have a project watched")
    .description("Have a project watched, and get the keys to record its releases with.")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string, options: EnrolOptions, command: Command) => {
      const enrolled = await clientFor(options, command).enrol(project, policyAsked(options));
      if (options.json) sayJson(enrolled);
      else sayEnrolled(enrolled, options.url);
    });
}
