import type { Item } from "./items.ts";
import { get, type Table } from "./table.ts";

/** Which large submissions are whole. A mark is never taken back, so what was seen once is remembered. */
export class Submissions {
  readonly #table: Table;
  readonly #whole = new Set<string>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Those of the rows that count. Read again when a mark is new: its submission may have had more rows on the way. */
  async counting(read: () => Promise<Item[]>): Promise<Item[]> {
    const rows = await read();
    const counts = ({ pk, submission }: Item): boolean =>
      submission === undefined || this.#whole.has(`${pk} ${submission}`);
    const unsure = new Map(rows.filter((row) => !counts(row)).map((row) => [row["submission"], row]));
    const learned = await Promise.all([...unsure.values()].map((row) => this.#learn(row)));
    return learned.some((whole) => whole) ? this.counting(read) : rows.filter(counts);
  }

  async #learn({ pk, submission }: Item): Promise<boolean> {
    const mark = await get(this.#table, { pk: String(pk), sk: `submission/${submission}` });
    if (mark !== null) this.#whole.add(`${pk} ${submission}`);
    return mark !== null;
  }
}
