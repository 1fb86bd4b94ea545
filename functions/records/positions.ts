/**
 * A quoted string of JSON or TOML, as it is written, or the end of a line. One that is not closed (an apostrophe in a
 * comment) ends with its line, so that every quotation mark is looked at once, whatever a stranger sends.
 */
const PIECES = /"([^"\\\n]*(?:\\.[^"\\\n]*)*)\\?(?:"|$)|'([^'\n]*)(?:'|$)|\n/gm;

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
