import { inert } from "../../functions/records/quoted.ts";
import type { Listed } from "./parts.ts";

/** What whoever unpacks it, perhaps years later and without this software, must know. */
export function readme({ finding, evidence }: Listed, missing: readonly string[]): string {
  const file = finding.file === null ? "" : `\nFile:     ${inert(finding.file)}`;
  return `EVIDENCE OF A COUNTERFOIL FINDING

WARNING: what is in bytes/ came from strangers and may be malware. Do not install, import, unpack
or open it on a machine that matters. Nobody has looked into it: it was only hashed.

Finding:  ${inert(finding.id)}
Verdict:  ${inert(finding.verdict)}, ${inert(finding.severity)}
Project:  ${inert(evidence.project)}${file}
Opened:   ${inert(finding.openedAt)}

To check that nothing here was changed since it was exported:

  sha256sum -c SHA256SUMS

SHA256SUMS      SHA-256 of every other file. Keep its own sum elsewhere, or sign it.
finding.json    The finding in its latest state, as the monitor's API tells it.
evidence.json   What is kept, from which attempt and for which reason.
entries.jsonl   What PyPI's journal said of the file, its release and the project; one entry a line.
ledger.jsonl    The monitor's chained history of it, one entry a line. "hash" is SHA-256 over the
                canonical JSON (RFC 8785) of the line without "hash" and "whole"; "previous" is the
                hash of the entry before. Where "whole" is false, what is another watcher's was left
                out, and the hash is still that of the whole entry.
records.jsonl   What this watcher recorded of the file.
manifests/      The submissions as they came, named by their SHA-256, and their signatures. To check
                one of them:
                  ssh-keygen -Y verify -f allowed_signers -I ${inert(evidence.project)} -n counterfoil \\
                    -s MANIFEST.1.sig < MANIFEST
pages/          Pages of the index as they came, named by their SHA-256.
bytes/          Bodies of the file as they came, named by their SHA-256 and never as they were named
                by whoever made them. In a name that ends in .cut there is only the head of a body
                that was too large to keep: the name is the SHA-256 of the whole, SHA256SUMS has that
                of the head.

${missing.length === 0 ? "Everything that the monitor lists is in here." : `Not in here:\n${missing.map((line) => `  ${line}`).join("\n")}`}
`;
}
