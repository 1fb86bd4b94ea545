import { isSince } from "./beginnings.ts";
import type { Ownership, ProjectSighting } from "./facts.ts";
import type { Entry, RoleAction } from "./journal.ts";
import { inOrder, type Run, runsOf, shows } from "./looks.ts";
import { ascending, type Occasion, ofEntry, ofLook, type ProjectCase, quoted } from "./occasions.ts";

/** Who may publish: what the journal says of people, and what the index shows of them where the journal is silent. */
export function ownershipChanges(of: ProjectCase): readonly Occasion[] {
  const entries = ascending(of.entries);
  const changes = changesIn(of);
  const unexplained = changes.filter((change) => !isExplained(change, entries));
  return [...byEntries(of, entries, changes), ...unexplained.map(byLook)];
}

/** One person's roles, or the project's organization, as they were and as they are from some look on. */
interface Shift {
  /** `null` for the organization. */
  readonly user: string | null;
  readonly run: Run<string>;
  readonly from: ProjectSighting;
  readonly was: string;
}

function changesIn(of: ProjectCase): readonly Shift[] {
  const told = inOrder(of.sightings).filter(({ ownership }) => ownership !== undefined);
  const users = new Set(told.flatMap(({ ownership }) => ownership?.roles.map(({ user }) => user) ?? []));
  return [null, ...users].flatMap((user) => {
    const runs = runsOf(told, ({ ownership }) => ownership && heldBy(user, ownership));
    return runs.flatMap((run, index) => {
      const { before } = run;
      const isFresh = before !== null && run.sightings[0].look.at > of.began.at;
      return isFresh ? [{ user, run, from: before, was: runs[index - 1]?.value ?? "" }] : [];
    });
  });
}

const AND = " and ";

const heldBy = (user: string | null, { roles, organization }: Ownership): string =>
  user === null
    ? (organization ?? "")
    : roles
        .flatMap((each) => (each.user === user ? [each.role] : []))
        .sort()
        .join(AND);

const rolesIn = (held: string): readonly string[] => (held === "" ? [] : held.split(AND));

/** The roles held now that were not held then. */
const without = (now: string, then: string): readonly string[] =>
  rolesIn(now).filter((role) => !rolesIn(then).includes(role));

/** What entries may have done between two answers of the index. */
function isExplained(shift: Shift, entries: readonly Entry[]): boolean {
  const { user, was, run } = shift;
  if (user === null) return false;
  const since = entries.filter((entry) => liesIn(entry, shift));
  return (
    without(run.value, was).every((role) => since.some(({ action }) => gives(action, user, role))) &&
    without(was, run.value).every((role) => since.some(({ action }) => takes(action, user, role)))
  );
}

/** Not shown by the answer before, and done by the time of this one, which may claim an older serial than it shows. */
const liesIn = (entry: Entry, { from, run }: Shift): boolean => {
  const [first] = run.sightings;
  return !shows(placeOf(from), entry) && (shows(placeOf(first), entry) || entry.at <= first.look.at);
};

const placeOf = ({ look, ownership }: ProjectSighting) => ({
  ...look,
  serial: ownership?.serial ?? look.serial,
});

const gives = (action: Entry["action"], user: string, role: string): boolean =>
  action.kind === "role" &&
  action.name === user &&
  (action.verb === "change"
    ? action.newRole === role
    : (action.verb === "add" || action.verb === "accepted") && action.role === role);

const takes = (action: Entry["action"], user: string, role: string): boolean =>
  action.kind === "project-removed" ||
  (action.kind === "role" &&
    action.name === user &&
    (action.verb === "remove" || action.verb === "change") &&
    action.role === role);

/** What of the journal concerns people: roles, and a name that somebody took up again. */
function byEntries(
  of: ProjectCase,
  entries: readonly Entry[],
  changes: readonly Shift[],
): readonly Occasion[] {
  const founded = new Map(entries.flatMap((entry) => pairOf(entry, entries)));
  const founders = new Set(founded.values());
  return entries
    .filter((entry) => isSince(entry, of.began) && !founders.has(entry))
    .flatMap((entry) => {
      const note = noteOf(entry, { of, entries, founder: founded.get(entry) ?? null });
      return note === null
        ? []
        : [{ ...NOWHERE, entry, note, names: [ofEntry(entry), ...seenAs(entry, changes)] }];
    });
}

const NOWHERE = { release: null, look: null } as const;

/** The looks under which the same was told before its entry was read. */
const seenAs = (entry: Entry, changes: readonly Shift[]): string[] =>
  changes.filter((change) => partOf(entry, change)).flatMap(namesOf);

function partOf(entry: Entry, shift: Shift): boolean {
  const { user, run, was } = shift;
  if (user === null || !liesIn(entry, shift)) return false;
  return (
    without(run.value, was).some((role) => gives(entry.action, user, role)) ||
    without(was, run.value).some((role) => takes(entry.action, user, role))
  );
}

/** A creation, and the row of the same upload that makes its uploader the owner; inside an organization there is none. */
function pairOf(entry: Entry, entries: readonly Entry[]): [Entry, Entry][] {
  if (entry.action.kind !== "project-created") return [];
  const next = entries.slice(entries.indexOf(entry) + 1).find(({ action }) => action.kind !== "unknown");
  const isFounder =
    next?.action.kind === "role" &&
    next.action.verb === "add" &&
    next.epoch === entry.epoch &&
    next.at === entry.at;
  return isFounder ? [[entry, next]] : [];
}

interface Around {
  readonly of: ProjectCase;
  readonly entries: readonly Entry[];
  readonly founder: Entry | null;
}

function noteOf(entry: Entry, { of, entries, founder }: Around): string | null {
  if (entry.action.kind === "role") return roleNote(entry.action);
  if (entry.action.kind !== "project-created" || !wasThere(entry, of, entries)) return null;
  const who = founder?.action.kind === "role" ? `${quoted(founder.action.name)} is its owner now` : null;
  return `The project was removed and created again${who === null ? "" : `: ${who}`}. A free name can be taken by anybody.`;
}

/** A first creation is how a project begins; a second one needs a name that was given up. */
const wasThere = (creation: Entry, { sightings }: ProjectCase, entries: readonly Entry[]): boolean =>
  entries.slice(0, entries.indexOf(creation)).some(({ action }) => action.kind === "project-removed") ||
  sightings.some(({ state, look }) => state !== "gone" && state !== "unreadable" && !shows(look, creation));

function roleNote({ verb, role, name, newRole }: RoleAction): string {
  const who = quoted(name);
  switch (verb) {
    case "invite":
      return `${who} was invited as ${role}. Nothing changes until the invitation is accepted.`;
    case "revoke_invite":
      return `The invitation of ${who} as ${role} was taken back.`;
    case "accepted":
      return `${who} accepted an invitation and is ${role} from now on.`;
    case "add":
      return `${who} was made ${role}.`;
    case "change":
      return `${who} was ${role} and is ${newRole ?? "something else"} now.`;
    case "remove":
      return `${who} is no longer ${role}.`;
  }
}

const namesOf = ({ user, run }: Shift): [string, ...string[]] => {
  const [first, ...rest] = run.sightings.map((each) => `${ofLook(each)} ${user ?? ""}`);
  return [first ?? "", ...rest];
};

function byLook(shift: Shift): Occasion {
  const [first] = shift.run.sightings;
  const note = `${inWords(shift)} The journal has no entry that says so.`;
  return { names: namesOf(shift), release: null, entry: null, look: first.look, note };
}

function inWords({ user, run, was }: Shift): string {
  const [before, now] = [quoted(was), quoted(run.value)];
  if (user === null) {
    if (before === "") return `The project is in the organisation ${now} now, and was in none before.`;
    return `The project was in the organisation ${before} and is in ${now === "" ? "none" : now} now.`;
  }
  const who = quoted(user);
  if (before === "") return `${who} is ${now} now, and was nothing before.`;
  return `${who} was ${before} and is ${now === "" ? "nothing" : now} now.`;
}
