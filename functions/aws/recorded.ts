import { sha256 } from "../domain/digests.ts";
import { isLive, type Recorded } from "../domain/enrolments.ts";
import { bodyOf, type Item } from "./items.ts";
import { named } from "./keys.ts";

export const ofFile = (file: string): string => `file/${named(file)}/`;
export const ofDigest = (file: string, digest: string): string => `${ofFile(file)}${digest}/`;

/** What makes two records one and the same, within an enrolment. Nobody's signature adds nothing, as before there were any. */
const rowKey = ({ file, digest, authority, signers }: Recorded): string =>
  `${ofDigest(file, digest)}${authority}${signers.length === 0 ? "" : `/by/${sha256(signers.join(","))}`}`;

/** The same of every row of one record, whichever submission it came in. */
export const sameness = (record: Recorded): string => `${record.enrolment} ${rowKey(record)}`;

export function rowOf(record: Recorded, submission?: string): Item {
  const sk = submission === undefined ? rowKey(record) : `${rowKey(record)}/${submission}`;
  const part = submission !== undefined && { submission };
  return { pk: record.enrolment, sk, body: JSON.stringify(record), ...part };
}

/** The `sameness` of a row, without reading its body. */
export const samenessOf = ({ pk, sk, submission }: Item): string =>
  `${pk} ${submission === undefined ? sk : String(sk).slice(0, -1 - String(submission).length)}`;

/** A row from before manifests were kept says nothing of them. That it was withdrawn stands beside its body. */
export function recordedIn(row: Item): Recorded {
  const { withdrawnAt = null } = row;
  const told = bodyOf<Omit<Recorded, "manifest" | "signers">>(row);
  return {
    manifest: null,
    signers: [],
    ...told,
    withdrawnAt: withdrawnAt === null ? null : String(withdrawnAt),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
export const byTime = (a: Recorded, b: Recorded): number =>
  compare(a.recordedAt, b.recordedAt) || compare(a.digest, b.digest);
export const byFile = (a: Recorded, b: Recorded): number => compare(a.file, b.file) || byTime(a, b);

/** What a record is, of several rows: live if one is, as it first was; else as it was last withdrawn. */
const said = (a: Recorded, b: Recorded): number => {
  if (isLive(a) !== isLive(b)) return isLive(a) ? -1 : 1;
  return compare(b.withdrawnAt ?? "", a.withdrawnAt ?? "") || byTime(a, b);
};

/** Rows of submissions that met, and of a record that was withdrawn and recorded again, are one record. */
export const folded = (rows: readonly Item[]): Recorded[] =>
  [...Map.groupBy(rows.map(recordedIn), sameness).values()].flatMap((same) => same.sort(said).slice(0, 1));
