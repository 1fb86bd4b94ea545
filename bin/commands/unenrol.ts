import type { Command } from "commander";
import { sayChanges } from "../changes.ts";
import { sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
Needs a maintainer's key of the enrolment, or the operator's. It is the quietest change of all: your contacts and the
operator are told now, it acts after the operator's delay, and counterfoil cancel takes it back until then. What was
recorded and found stays readable.

Examples:
  $ counterfoil unenrol requests`;

/** `counterfoil unenrol PROJECT` */
export function register(program: Command): void {
  watchOptions(program.command("unenrol"))
    .argument("<project>", "the project's name")
    .summary("end the watch over a project")
    .description("End an enrolment: nothing of the project is told to it any more.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: WatchOptions) => {
      const { client, watch } = await watchFor(typed, options);
      const answer = await client.end(watch);
      if (options.json) sayJson(answer);
      else sayChanges(watch.project, answer.changes);
    });
}
