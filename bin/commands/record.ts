import { type Command, InvalidArgumentError, Option } from "commander";
import type { Client } from "../../functions/client/client.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import type { ReceiptAnswer } from "../../functions/records/answers/records.ts";
import { decoded } from "../../functions/records/decoding.ts";
import { inert } from "../../functions/records/quoted.ts";
import { receiptText } from "../../functions/records/receipts.ts";
import { claimedSigner } from "../../functions/records/ssh/sshsig.ts";
import { type AskingOptions, askingOptions, clientFor } from "../asking.ts";
import { awaitVerdicts, sayAwaited } from "../awaiting.ts";
import { say, sayJson } from "../printing.ts";
import { bodyOf, type Draft, draftOf, type Submitting } from "../submitting.ts";

const EXAMPLES = `
Needs a maintainer's or ci key of the project's enrolment. The same in plain shell:
  sha256sum dist/* | curl --data-binary @- -H "Authorization: Bearer $KEY" URL/v1/projects/PROJECT/records

Signatures and attestations beside the files (.asc, .sig, .sigstore, .attestation) are left out.
Exit code 1 when a file is contested: another digest is on record for it too; with --wait also when the index publishes
other bytes than were recorded.

Examples:
  $ counterfoil record dist/* --key-file ~/.counterfoil/requests.maintainer.key
  $ counterfoil record dist/* --sign ~/.ssh/id_ed25519
  $ counterfoil record dist/* --dry-run
  $ counterfoil record --manifest SHA256SUMS --signature SHA256SUMS.sig`;

interface RecordOptions extends AskingOptions, Submitting {
  readonly enrolment?: string;
  readonly dryRun?: true;
  readonly wait?: number;
}

const signerOf = ({ signature }: Draft): string | null =>
  signature === null ? null : claimedSigner(signature);

/** Line by line, every line inert: a manifest that somebody else made may hold anything. */
function sayDraft(draft: Draft, { url, dryRun }: RecordOptions): void {
  say(`${dryRun ? "Would send" : "Sending"} to ${url} for ${draft.project}:`);
  say();
  for (const line of decoded(draft.manifest).replace(/\n$/, "").split("\n")) say(inert(line));
  const signer = signerOf(draft);
  if (signer !== null) say(`\nsigned by ${signer}`);
  say();
}

const draftAnswer = (draft: Draft) => ({
  project: draft.project,
  manifest: sha256(draft.manifest),
  text: decoded(draft.manifest),
  signer: signerOf(draft),
  signature: draft.signature,
  sent: false,
});

/** What lies beside distribution files once they are signed or attested; the GitHub action leaves out the same. */
const COMPANION = /\.(attestation|asc|sig|sigstore|sigstore\.json)$/;

async function record(paths: readonly string[], options: RecordOptions): Promise<void> {
  const client = clientFor(options);
  const files = paths.filter((path) => !COMPANION.test(path));
  const draft = await draftOf(files, options);
  if (!options.json && files.length < paths.length)
    say(`Left out: ${inert(paths.filter((path) => COMPANION.test(path)).join(", "))}`);
  if (!options.json) sayDraft(draft, options);
  if (options.dryRun) {
    if (options.json) sayJson(draftAnswer(draft));
    else say("Nothing was sent.");
    return;
  }
  const receipt = await client.record(draft.project, bodyOf(draft), options.enrolment);
  const isContested = receipt.files.some(({ outcome }) => outcome === "contested");
  process.exitCode = isContested ? 1 : 0;
  if (!options.json) say(receiptText(receipt).trimEnd());
  if (options.wait !== undefined) return wait(client, receipt, options.wait, options.json === true);
  if (options.json) sayJson(receipt);
}

/** Not published yet is no fault: most record before they upload. */
async function wait(client: Client, receipt: ReceiptAnswer, seconds: number, json: boolean): Promise<void> {
  const awaited = await awaitVerdicts(client, receipt, seconds * 1000);
  const { rows, wrong } = awaited;
  if (json) sayJson({ ...receipt, artifacts: [...rows.values()] });
  else sayAwaited(awaited, receipt);
  if (wrong.length > 0) process.exitCode = 1;
}

const USUAL_WAIT_SECONDS = 60;

function secondsTyped(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds < 0)
    throw new InvalidArgumentError("Seconds are a number from 0.");
  return seconds;
}

/** `counterfoil record FILES…` */
export function register(program: Command): void {
  askingOptions(program.command("record"))
    .argument("[files...]", "the distribution files you are about to release")
    .option("--project <name>", "the project they belong to (default: as their names agree)")
    .option("--sign <key>", "sign with this SSH key, by ssh-keygen: a file, an agent's key or a security key")
    .option("--manifest <file>", "send these digests instead, in any format the monitor reads")
    .option("--signature <file>", "the signature of --manifest, as ssh-keygen -Y sign wrote it")
    .option("--enrolment <id>", "which enrolment, where a CI job's token fits several")
    .option("--dry-run", "show what would be sent, and send nothing")
    .addOption(
      new Option(
        "--wait [seconds]",
        "then wait for what the monitor makes of files that are published already",
      )
        .argParser(secondsTyped)
        .preset(String(USUAL_WAIT_SECONDS)),
    )
    .summary("record the digests of a release")
    .description(
      "Hash distribution files and record their digests with the monitor: what you release, and nothing else.",
    )
    .addHelpText("after", EXAMPLES)
    .action(record);
}
