import { isSince } from "./beginnings.ts";
import type { Entry } from "./journal.ts";
import { inOrder, type Run, shows, spellsOf } from "./looks.ts";
import { ascending, type Occasion, ofEntry, ofLook, type ProjectCase, quoted } from "./occasions.ts";
import type { ProjectState } from "./pages.ts";

type Spell = Run<ProjectState>;

/** Quarantines of the project or of one release, by the journal's word or, before that comes, by the page's. */
export function quarantines(of: ProjectCase): readonly Occasion[] {
  const entries = ascending(of.entries);
  const spells = spellsOf(inOrder(of.sightings), "quarantined").filter((spell) => lastsInto(spell, of));
  const fresh = entries.filter((entry) => isSince(entry, of.began));
  const begun = fresh.filter(({ action }) => action.kind === "project-quarantined");
  const explained = new Map(
    spells.map((spell) => [spell, begun.find((each) => begins(each, spell, entries))]),
  );
  const unexplained = spells.filter((spell) => explained.get(spell) === undefined);
  const releases = fresh.filter(({ action }) => action.kind === "release-quarantined");
  return [
    ...begun.map((entry) =>
      byEntry(
        entry,
        spells.filter((spell) => explained.get(spell) === entry),
      ),
    ),
    ...unexplained.map((spell) =>
      byPage(spell, "The project's page says so; the journal has not said it yet."),
    ),
    ...releases.map((entry) => byEntry(entry, [])),
  ];
}

/** Archiving moves no serial and writes no entry: only the page shows it. What was archived before the watch began is not told. */
export const archivings = (of: ProjectCase): readonly Occasion[] =>
  spellsOf(inOrder(of.sightings), "archived")
    .filter(({ sightings: [first] }) => first.look.at > of.began.at)
    .map((spell) => byPage(spell, "The journal does not name it: the project's page alone shows it."));

/** A project that is in quarantine when the watch begins is in quarantine: whoever watches it must know. */
const lastsInto = ({ sightings }: Spell, { began }: ProjectCase): boolean =>
  (sightings.at(-1)?.look.at ?? "") >= began.at;

/** Whether a page that shows a spell shows what this entry did; not so once the quarantine was cleared in between. */
function begins(
  entry: Entry,
  { sightings: [first], before, after }: Spell,
  entries: readonly Entry[],
): boolean {
  const isFresh = before === null || !shows(before.look, entry);
  const isUntil = after === null || shows(after.look, entry);
  const between = entries.slice(0, entries.indexOf(entry));
  const cleared = between.some((each) => each.action.kind === "project-cleared" && !shows(first.look, each));
  return isFresh && isUntil && !cleared;
}

function byEntry(entry: Entry, spells: readonly Spell[]): Occasion {
  const { release } = entry;
  const looks = spells.flatMap(({ sightings }) => sightings);
  const note = release === null ? null : `The release ${quoted(release)} alone; others are untouched.`;
  return {
    names: [ofEntry(entry), ...looks.map(ofLook)],
    release,
    entry,
    look: looks[0]?.look ?? null,
    note,
  };
}

function byPage({ sightings: [first, ...rest] }: Spell, note: string): Occasion {
  return { names: [ofLook(first), ...rest.map(ofLook)], release: null, entry: null, look: first.look, note };
}
