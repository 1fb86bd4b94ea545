const MOST_SHOWN = 80;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Foreign text made harmless for a terminal or a log: control, format and direction characters become `\u{…}`, so that a
 * file name cannot move the cursor or reverse what the reader compares.
 */
export const inert = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** Foreign text for an error sentence: inert, in quotation marks, cut after 80 characters. */
export const quoted = (text: string): string =>
  text.length > MOST_SHOWN ? `"${inert(text.slice(0, MOST_SHOWN))}…"` : `"${inert(text)}"`;
