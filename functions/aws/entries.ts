import { abreast } from "../domain/abreast.ts";
import { concernsRelease, type Entry, fileOf, isQuarantine } from "../domain/journal.ts";
import { releaseKey } from "../domain/releases.ts";
import type { Entries } from "../ports.ts";
import { putAbsent } from "./absent.ts";
import { bodyOf } from "./items.ts";
import { named, padded } from "./keys.ts";
import { items, type Table } from "./table.ts";

const ABREAST = 8;

const ofFile = (file: string): string => `file/${named(file)}/`;
const ofRelease = (release: string): string => `release/${named(releaseKey(release))}/`;
const OF_PROJECT = "project/";

/**
 * Entries, each under what it speaks of, so that what concerns a file is three short reads however long the project's
 * journal is. Should a journal ever say something else under a serial that it used before, both are kept.
 */
export function entries(table: Table): Entries {
  return {
    append: async (added) => {
      const kept = await abreast(ABREAST, distinct(added), async (entry) =>
        (await putAbsent(table, itemOf(entry), `entry ${entry.serial} of ${entry.project}`)) ? [entry] : [],
      );
      return kept.flat();
    },
    concerning: async (project, file, release) => {
      const prefixes = [OF_PROJECT, ...(file === "" ? [] : [ofFile(file)])];
      if (release !== null) prefixes.push(ofRelease(release));
      const pk = `project/${project}`;
      const found = await Promise.all(prefixes.map((prefix) => items(table, { pk, prefix })));
      return found
        .flat()
        .map(bodyOf<Entry>)
        .filter((entry) => concerns(entry, file, release))
        .sort((a, b) => a.epoch - b.epoch || a.serial - b.serial);
    },
    ofProject: async (project) => {
      const found = await items(table, { pk: `project/${project}`, prefix: OF_PROJECT });
      return found.map(bodyOf<Entry>);
    },
    highest: async (project, epoch) => {
      const keys = await items(table, { pk: `project/${project}`, only: ["sk"] });
      const serials = keys.map(({ sk }) => placeIn(String(sk))).filter((place) => place.epoch === epoch);
      return serials.reduce((most, { serial }) => Math.max(most, serial), 0);
    },
  };
}

/** A release's quarantine is read together with what is said of its project: the two are told alike. */
function aboutOf(entry: Entry): string {
  const file = fileOf(entry);
  if (file !== null) return ofFile(file);
  return entry.release === null || isQuarantine(entry) ? OF_PROJECT : ofRelease(entry.release);
}

function sortKey(entry: Entry): string {
  const about = aboutOf(entry);
  return `${about}${padded(entry.epoch)}/${padded(entry.serial)}`;
}

/** The end of a sort key. */
function placeIn(sk: string): { readonly epoch: number; readonly serial: number } {
  const [epoch, serial] = sk.split("/").slice(-2);
  return { epoch: Number(epoch), serial: Number(serial) };
}

const itemOf = (entry: Entry) => ({
  pk: `project/${entry.project}`,
  sk: sortKey(entry),
  body: JSON.stringify(entry),
});

/** Two in one call would both be new, or cross each other. */
const distinct = (entries: readonly Entry[]): Entry[] =>
  [
    ...new Map(entries.toReversed().map((entry) => [`${entry.project} ${sortKey(entry)}`, entry])).values(),
  ].reverse();

/** The journal's texts are free: a name with a slash in it is found under the beginning of its name too. */
function concerns(entry: Entry, file: string, release: string | null): boolean {
  const of = fileOf(entry);
  if (of !== null) return of === file;
  return entry.release === null || concernsRelease(entry, release);
}
