import type { Command } from "commander";
import { sayChanges } from "../changes.ts";
import { Misused } from "../misused.ts";
import { type PolicyOptions, policyInWords, policyOptions, policyTyped } from "../policy-options.ts";
import { say, sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
Needs a maintainer's key. What makes the monitor stricter acts at once. What makes it quieter is told to your contacts and
the operator now, acts after the operator's delay (a day, unless they chose another), and can be taken back until then.

Examples:
  $ counterfoil policy requests --strict
  $ counterfoil policy requests --grace 120 --no-strict
  $ counterfoil policy requests --require-signature --silenced-by maintainer
  $ counterfoil policy requests --rehash-days 1
  $ counterfoil policy requests --expect-publisher github:psf/requests/release.yml
  $ counterfoil policy requests --no-expect-publisher`;

/** `counterfoil policy PROJECT` */
export function register(program: Command): void {
  policyOptions(watchOptions(program.command("policy")))
    .argument("<project>", "the project's name")
    .summary("change what is told, and when")
    .description("Change an enrolment's policy; what is not named stays as it is.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: WatchOptions & PolicyOptions) => {
      const change = policyTyped(options);
      if (Object.keys(change).length === 0)
        throw new Misused(
          "name a choice to change, such as --strict; counterfoil enrolment shows the policy",
        );
      const { client, watch } = await watchFor(typed, options);
      const { enrolment, changes } = await client.changePolicy(watch, change);
      if (options.json) return sayJson({ enrolment, changes });
      sayChanges(watch.project, changes);
      say();
      say(`Policy now: ${policyInWords(enrolment.policy)}`);
    });
}
