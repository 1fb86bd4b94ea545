import { abreast } from "../domain/abreast.ts";
import type { ArtifactRow } from "../domain/view.ts";
import type { View } from "../ports.ts";
import { countsOf } from "./counts.ts";
import { findingOf, markPublished, putFinding, unpublishedFindings } from "./findings.ts";
import { bodyOf } from "./items.ts";
import { named } from "./keys.ts";
import { markShown } from "./shown.ts";
import { items, type Table } from "./table.ts";
import { update, updateOf } from "./writes.ts";

const ABREAST = 8;

/** The projection for lists and counts: forwards only, and safe to throw away. `watchers` is asked for by `counts` alone. */
export function view(table: Table, watchers: () => Table): View {
  return {
    put: async (rows) => {
      for (const row of rows) await putRow(table, row);
    },
    ofProject: async (project) => {
      const found = await items(table, { pk: `project/${project}`, prefix: "file/" });
      return found
        .map((item) => bodyOf<ArtifactRow>(item))
        .sort((a, b) => compare(a.file, b.file) || compare(a.enrolment, b.enrolment));
    },
    putFindings: async (findings, number) => {
      // One id twice in a call: the last one stands, as if they were put one after the other.
      const last = new Map(findings.map((finding) => [finding.id, finding]));
      await abreast(ABREAST, [...last.values()], (finding) => putFinding(table, finding, number));
    },
    markPublished: (finding) => markPublished(table, finding),
    findings: async (project) => {
      const found = (await items(table, { pk: `project/${project}`, prefix: "finding/" })).map(findingOf);
      return found.sort((a, b) => compare(b.changedAt, a.changedAt) || compare(a.id, b.id));
    },
    unpublished: (before, limit) => unpublishedFindings(table, before, limit),
    counts: () => countsOf(table, watchers()),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One call; more only the first time that some page has shown the file, which is counted then. */
async function putRow(table: Table, row: ArtifactRow): Promise<void> {
  const { project, file, enrolment, number, everListed } = row;
  const key = { pk: `project/${project}`, sk: `file/${named(file)}/${named(enrolment)}` };
  const values = { ":number": number, ":body": JSON.stringify(row) };
  const forwards = "attribute_not_exists(#number) OR #number <= :number";
  const write = updateOf(table, key, "SET #number = :number, #body = :body", values, forwards);
  const written = await update(table, write);
  if (!written.done || !everListed || written.item?.["marked"] === true) return;
  await markShown(table, project, file);
  // Last: after a crash before it the next put counts again, which changes nothing.
  await update(table, updateOf(table, key, "SET #marked = :marked", { ":marked": true }));
}
