import type { VerifyAnswer } from "./answers/verify.ts";
import { inert } from "./quoted.ts";

const WORD: Readonly<Record<string, string>> = { ok: "OK", differs: "FAILED" };

const PUBLISHED: Readonly<Record<string, string>> = {
  same: "The index publishes the same bytes.",
  other: "The index publishes OTHER bytes.",
  gone: "The index lists it no longer.",
};

const NOT_TOLD = "Whether the index publishes it could not be told.";

/** A verification as `sha256sum -c` says it: one line a file, and warnings at the end. Ends with a newline. */
export function verifiedText({ files, coverage }: VerifyAnswer): string {
  const lines = files.map(({ file, answer, why, published }) => {
    const says = `${inert(file)}: ${WORD[answer] ?? "UNKNOWN"}`;
    return `${says}  ${inert(why)} ${PUBLISHED[published] ?? NOT_TOLD}`;
  });
  const counted = (is: (answer: string) => boolean): number =>
    files.filter(({ answer }) => is(answer)).length;
  const failed = counted((answer) => answer === "differs");
  const unknown = counted((answer) => answer !== "differs" && answer !== "ok");
  return [
    ...lines,
    ...(failed > 0 ? [`WARNING: ${failed} of ${files.length} are NOT what was recorded`] : []),
    ...(unknown > 0 ? [`WARNING: of ${unknown} of ${files.length} nothing can be said`] : []),
    ...(coverage.blind === null ? [] : [`WARNING: the monitor is blind: ${coverage.blind.reason}`]),
    "",
  ].join("\n");
}
