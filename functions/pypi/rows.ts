import { type Instant, instant } from "../domain/instants.ts";
import type { JournalRow } from "../domain/journal.ts";
import { garbled } from "./answers.ts";
import { integer, isNil, NOTHING, type Value } from "./values.ts";

/** Later than any journal, earlier than what a date can hold. */
const LAST_SECOND = 253_402_300_799;
/** Longer than any name, version or action that PyPI lets in; what is longer is cut, so that no row outgrows a queue. */
const MOST_CHARACTERS = 2_000;

/**
 * Reads one row: name, version or nil, seconds since 1970, action, serial. A row with a readable name and serial is
 * kept whatever the rest says: an unreadable time becomes `now`, an unreadable action an empty one, which no reader
 * knows. Throws `IndexUnavailable` (`garbled`) for any other, because a row that cannot be read might be ours.
 */
export function rowOf(value: Value, now: Instant): JournalRow {
  const [name, version, at, action, serial] = value.items;
  const number = integer(serial);
  const named = textOf(name);
  if (value.type !== "array" || named === "" || number === null || number < 0)
    throw garbled("a row of the journal has no readable name and serial");
  return {
    name: named,
    version: versionOf(version),
    at: timeOf(at, now),
    action: textOf(action),
    serial: number,
  };
}

/** A character that the cut halves has no canonical JSON: no change and no fact could ever name it. */
const textOf = (value: Value | undefined): string =>
  value?.text.slice(0, MOST_CHARACTERS).toWellFormed() ?? "";

const versionOf = (value: Value | undefined): string | null =>
  value === undefined || isNil(value) || value.items !== NOTHING ? null : textOf(value);

function timeOf(value: Value | undefined, now: Instant): Instant {
  const seconds = integer(value);
  return seconds === null || seconds < 0 || seconds > LAST_SECOND ? now : instant(seconds * 1000);
}
