import type { Habits, Recorded } from "../domain/enrolments.ts";
import { earliest } from "../domain/instants.ts";
import { releaseKey } from "../domain/releases.ts";
import type { Item } from "./items.ts";
import { named } from "./keys.ts";
import { items, type Table } from "./table.ts";

const PREFIX = "habit/";
const MAINTAINER = `${PREFIX}maintainer`;
const habitOf = (release: string | null): string =>
  release === null ? `${PREFIX}release` : `${PREFIX}release/${named(releaseKey(release))}`;

/** Two releases tell of any third that another one was recorded; with the maintainer that makes three. */
const ENOUGH_RELEASES = 2;

/** What these records make a habit of; put in the transaction that makes them count. */
export function newHabits(records: readonly Recorded[]): Item[] {
  const byEnrolment = Map.groupBy(records, ({ enrolment }) => enrolment);
  return [...byEnrolment].flatMap(([pk, of]) => {
    const releases = [...new Set(of.map(({ release }) => habitOf(release)))].slice(0, ENOUGH_RELEASES);
    const since = earliest(
      of.map(({ authority, recordedAt }) => (authority === "maintainer" ? recordedAt : null)),
    );
    const maintainer = since === null ? [] : [{ pk, sk: MAINTAINER, since }];
    return [...maintainer, ...releases.map((sk) => ({ pk, sk }))];
  });
}

/** One read of at most three items, however much was recorded. */
export async function habitsOf(table: Table, pk: string, exceptRelease: string | null): Promise<Habits> {
  const found = await items(table, { pk, prefix: PREFIX, limit: 1 + ENOUGH_RELEASES });
  const maintainer = found.find(({ sk }) => sk === MAINTAINER);
  const except = habitOf(exceptRelease);
  return {
    maintainerSince: maintainer === undefined ? null : String(maintainer["since"]),
    recordsReleases: found.some(({ sk }) => sk !== MAINTAINER && sk !== except),
  };
}
