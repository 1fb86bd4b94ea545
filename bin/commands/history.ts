import type { Command } from "commander";
import { inert } from "../../functions/records/quoted.ts";
import { coloured, counted, say, sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
Needs a maintainer's key of the enrolment, or the operator's. Entries are added and never changed; each carries the hash
of the one before it.

Examples:
  $ counterfoil history requests
  $ counterfoil history requests --json | jq '.entries[] | select(.kind == "recorded")'`;

/** `counterfoil history PROJECT` */
export function register(program: Command): void {
  watchOptions(program.command("history"))
    .argument("<project>", "the project's name")
    .summary("list everything that was done to an enrolment, and by which key")
    .description("List everything that was done to an enrolment, oldest first, and by which key.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: WatchOptions) => {
      const { client, watch } = await watchFor(typed, options);
      const history = await client.history(watch);
      if (options.json) return sayJson(history);
      for (const { number, at, by, what } of history.entries)
        say(
          `${String(number).padStart(4)}  ${at}  ${inert(what)}${by === null ? "" : coloured("dim", `  by ${inert(by)}`)}`,
        );
      say(`${counted(history.entries.length, "entry", "entries")} of enrolment ${watch.enrolment}`);
    });
}
