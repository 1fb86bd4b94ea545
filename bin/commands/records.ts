import type { Command } from "commander";
import type { RecordAnswer, RecordsAnswer } from "../../functions/records/answers/records.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { coloured, counted, say, sayColumns, sayJson } from "../printing.ts";

const EXAMPLES = `
Without a key it shows records of files that the index has shown; with a maintainer's key all of your own.

Examples:
  $ counterfoil records requests
  $ counterfoil records requests --file requests-2.32.0.tar.gz --all
  $ counterfoil records requests --json | jq -r '.records[] | "\\(.digest[7:])  \\(.file)"' | sha256sum -c`;

interface RecordsOptions extends AskingOptions {
  readonly file?: string;
  readonly enrolment?: string;
  readonly all?: true;
}

const byWhom = ({ authority, selfClaimed, signers }: RecordAnswer): string =>
  [authority, ...(selfClaimed ? ["self-claimed"] : []), ...(signers.length > 0 ? ["signed"] : [])].join(", ");

function sayRecords({ project, records }: RecordsAnswer): void {
  const areSeveral = records.some(({ enrolment }) => enrolment !== records[0]?.enrolment);
  sayColumns(
    records.map((record) => [
      record.digest.slice("sha256:".length),
      record.file,
      byWhom(record),
      record.recordedAt,
      record.withdrawnAt === null ? "" : `WITHDRAWN ${record.withdrawnAt}`,
      areSeveral ? `enrolment ${record.enrolment}` : "",
    ]),
  );
  say(coloured("dim", `${counted(records.length, "record")} of ${project}`));
}

/** `counterfoil records PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("records"))
    .argument("<project>", "the project's name")
    .option("--file <name>", "only those of this file")
    .option("--enrolment <id>", "only those of this enrolment")
    .option("--all", "those that were withdrawn too")
    .summary("list what developers recorded")
    .description("List the digests on record for a project: who said so, and when.")
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, options: RecordsOptions) => {
      const { file, enrolment, all = false } = options;
      const asked = { ...(file !== undefined && { file }), ...(enrolment !== undefined && { enrolment }) };
      const answer = await clientFor(options).records(projectTyped(typed), { ...asked, withdrawn: all });
      if (options.json) sayJson(answer);
      else sayRecords(answer);
    });
}
