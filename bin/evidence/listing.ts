import type {
  EvidenceAnswer,
  EvidenceBytes,
  EvidencePage,
} from "../../functions/records/answers/evidence.ts";
import { inert } from "../../functions/records/quoted.ts";
import { counted, say } from "../printing.ts";
import { wrapped } from "../wrapping.ts";

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

/** A size as people say it. */
export function sized(sizeBytes: number): string {
  const power = sizeBytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(sizeBytes) / 3));
  const value = sizeBytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

const ORIGINS: Readonly<Record<string, string>> = {
  attempt: "an attempt that differed from what was declared",
  "this-finding": "fetched again for this finding",
  "another-finding": "fetched again for another finding",
};

function originOf({ origin, attempt }: EvidenceBytes): string {
  if (attempt === null) return ORIGINS[origin] ?? origin;
  const from = attempt.address === null ? "" : `, from ${attempt.address}`;
  return `attempt ${attempt.number} of ${attempt.of}${from}`;
}

function bytesLines(each: EvidenceBytes, width: number): string[] {
  const { refused, whole, sizeBytes, at } = each;
  const size = sized(sizeBytes);
  const kept =
    refused !== null
      ? `NOT KEPT: cap of one ${refused}`
      : whole
        ? `${size}, whole`
        : `${size}, CUT by the cap`;
  return [`  ${inert(each.digest)}`, ...wrapped(`${kept}; ${at}; ${originOf(each)}`, width, "    ")];
}

const pageLines = ({ digest, sizeBytes, why }: EvidencePage, width: number): string[] => [
  `  ${inert(digest)}`,
  ...wrapped(
    `${sizeBytes === null ? "NOT KEPT any more" : sized(sizeBytes)}; ${why.join(", ")}`,
    width,
    "    ",
  ),
];

/** What is kept of a finding, for somebody with a terminal of this width, or a phone. */
export function sayEvidence(answer: EvidenceAnswer, width: number): void {
  const { project, finding, file, bytes, pages, entries, entriesLeftOut, ledger, records, provenance } =
    answer;
  say(`Evidence of finding ${inert(finding)}`);
  say(inert(file === null ? project : `${file}  of ${project}`));
  for (const [heading, lines] of [
    ["Bytes of the file", bytes.flatMap((each) => bytesLines(each, width))],
    ["Pages of the index", pages.flatMap((each) => pageLines(each, width))],
    [
      "Provenance objects",
      provenance.map(({ digest, outcome, at }) => `  ${inert(digest)}  ${inert(outcome)}, ${at}`),
    ],
  ] as const) {
    say();
    say(heading);
    for (const line of lines.length === 0 ? ["  none"] : lines) say(line);
  }
  say();
  const more = entriesLeftOut === 0 ? "" : ` (${entriesLeftOut} older ones left out)`;
  say(
    `${counted(entries.length, "journal entry", "journal entries")}${more}, ${counted(ledger.entries, "ledger entry", "ledger entries")}, ${counted(records.length, "record")}`,
  );
  const command = `counterfoil evidence ${inert(project)} ${inert(finding.slice(0, 12))} -o FILE.tar`;
  for (const line of wrapped(`To export all of it: ${command}. The bytes may be malware.`, width)) say(line);
}
