/** A quoted string of JSON or TOML that needs no unescaping, or the end of a line. */
const PIECES = /"([^"\\\n]*)"|'([^'\n]*)'|\n/g;

/** On which line of a document a text stands quoted; `null` where it stands nowhere, or more than once. */
export type Positions = (text: string) => number | null;

/** Made once per document, in one pass: neither JSON nor TOML parsers tell where they found a value. */
export function positionsIn(document: string): Positions {
  const lines = new Map<string, number | null>();
  let line = 1;
  for (const [, double, single] of document.matchAll(PIECES)) {
    const text = double ?? single;
    if (text === undefined) line += 1;
    else lines.set(text, lines.has(text) ? null : line);
  }
  return (text) => lines.get(text) ?? null;
}
