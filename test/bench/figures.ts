/** The middle one; of an even number the upper of the two. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The value that this share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[at] ?? Number.NaN;
}

/** As many digits as a reader believes. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** A moment that processes of one machine can compare, in milliseconds with fractions. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** One figure for people: what, how much, and what it was taken of. */
export interface Line {
  readonly what: string;
  readonly figure: string;
  readonly remark?: string;
}

/** A table for a terminal. */
export function tableOf(title: string, lines: readonly Line[]): string {
  const wide = Math.max(...lines.map(({ what }) => what.length));
  const figures = Math.max(...lines.map(({ figure }) => figure.length));
  const rows = lines.map(({ what, figure, remark = "" }) =>
    `  ${what.padEnd(wide)}  ${figure.padStart(figures)}  ${remark}`.trimEnd(),
  );
  return [title, ...rows, ""].join("\n");
}
