import assert from "node:assert/strict";
import type { JournalRow } from "../../functions/domain/journal.ts";
import { IndexUnavailable, type Journal, type UnavailableCode } from "../../functions/ports.ts";

export type Cell = string | number | null;

const cell = (value: Cell): string =>
  value === null ? "<nil/>" : typeof value === "number" ? `<int>${value}</int>` : `<string>${value}</string>`;

/** One row as PyPI writes it; strings are XML already. */
export const row = (...cells: Cell[]): string => rowOfValues(...cells.map(cell));

/** One row of values already written. */
export const rowOfValues = (...values: string[]): string =>
  `<value><array><data>\n${values.map((value) => `<value>${value}</value>\n`).join("")}</data></array></value>\n`;

export const answered = (value: string): string =>
  `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`;

export const rowsAnswered = (...rows: string[]): string =>
  answered(`<array><data>\n${rows.join("")}</data></array>`);

/** A row with nothing remarkable but its serial. */
export const plainRow = (serial: number): string =>
  row(
    `some-project-${serial % 997}`,
    "1.0",
    1588970165,
    "add py3 file some_project-1.0-py3-none-any.whl",
    serial,
  );

export async function readAll(journal: Journal, serial = 0): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for await (const batch of journal.after(serial)) rows.push(...batch);
  return rows;
}

/** Expects the index to be unavailable for this reason. */
export const unavailableAs =
  (code: UnavailableCode, retryAfterMs?: number | null) =>
  (error: unknown): true => {
    assert.ok(error instanceof IndexUnavailable, String(error));
    assert.equal(error.code, code, error.message);
    if (retryAfterMs !== undefined) assert.equal(error.retryAfterMs, retryAfterMs);
    return true;
  };
