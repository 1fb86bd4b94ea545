import { counting } from "./counts.ts";
import { findingOf, recountFinding, shownKey } from "./findings.ts";
import { named } from "./keys.ts";
import { items, type Table } from "./table.ts";
import { ABSENT, putOf, transact } from "./writes.ts";

/**
 * Counts a file that some page has shown, once, and from now on the findings about it. Idempotent: whoever is not sure
 * that it was done does it again.
 */
export async function markShown(table: Table, project: string, file: string): Promise<void> {
  const key = shownKey(project, file);
  await transact(table, [
    { Put: putOf(table, { ...key }, `that ${file} was shown`, ABSENT) },
    counting(table, "artifacts", `${project}/${file}`, 1),
  ]);
  const stored = await items(table, { pk: key.pk, prefix: `finding/${named(file)}/` });
  for (const finding of stored.map(findingOf))
    if (finding.file === file && finding.state === "open") await recountFinding(table, finding);
}
