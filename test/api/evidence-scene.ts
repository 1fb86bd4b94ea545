/** Two watchers of one file, each with a finding about it, and everything that is ever kept of one. */
import { MOST_RANGE_BYTES } from "../../functions/api/ranges.ts";
import { type Digest, sha256 } from "../../functions/domain/digests.ts";
import type { EvidenceItem } from "../../functions/domain/evidence.ts";
import { artifactSubject, baselineSubject, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { attempt, entry, FILE, fetched, minute, RELEASE, record, THIRD } from "../domain/perfect.ts";
import { finding, row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { openWorld, type World } from "./world.ts";

export const PROJECT = "lantern";
export const SUBJECT = artifactSubject(PROJECT, FILE);
/** The finding of the first watcher, and that of the other. */
export const [MINE, THEIRS] = ["a1".repeat(32), "b2".repeat(32)];

export const PAGE = Buffer.from("a page as it came");
export const FIRST_PAGE = Buffer.from("the first page");
export const UNNAMED_PAGE = Buffer.from("a page of another project");
export const WRONG = Buffer.from("0123456789");
/** More than one answer has. */
export const LARGE = Buffer.alloc(MOST_RANGE_BYTES + 10, 7);
/** Of which ten bytes are kept. */
export const CUT = Buffer.from("0123456789 and much more");
export const MANIFEST = Buffer.from(`${sha256("genuine").slice(7)}  ${FILE}\n`);

export const item = (digest: Digest, spoiled: Partial<EvidenceItem> = {}): EvidenceItem => ({
  ...{ project: PROJECT, file: FILE, digest, at: minute(1), sizeBytes: 10 },
  ...{ whole: true, keptFor: null, refused: null, ...spoiled },
});

const finds = (id: string, enrolment: string) =>
  finding({
    ...{ id, enrolment, project: PROJECT, file: FILE, release: RELEASE },
    grounds: { ...finding().grounds, page: sha256(PAGE) },
  });

function keepAll({ kept }: World): void {
  const large = item(sha256(LARGE), { sizeBytes: LARGE.length, keptFor: MINE, at: minute(3) });
  const cut = item(sha256(CUT), { whole: false, keptFor: THEIRS, at: minute(4) });
  kept.evidence.push(item(sha256(WRONG)), item(THIRD, { refused: "day" }), large, cut);
  for (const body of [WRONG, LARGE]) kept.bodies.set(sha256(body), body);
  kept.bodies.set(sha256(CUT), CUT.subarray(0, 10));
  for (const body of [PAGE, FIRST_PAGE, UNNAMED_PAGE]) kept.bodies.set(`page ${sha256(body)}`, body);
  kept.entries.push(entry(`add source file ${FILE}`, 101), entry("add source file other.zip", 102));
}

/** What was written of the file: one judgement for both watchers, two publications, and a word on the other's finding. */
async function tell({ ports: { ledger, view } }: World, own: string, other: string): Promise<void> {
  const [mine, theirs] = [finds(MINE, own), finds(THEIRS, other)];
  const attempts = [attempt(THIRD, minute(0)), attempt(sha256(WRONG), minute(1))];
  const fact = fetched(attempts, { look: { page: sha256(FIRST_PAGE) } });
  const digests = { declared: sha256(WRONG), observed: sha256(WRONG) };
  const judgements = [own, other].map((enrolment) => ({
    ...({ enrolment, content: "mismatch", standing: "listed", authority: null } as const),
    ...{ ...digests, since: minute(1), until: null },
  }));
  let last: LedgerEntry | null = null;
  const append = async (body: LedgerEntry["body"]): Promise<void> => {
    last = await ledger.append(SUBJECT, last, body);
  };
  await append({ kind: "judged", fact, judgements, findings: [mine, theirs] });
  for (const { id } of [mine, theirs])
    await append({ kind: "published", alert: "a", finding: id, state: "open" });
  await append({ kind: "told", finding: theirs, by: "their key" });
  await view.putFindings([mine, theirs], 1);
}

/** `signatures` are of `MANIFEST`. */
export async function evidenceScene(
  world?: World,
  signatures: readonly { signer: string; armored: string }[] = [],
) {
  const opened = world ?? (await openWorld());
  const own = await watcher(opened, { project: PROJECT });
  const other = await watcher(opened, { project: PROJECT });
  const { view, ledger, records, manifests } = opened.ports;
  await view.put([own, other].map(({ id }) => row({ enrolment: id, project: PROJECT, file: FILE })));
  await tell(opened, own.id, other.id);
  const baseline = { page: sha256(FIRST_PAGE), head: 1, epoch: 1, at: minute(-60) };
  await ledger.append(baselineSubject(own.id), null, { kind: "baseline", baseline });
  const manifest = sha256(MANIFEST);
  await manifests.keep(own.id, { digest: manifest, bytes: MANIFEST, signatures });
  const signers = signatures.map(({ signer }) => signer);
  const mine = record({ enrolment: own.id, manifest, signers });
  await records.append([mine, record({ enrolment: other.id, digest: THIRD })]);
  keepAll(opened);
  return { world: opened, own, other };
}
