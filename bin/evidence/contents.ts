import { canonicalJson } from "../../functions/domain/canonical.ts";
import { type Digest, hexOf, isDigest } from "../../functions/domain/digests.ts";
import type { EvidenceAnswer } from "../../functions/records/answers/evidence.ts";
import { type Asked, keptMember, type Listed, type Member, member } from "./parts.ts";
import { readme } from "./readme.ts";

/** One value a line, in the one spelling that everybody computes alike (RFC 8785). */
const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${canonicalJson(value)}\n`).join("");

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const byDigest = <T extends { readonly digest: string }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));

/** Foreign text is no digest until it has the form of one; and only what has is ever part of a name. */
const digestIn = ({ digest }: { readonly digest: string }): Digest[] => (isDigest(digest) ? [digest] : []);

/** Named by digest, never as strangers named them. */
async function* bytesIn(asked: Asked, { bytes }: EvidenceAnswer, missing: string[]): AsyncGenerator<Member> {
  for (const each of byDigest(bytes))
    for (const digest of digestIn(each)) {
      const name = `bytes/${hexOf(digest)}${each.whole ? "" : ".cut"}`;
      if (each.refused !== null) {
        missing.push(`bytes/${hexOf(digest)}: not kept, because of the cap on one ${each.refused}`);
        continue;
      }
      const kept = await keptMember(asked, name, digest, each.whole);
      if (typeof kept === "string") missing.push(`${name}: ${kept}`);
      else yield kept;
    }
}

async function* pagesIn(asked: Asked, { pages }: EvidenceAnswer, missing: string[]): AsyncGenerator<Member> {
  for (const each of byDigest(pages))
    for (const digest of digestIn(each)) {
      const name = `pages/${hexOf(digest)}.json`;
      const kept =
        each.sizeBytes === null ? "not kept any more" : await keptMember(asked, name, digest, true);
      if (typeof kept === "string") missing.push(`${name}: ${kept}`);
      else yield kept;
    }
}

/** Whoever serves other bytes to the second look has only those kept: an investigator must not take them for the finding's. */
function missedIn({ finding: { grounds }, evidence }: Listed): string[] {
  const { observed } = grounds;
  if (observed === null || !isDigest(observed)) return [];
  if (evidence.bytes.some(({ digest }) => digest === observed)) return [];
  return [
    `bytes/${hexOf(observed)}: not kept, though the finding is about them; a second fetch got other bytes or none, or was not made (the finding is not critical, or the watcher not vouched for)`,
  ];
}

/** Each manifest that a record came by, and who signed it. */
async function* manifestsIn({ client, project }: Asked, { records, enrolment }: EvidenceAnswer) {
  if (enrolment === null) return;
  const named = [...new Set(records.flatMap(({ manifest }) => manifest ?? []))].filter(isDigest).sort();
  for (const digest of named) {
    const name = `manifests/${hexOf(digest)}`;
    yield member(name, await client.manifest(project, enrolment, digest), digest);
    const signers = records.flatMap((each) => (each.manifest === digest ? each.signers : []));
    for (const [index, signer] of [...new Set(signers)].sort().entries())
      yield member(`${name}.${index + 1}.sig`, await client.signature(project, enrolment, digest, signer));
  }
  yield member("manifests/allowed_signers", await client.allowedSigners(project, enrolment));
}

/** Every file of the archive but the sums, always in the same order. */
export async function* contents(asked: Asked, listed: Listed): AsyncGenerator<Member> {
  const { finding, evidence } = listed;
  const missing: string[] = [];
  yield member("finding.json", pretty(finding));
  yield member("evidence.json", pretty(evidence));
  yield member("entries.jsonl", lines(evidence.entries));
  yield member("ledger.jsonl", lines(await asked.client.findingLedger(asked.project, asked.finding)));
  yield member("records.jsonl", lines(evidence.records));
  yield* manifestsIn(asked, evidence);
  yield* pagesIn(asked, evidence, missing);
  yield* bytesIn(asked, evidence, missing);
  missing.push(...missedIn(listed));
  yield member("README.txt", readme(listed, missing));
}

/** How much there is to come, as far as the list says. */
export const expectedBytes = ({ bytes, pages }: EvidenceAnswer): number =>
  [...bytes.filter(({ refused }) => refused === null), ...pages].reduce(
    (sum, { sizeBytes }) => sum + (sizeBytes ?? 0),
    0,
  );
