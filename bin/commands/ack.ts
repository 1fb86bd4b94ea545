import type { Command } from "commander";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { findingNamed } from "../findings.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs a maintainer's key of the finding's enrolment, or the operator's. The finding stays open: it says that somebody
looks into it. The id may be cut short, as counterfoil findings and alerts print it.

Examples:
  $ counterfoil ack requests 3f9a12bc --note "asking the release team"`;

interface AckOptions extends AskingOptions {
  readonly note?: string;
}

/** `counterfoil ack PROJECT FINDING` */
export function register(program: Command): void {
  askingOptions(program.command("ack"))
    .argument("<project>", "the project's name")
    .argument("<finding>", "the finding's id, or how it begins")
    .option("--note <text>", "what others on your side should know")
    .summary("say that you have seen a finding")
    .description("Acknowledge a finding: somebody has seen it. It stays open.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, id: string, options: AckOptions) => {
      const client = clientFor(options);
      const project = projectTyped(typed);
      const named = await findingNamed(client, project, id);
      const finding = await client.acknowledge(project, named, options.note ?? null);
      if (options.json) sayJson(finding);
      else
        say(
          `Acknowledged at ${finding.acknowledged?.at ?? "this moment"}: ${finding.verdict}, ${finding.state === "open" ? "still open" : finding.state}.`,
        );
    });
}
