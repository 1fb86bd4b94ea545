import { type Digest, hexOf } from "../domain/digests.ts";
import type { Recorded } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import { inert } from "./quoted.ts";

/** What became of one line: a new record, one already there, or one beside another digest for the same file. */
export type Outcome = "recorded" | "already-recorded" | "contested";

/** One file of a receipt. */
export interface ReceiptLine {
  readonly file: string;
  readonly release: string | null;
  readonly digest: Digest;
  readonly authority: Recorded["authority"];
  readonly outcome: Outcome;
  /** This submission added it; false when the same record was there before. */
  readonly added: boolean;
  /** Other digests on record for this file name, by the same enrolment. */
  readonly others: readonly Digest[];
  /** The judgement so far, made before this submission was compared; `null` while there is none. */
  readonly verdict: string | null;
  readonly standing: string | null;
}

/** The half that the submitter keeps. Everything in it is stored durably by the time it is sent. */
export interface Receipt {
  readonly project: ProjectName;
  readonly enrolment: string;
  /** Nobody but the watcher says who they are: the operator has not vouched for the enrolment. */
  readonly selfClaimed: boolean;
  /** SHA-256 of the submission's bytes exactly as they came. */
  readonly manifest: Digest;
  readonly credential: string;
  readonly receivedAt: Instant;
  readonly files: readonly ReceiptLine[];
  readonly next: string;
}

/** What happens after a submission, in words. */
export function nextSteps(project: ProjectName, files: readonly Pick<ReceiptLine, "outcome">[]): string {
  const compared =
    `From now on Counterfoil compares what the index publishes with these digests; ` +
    `/v1/projects/${project}/artifacts shows each verdict.`;
  if (!files.some((line) => line.outcome === "contested")) return compared;
  return (
    `A file marked contested has another digest on record too. Neither replaces the other: if you did not record both, ` +
    `treat the key that did as stolen. ${compared}`
  );
}

const soFar = (line: ReceiptLine): string =>
  line.standing === null ? "not seen on the index yet" : `${line.verdict ?? "no verdict"}, ${line.standing}`;

function lineText(line: ReceiptLine): string {
  const others = line.others.map((digest) => `\n    also on record: ${hexOf(digest)}`).join("");
  const about = `    ${line.outcome} (${line.authority}); so far: ${soFar(line)}`;
  return `${hexOf(line.digest)}  ${inert(line.file)}\n${about}${others}`;
}

const CLAIMED = " (self-claimed: the operator has not vouched for it)";

/** A receipt as people read it. Its lines of digest and name are those of sha256sum. Ends with a newline. */
export function receiptText(receipt: Receipt): string {
  const added = receipt.files.filter((line) => line.added).length;
  return [
    `Receipt for project ${receipt.project}, enrolment ${receipt.enrolment}${receipt.selfClaimed ? CLAIMED : ""}`,
    `${receipt.receivedAt}  ${receipt.files.length} named, ${added} newly recorded, manifest ${receipt.manifest}`,
    "",
    ...receipt.files.map(lineText),
    "",
    receipt.next,
    "",
  ].join("\n");
}
