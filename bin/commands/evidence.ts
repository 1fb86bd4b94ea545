import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { hexOf } from "../../functions/domain/digests.ts";
import type { EvidenceAnswer } from "../../functions/records/answers/evidence.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { byteBar, WORTH_A_BAR_BYTES } from "../byte-bar.ts";
import { writeArchive } from "../evidence/archive.ts";
import { contents, expectedBytes } from "../evidence/contents.ts";
import { sayEvidence } from "../evidence/listing.ts";
import type { Asked, Listed } from "../evidence/parts.ts";
import { findingNamed } from "../findings.ts";
import { hashFiles } from "../hashing.ts";
import { Misused } from "../misused.ts";
import { note, say, sayJson } from "../printing.ts";
import { widthOf } from "../wrapping.ts";

const EXAMPLES = `
Needs a maintainer's key of the finding's enrolment, or the operator's. The id may be cut short, as counterfoil findings and
alerts print it.

THE BYTES MAY BE MALWARE. The archive is not harmful as a file; what is in its folder bytes/ may be, once it is unpacked and opened.
It holds SHA256SUMS over all its files: sha256sum -c SHA256SUMS.

Examples:
  $ counterfoil evidence requests 3f9a12bc
  $ counterfoil evidence requests 3f9a12bc -o evidence.tar
  $ tar xf evidence.tar && cd evidence-* && sha256sum -c SHA256SUMS`;

interface EvidenceOptions extends AskingOptions {
  readonly output?: string;
}

/** Of a digest in a name, as much as tells it from others at a glance. */
const MOST_NAME_CHARS = 18;

const folderOf = (finding: string): string => `evidence-${finding.slice(0, 12)}`;

/** Before anything is fetched. Throws `Misused`. */
function demandWritable(output: string): void {
  if (existsSync(output))
    throw new Misused(`${inert(output)} is there already, and no evidence is written over`);
  const folder = dirname(resolve(output));
  if (!existsSync(folder)) throw new Misused(`there is no folder ${inert(folder)} to export to`);
}

/** With a bar where somebody watches and there is something to wait for. */
async function exported(asked: Asked, listed: Listed, path: string): Promise<void> {
  const totalBytes = expectedBytes(listed.evidence);
  const watched = process.stderr.isTTY && totalBytes >= WORTH_A_BAR_BYTES;
  const bar = watched ? byteBar("exporting", process.stderr) : null;
  bar?.start(totalBytes, 0, { file: "" });
  try {
    await writeArchive(contents(asked, listed), {
      path,
      folder: folderOf(asked.finding),
      mtime: new Date(listed.finding.openedAt),
      onBytes: (count, name) => bar?.increment(count, { file: name.slice(0, MOST_NAME_CHARS) }),
    });
  } finally {
    bar?.stop();
  }
}

async function sayExported(path: string, finding: string, { bytes }: EvidenceAnswer): Promise<void> {
  const cut = bytes.filter(({ whole, refused }) => !whole && refused === null).length;
  const refused = bytes.filter((each) => each.refused !== null).length;
  for await (const { digest } of hashFiles([path])) say(`${hexOf(digest)}  ${inert(path)}`);
  say(`Exported; write the line above down elsewhere. To check what is in it:`);
  say(`  tar xf ${inert(path)} && cd ${folderOf(finding)} && sha256sum -c SHA256SUMS`);
  say(`Its bytes/ may hold malware: do not open them on a machine that matters.`);
  if (cut > 0) note(`${cut} of the bodies were too large and are cut: their names end in .cut.`);
  if (refused > 0) note(`${refused} of the bodies were not kept, because of a cap. README.txt names them.`);
}

/** `counterfoil evidence PROJECT FINDING` */
export function register(program: Command): void {
  askingOptions(program.command("evidence"))
    .argument("<project>", "the project's name")
    .argument("<finding>", "the finding's id, or how it begins")
    .option("-o, --output <file.tar>", "export all of it as one archive")
    .summary("list what is kept of a finding, or export it")
    .description(
      "List what is kept as evidence of a finding, or export it as one archive that can be checked.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, id: string, options: EvidenceOptions) => {
      const { output } = options;
      if (output !== undefined) demandWritable(output);
      const client = clientFor(options);
      const project = projectTyped(typed);
      const asked = { client, project, finding: await findingNamed(client, project, id) };
      const evidence = await client.evidence(project, asked.finding);
      if (output !== undefined)
        await exported(asked, { finding: await client.finding(project, asked.finding), evidence }, output);
      if (options.json) return sayJson(evidence);
      if (output === undefined) sayEvidence(evidence, widthOf(process.stdout.columns));
      else await sayExported(output, asked.finding, evidence);
    });
}
