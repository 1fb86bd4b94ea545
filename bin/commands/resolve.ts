import type { Command } from "commander";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { findingNamed } from "../findings.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs a maintainer's key of the finding's enrolment, or the operator's. The note becomes part of the history. It is not
told again while the same lasts; anything new about the file is.

Examples:
  $ counterfoil resolve requests 3f9a12bc --note "token revoked, files deleted, 2.32.1 is ours"`;

interface ResolveOptions extends AskingOptions {
  readonly note: string;
}

/** `counterfoil resolve PROJECT FINDING --note TEXT` */
export function register(program: Command): void {
  askingOptions(program.command("resolve"))
    .argument("<project>", "the project's name")
    .argument("<finding>", "the finding's id, or how it begins")
    .requiredOption("--note <text>", "what was found out and done")
    .summary("close a finding, and say why")
    .description("Resolve a finding: it has been dealt with.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, id: string, options: ResolveOptions) => {
      const client = clientFor(options);
      const project = projectTyped(typed);
      const named = await findingNamed(client, project, id);
      const finding = await client.resolve(project, named, options.note);
      if (options.json) sayJson(finding);
      else say(`Resolved at ${finding.resolvedBy?.at ?? "this moment"}: ${finding.verdict}.`);
    });
}
