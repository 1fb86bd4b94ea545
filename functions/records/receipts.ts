import { hexOf } from "../domain/digests.ts";
import type { ReceiptAnswer } from "./answers/records.ts";
import { inert } from "./quoted.ts";

/** The half that the submitter keeps. Everything in it is stored durably by the time it is sent. */
export type Receipt = Readonly<ReceiptAnswer>;

/** One file of a receipt. `outcome`: a new record, one already there, or one beside another digest for the same file. */
export type ReceiptLine = Readonly<Receipt["files"][number]>;

/** What happens after a submission, in words. */
export function nextSteps(project: string, files: readonly Pick<ReceiptLine, "outcome">[]): string {
  const compared =
    `From now on Counterfoil compares what the index publishes with these digests; ` +
    `/v1/projects/${project}/artifacts shows each verdict.`;
  if (!files.some((line) => line.outcome === "contested")) return compared;
  return (
    `A file marked contested has another digest on record too. Neither replaces the other: if you did not record both, ` +
    `treat the key that did as stolen, and withdraw the false one. ${compared}`
  );
}

const soFar = (line: ReceiptLine): string =>
  line.standing === null ? "not seen on the index yet" : `${line.verdict ?? "no verdict"}, ${line.standing}`;

function lineText(line: ReceiptLine): string {
  const others = line.others.map((digest) => `\n    also on record: ${hexOf(digest)}`).join("");
  const signed = line.signers.length === 0 ? "" : `, signed by ${line.signers.join(", ")}`;
  const about = `    ${line.outcome} (${line.authority}${signed}); so far: ${soFar(line)}`;
  return `${hexOf(line.digest)}  ${inert(line.file)}\n${about}${others}`;
}

/** Foreign text: a token's claims, as the provider put them. */
function jobText({ job, credential }: Receipt): string[] {
  if (job === null) return [];
  const where = [job.repository, job.workflow, job.ref, job.run].filter((part) => part !== null);
  return [`By a job of ${job.provider}: ${inert(where.join(" "))} (${credential})`];
}

const CLAIMED = " (self-claimed: the operator has not vouched for it)";

/** A receipt as people read it. Its lines of digest and name are those of sha256sum. Ends with a newline. */
export function receiptText(receipt: Receipt): string {
  const added = receipt.files.filter((line) => line.added).length;
  return [
    `Receipt for project ${receipt.project}, enrolment ${receipt.enrolment}${receipt.selfClaimed ? CLAIMED : ""}`,
    `${receipt.receivedAt}  ${receipt.files.length} named, ${added} newly recorded, manifest ${receipt.manifest}`,
    ...jobText(receipt),
    "",
    ...receipt.files.map(lineText),
    "",
    receipt.next,
    "",
  ].join("\n");
}
