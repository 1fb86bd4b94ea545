import { basename } from "node:path";
import type { Command } from "commander";
import { hexOf } from "../../functions/domain/digests.ts";
import {
  belongsTo,
  isProjectName,
  normalizeProject,
  type ProjectName,
} from "../../functions/domain/names.ts";
import { inert } from "../../functions/records/quoted.ts";
import { receiptText } from "../../functions/records/receipts.ts";
import { type AskingOptions, askingOptions, clientFor } from "../asking.ts";
import { hashFiles } from "../hashing.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs a maintainer's or CI key of the project's enrolment. The same in plain shell:
  sha256sum dist/* | curl --data-binary @- -H "Authorization: Bearer $KEY" URL/v1/projects/PROJECT/records

Examples:
  $ counterfoil record dist/* --project requests --key-file ~/.counterfoil/requests.key`;

interface RecordOptions extends AskingOptions {
  readonly project: string;
}

function projectTyped(typed: string, command: Command): ProjectName {
  if (isProjectName(typed)) return normalizeProject(typed);
  return command.error(`counterfoil: "${inert(typed)}" cannot be a project's name`, { exitCode: 2 });
}

/** Refused here already, before gigabytes are hashed for nothing. */
function checkNames(paths: readonly string[], project: ProjectName, command: Command): void {
  for (const path of paths)
    if (!belongsTo(basename(path), project))
      command.error(`counterfoil: ${inert(path)} is not a distribution file of ${project}`, { exitCode: 2 });
}

async function manifestOf(paths: readonly string[], command: Command): Promise<string> {
  let manifest = "";
  try {
    for await (const { path, digest } of hashFiles(paths))
      manifest += `${hexOf(digest)}  ${basename(path)}\n`;
  } catch (error) {
    const why = error instanceof Error ? error.message : "no reason given";
    command.error(`counterfoil: not every file could be read, so nothing was sent: ${why}`, { exitCode: 2 });
  }
  return manifest;
}

/** `counterfoil record FILES… --project P` */
export function register(program: Command): void {
  askingOptions(program.command("record"))
    .argument("<files...>", "the distribution files you are about to release")
    .requiredOption("--project <name>", "the project they belong to")
    .summary("record the digests of a release")
    .description(
      "Hash distribution files and record their digests with the monitor: what you release, and nothing else.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], options: RecordOptions, command: Command) => {
      const project = projectTyped(options.project, command);
      checkNames(paths, project, command);
      const client = clientFor(options, command);
      const manifest = await manifestOf(paths, command);
      if (!options.json) say(`Sending to ${options.url} for ${project}:\n\n${manifest}`);
      const receipt = await client.record(project, manifest);
      if (options.json) sayJson(receipt);
      else say(receiptText(receipt).trimEnd());
    });
}
