import { basename } from "node:path";
import type { Command } from "commander";
import { hexOf, parseDigest } from "../../functions/domain/digests.ts";
import { inert, quoted } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { Misused } from "../misused.ts";
import { counted, say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs a maintainer's key. Nothing is deleted: the record stays in the history as withdrawn, your contacts are told, and
what the index publishes is judged without it from now on. Recording it again makes it count again.

Examples:
  $ counterfoil withdraw requests requests-2.32.0.tar.gz 1f6c…64 hexadecimal digits…9a --reason "built twice"`;

interface WithdrawOptions extends AskingOptions {
  readonly reason: string;
}

/** `counterfoil withdraw PROJECT FILE DIGEST --reason TEXT` */
export function register(program: Command): void {
  askingOptions(program.command("withdraw"))
    .argument("<project>", "the project's name")
    .argument("<file>", "the file's name")
    .argument("<digest>", "the SHA-256 that shall count no more")
    .requiredOption("--reason <text>", "why; it becomes part of the history")
    .summary("take back a record")
    .description("Withdraw a record: the digest is no longer taken for yours.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, path: string, text: string, options: WithdrawOptions) => {
      const digest = parseDigest(text);
      if (digest === null)
        throw new Misused(`a digest is 64 hexadecimal digits, and this is not: ${quoted(text)}`);
      const client = clientFor(options);
      const answer = await client.withdraw(projectTyped(typed), basename(path), digest, options.reason);
      if (options.json) return sayJson(answer);
      say(
        `${counted(answer.withdrawn.length, "record")} of ${inert(answer.file)} withdrawn: ${hexOf(digest)} is taken for yours no more.`,
      );
      say(inert(answer.next));
    });
}
