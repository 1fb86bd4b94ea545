import type { Command } from "commander";
import type { DrillAnswer } from "../../functions/records/answers/enrolments.ts";
import { inert } from "../../functions/records/quoted.ts";
import { coloured, counted, say, sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
Needs a maintainer's key. At most one a minute. Refused (exit code 2) while no contact has confirmed.

Examples:
  $ counterfoil drill requests`;

function sayDrill({ contacts, alert }: DrillAnswer): void {
  for (const { address, confirmed } of contacts)
    say(
      confirmed
        ? `sent to  ${inert(address)}`
        : `${coloured("yellow", "NOT TO")}   ${inert(address)}: it has not confirmed`,
    );
  const told = contacts.filter(({ confirmed }) => confirmed).length;
  say(`Alert ${alert.slice(0, 16)}… is on its way to ${counted(told, "contact")}. See that it arrives.`);
}

/** `counterfoil drill PROJECT` */
export function register(program: Command): void {
  watchOptions(program.command("drill"))
    .argument("<project>", "the project's name")
    .summary("send your contacts a marked test alert")
    .description("Send one clearly marked test alert to the contacts of an enrolment, and to nobody else.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: WatchOptions) => {
      const { client, watch } = await watchFor(typed, options);
      const answer = await client.drill(watch);
      if (options.json) sayJson(answer);
      else sayDrill(answer);
    });
}
