import type { Command } from "commander";
import { say, sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
Needs any maintainer's key of the enrolment that is in force, or the operator's. The change's id stands in the alert about
it, and in counterfoil enrolment PROJECT. If you did not ask for the change, revoke the key that did.

Examples:
  $ counterfoil cancel requests 0123456789abcdef
  $ counterfoil key revoke requests fedcba9876543210`;

/** `counterfoil cancel PROJECT CHANGE` */
export function register(program: Command): void {
  watchOptions(program.command("cancel"))
    .argument("<project>", "the project's name")
    .argument("<change>", "the change's id")
    .summary("take back a change before it is in force")
    .description("Take back a change that was asked for and is not in force yet.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, change: string, options: WatchOptions) => {
      const { client, watch } = await watchFor(typed, options);
      const answer = await client.cancel(watch, change);
      if (options.json) sayJson(answer);
      else say(`Change ${change} of ${watch.project} is taken back and will not act.`);
    });
}
