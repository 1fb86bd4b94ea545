import type { Command } from "commander";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { sayExplanation } from "../explaining.ts";
import { findingNamed } from "../findings.ts";
import { sayJson } from "../printing.ts";
import { widthOf } from "../wrapping.ts";

const EXAMPLES = `
Anybody may ask about what an index page has shown; a key shows more. The id may be cut short, as counterfoil findings and
alerts print it. Exit code 0 whatever the finding says: it was explained.

Examples:
  $ counterfoil explain requests 3f9a12bc
  $ counterfoil explain requests 3f9a12bc --json | jq -r '.layers[]'`;

/** `counterfoil explain PROJECT FINDING` */
export function register(program: Command): void {
  askingOptions(program.command("explain"))
    .argument("<project>", "the project's name")
    .argument("<finding>", "the finding's id, or how it begins")
    .summary("say in words what disagrees, and how it would look if it were harmless")
    .description(
      "Explain a finding: which layer disagrees, what that means, how it would look if it were harmless, what was compared, what says so, and what to do.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, id: string, options: AskingOptions) => {
      const client = clientFor(options);
      const project = projectTyped(typed);
      const answer = await client.explanation(project, await findingNamed(client, project, id));
      if (options.json) sayJson(answer);
      else sayExplanation(answer, widthOf(process.stdout.columns));
    });
}
