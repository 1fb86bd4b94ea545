const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;
const MOST_CHARACTERS = 2_000;

/**
 * What strangers wrote (file names, journal entries, what a server said), harmless to read: characters that nobody
 * sees, that end a line, or that turn its direction are spelled out, so that no name can forge a line of an alert.
 */
export function inert(text: string): string {
  const spelled = text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return spelled.length <= MOST_CHARACTERS ? spelled : `${spelled.slice(0, MOST_CHARACTERS)}…`;
}

/** A file name as one word of a POSIX shell: an alert's command is copied and run at three in the morning. */
export const shellWord = (file: string): string =>
  /^[\w.+!@-]+$/.test(file) && !file.startsWith("-") ? file : `'./${file.replaceAll("'", "'\\''")}'`;
