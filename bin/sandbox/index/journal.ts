/** One row of the index's journal, as the index itself knows it. */
export interface JournalRow {
  /** The project's display name at that moment. */
  readonly name: string;
  readonly version: string | null;
  /** UTC seconds: the start of the transaction, so not ascending with the serial. */
  readonly timestamp: number;
  readonly action: string;
  readonly serial: number;
}

/** Most rows one answer may hold. */
export const rowsPerAnswer = 50_000;

type Match = (row: JournalRow) => boolean;

/** The journal: what really happened (`rows`), and what readers are shown of it (`head`, `since`). */
export class Journal {
  #rows: JournalRow[] = [];
  #next: number;
  #ceiling = Number.POSITIVE_INFINITY;
  readonly #withheld = new Set<Match>();

  constructor(firstSerial: number) {
    this.#next = firstSerial;
  }

  /** Ground truth, including rows that readers are not shown. */
  get rows(): readonly JournalRow[] {
    return this.#rows;
  }

  append(row: Omit<JournalRow, "serial">): JournalRow {
    const { name, version, timestamp, action } = row;
    const written = { name, version, timestamp, action, serial: this.#next };
    this.#next += 1;
    this.#rows.push(written);
    return written;
  }

  /** Uses up serials as rolled-back transactions do: gaps are normal. */
  burn(serials: number): void {
    this.#next += serials;
  }

  /** The highest serial shown; null for an empty journal. */
  head(): number | null {
    for (let at = this.#rows.length - 1; at >= 0; at -= 1) {
      const row = this.#rows[at];
      if (row !== undefined && this.#shown(row)) return row.serial;
    }
    return null;
  }

  /** Rows with a serial strictly above, ascending. */
  since(serial: number, limit: number = rowsPerAnswer): readonly JournalRow[] {
    const from = this.#firstAbove(serial);
    if (this.#withheld.size === 0 && this.#ceiling === Number.POSITIVE_INFINITY) {
      return this.#rows.slice(from, from + limit);
    }
    return this.#rows
      .slice(from)
      .filter((row) => this.#shown(row))
      .slice(0, limit);
  }

  /** Keeps matching rows, old and new, from readers until the answer is called: a journal that skips a row. */
  withhold(match: Match): () => void {
    this.#withheld.add(match);
    return () => this.#withheld.delete(match);
  }

  /** Shows nothing above the serial until the answer is called: a replica that lags, or an outage's old copy. */
  showUpTo(serial: number): () => void {
    this.#ceiling = serial;
    return () => {
      this.#ceiling = Number.POSITIVE_INFINITY;
    };
  }

  /** Forgets every row above the serial and gives those serials out again: a database restored from a backup. */
  restoreTo(serial: number): void {
    this.#rows = this.#rows.slice(0, this.#firstAbove(serial));
    this.#next = serial + 1;
  }

  #shown(row: JournalRow): boolean {
    if (row.serial > this.#ceiling) return false;
    for (const match of this.#withheld) if (match(row)) return false;
    return true;
  }

  #firstAbove(serial: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle]?.serial ?? 0) > serial) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
