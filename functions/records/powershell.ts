import { readDigest } from "./claimed-digests.ts";
import { type Block, isBlank, type LineFormat, placeOf } from "./lines.ts";
import { demandOneLine, lastOfAnyPath } from "./paths.ts";
import { quoted } from "./quoted.ts";
import { refusal, type SubmissionRefused } from "./refusals.ts";
import type { Claim } from "./submissions.ts";

/** The properties of what `Get-FileHash` answers. */
type Field = "algorithm" | "hash" | "path";
type Fields = Readonly<Partial<Record<Field, string>>>;

const isField = (word: string): word is Field => /^(algorithm|hash|path)$/.test(word);

const INSTEAD = "send what this prints: Get-FileHash dist\\* | Format-List";

/** PowerShell fits a table to its window, and a name that is cut could be anybody's. */
const cutShort = (what: string, at: number): SubmissionRefused =>
  refusal("cut-short", `PowerShell had no room for ${what}; ${INSTEAD}.`, placeOf(at));

function claimOf({ algorithm, hash, path }: Fields, at: number, hashAt: number): Claim {
  if (path === undefined || path === "")
    throw refusal("no-file-name", `A digest without the Path it is of; ${INSTEAD}.`, placeOf(at));
  if (hash === undefined || hash === "")
    throw refusal("no-digest", `${quoted(path)} has no Hash; ${INSTEAD}.`, placeOf(at));
  demandOneLine(path, placeOf(at));
  const digest = readDigest(hash, placeOf(hashAt), algorithm ?? null);
  return { file: lastOfAnyPath(path), digest, ...placeOf(at) };
}

interface Column {
  readonly field: Field;
  readonly from: number;
  readonly to: number | undefined;
}

/** The columns of a table, by its header and the dashes below; `null` where there is no such table. */
function columnsAt(lines: readonly string[], at: number): readonly Column[] | null {
  const words = (lines[at] ?? "").trim().toLowerCase().split(/\s+/);
  const dashes = lines[at + 1] ?? "";
  if (!words.includes("hash") || !words.every(isField) || !/^[\s-]+$/.test(dashes)) return null;
  const starts = [...dashes.matchAll(/-+/g)].map(({ index }) => index);
  if (new Set(words).size < words.length || starts.length !== words.length) return null;
  return words.flatMap((field, index) => {
    const [from, to] = [starts[index], starts[index + 1]];
    return isField(field) && from !== undefined ? [{ field, from, to }] : [];
  });
}

const cellIn = (row: string, { from, to }: Column): string => row.slice(from, to).trim();

/** The cells of one row. Whatever stands on the border of two columns says that this is not the table it was. */
function fieldsIn(row: string, columns: readonly Column[], at: number): Fields {
  const fields: Partial<Record<Field, string>> = {};
  for (const column of columns) {
    if (column.from > 0 && /^\S/.test(row.slice(column.from - 1)))
      throw refusal("unparsable-line", `Columns do not stand below their names; ${INSTEAD}.`, placeOf(at));
    const cell = cellIn(row, column);
    if (/(\.\.\.|…)$/.test(cell)) throw cutShort(quoted(cell), at);
    fields[column.field] = cell;
  }
  return fields;
}

/** Whether a row only goes on with the one above (`Format-Table -Wrap`): a path there is not whole. */
const goesOn = (row: string, columns: readonly Column[]): boolean =>
  columns.some((column) => column.field === "hash" && cellIn(row, column) === "");

function* rowsIn(lines: readonly string[], at: number, end: number, columns: readonly Column[]) {
  if (!columns.some(({ field }) => field === "path")) throw cutShort("the column Path", at);
  for (let row = at + 2; row < end; row += 1) {
    const fields = fieldsIn(lines[row] ?? "", columns, row);
    if (row + 1 < end && goesOn(lines[row + 1] ?? "", columns)) throw cutShort("a path in one line", row);
    yield claimOf(fields, row, row);
  }
}

/** The table that `Get-FileHash` prints by itself, down to the next blank line. */
export const fileHashTable: LineFormat = (lines, at): Block | null => {
  const columns = columnsAt(lines, at);
  if (columns === null) return null;
  let end = at + 2;
  while (end < lines.length && !isBlank(lines[end] ?? "")) end += 1;
  return { claims: rowsIn(lines, at, end, columns), taken: end - at };
};

const FIELD = /^\s*(Algorithm|Hash|Path)\s*: ?(.*)$/is;

/** A property of the list form, and where it stands. */
interface Listed {
  readonly field: Field;
  readonly text: string;
  readonly at: number;
}

function fieldOf(line: string, at: number): Listed | null {
  const [, name = "", text = ""] = FIELD.exec(line) ?? [];
  const field = name.toLowerCase();
  return isField(field) ? { field, text: text.trim(), at } : null;
}

/** The properties of one file: down to a blank line, or to a second one of the same name. */
function listedFrom(lines: readonly string[], at: number): { listed: Listed[]; end: number } {
  const listed: Listed[] = [];
  let end = at;
  for (; end < lines.length && !isBlank(lines[end] ?? ""); end += 1) {
    const line = lines[end] ?? "";
    const next = fieldOf(line, end);
    const last = listed.at(-1);
    if (next !== null && !listed.some(({ field }) => field === next.field)) listed.push(next);
    else if (next === null && last !== undefined && /^\s/.test(line))
      listed.splice(-1, 1, { ...last, text: last.text + line.trim() });
    else break;
  }
  return { listed, end };
}

function* claimIn(listed: readonly Listed[], at: number): Generator<Claim> {
  const fields: Fields = Object.fromEntries(listed.map(({ field, text }) => [field, text]));
  const lineOf = (wanted: Field): number => listed.find(({ field }) => field === wanted)?.at ?? at;
  yield claimOf(fields, lineOf("path"), lineOf("hash"));
}

/** What `Format-List` prints of one file; a value too long for a line goes on in the next, behind spaces. */
export const fileHashList: LineFormat = (lines, at): Block | null => {
  const { listed, end } = listedFrom(lines, at);
  return listed.length === 0 ? null : { claims: claimIn(listed, at), taken: end - at };
};
