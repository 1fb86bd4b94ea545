import { idOf } from "./canonical.ts";
import type { Instant } from "./instants.ts";
import { normalizeProject, type ProjectName } from "./names.ts";
import { releaseKey } from "./releases.ts";

/** One row of the index's journal as it came: display name, version or nil, transaction start, action, serial. */
export interface JournalRow {
  readonly name: string;
  readonly version: string | null;
  readonly at: Instant;
  readonly action: string;
  readonly serial: number;
}

/** What an action string says. `unknown` is kept and counted, never dropped. */
export type Action =
  | { readonly kind: "file-added" | "file-removed"; readonly file: string }
  | { readonly kind: "release-created" | "release-removed" | "release-yanked" | "release-unyanked" }
  | { readonly kind: "release-quarantined" | "release-cleared" | "project-quarantined" | "project-cleared" }
  | { readonly kind: "project-created" | "project-removed" }
  | RoleAction
  | { readonly kind: "unknown"; readonly text: string };

/** How the journal says that somebody's rights change; `accepted` is when an invitation becomes a right. */
export type RoleVerb = "add" | "remove" | "change" | "invite" | "revoke_invite" | "accepted";

/** What an entry says of one person's or team's rights. */
export interface RoleAction {
  readonly kind: "role";
  readonly verb: RoleVerb;
  readonly role: string;
  /** A user name, or a team's: free text, which may hold blanks. */
  readonly name: string;
  /** Of a `change` only. */
  readonly newRole: string | null;
}

/** A row about an enrolled project, as kept: normalised, with what its action says and when our own clock saw it. */
export interface Entry {
  readonly epoch: number;
  readonly serial: number;
  readonly project: ProjectName;
  readonly release: string | null;
  readonly at: Instant;
  readonly seenAt: Instant;
  readonly text: string;
  readonly action: Action;
}

type FixedKind = Exclude<Action["kind"], "file-added" | "file-removed" | "role" | "unknown">;

const FIXED: Readonly<Record<string, FixedKind>> = {
  create: "project-created",
  "new release": "release-created",
  "remove release": "release-removed",
  "remove project": "project-removed",
  "yank release": "release-yanked",
  "unyank release": "release-unyanked",
  "release quarantined": "release-quarantined",
  "release quarantine cleared": "release-cleared",
  "project quarantined": "project-quarantined",
  "project quarantine cleared": "project-cleared",
};

const REMOVED = /^remove file (.+)$/s;
/** Greedy, so that the last ` file ` speaks. */
const ADDED = /^add .* file (.+)$/s;
const ROLE = /^(add|remove|change|invite|revoke_invite|accepted) (Owner|Maintainer) (.+)$/s;
const TO = /^(.+) to (Owner|Maintainer)$/s;

/**
 * Reads an action: every string Warehouse writes, and the bare `remove` of before 2018. Files are tried before roles, because
 * `remove file x` and a role removal look alike. The python tag of an upload is its uploader's free text: what it says cannot be
 * another file, as the *last* ` file ` speaks, nor a role, as an upload always names a version and a role never does.
 */
export function parseAction(text: string, version: string | null): Action {
  const fixed = Object.hasOwn(FIXED, text) ? FIXED[text] : undefined;
  if (fixed !== undefined) return { kind: fixed };
  if (text === "remove") return { kind: version === null ? "project-removed" : "release-removed" };
  const action = fileIn(text, version) ?? (version === null ? roleIn(text) : null);
  return action ?? { kind: "unknown", text };
}

function fileIn(text: string, version: string | null): Action | null {
  const removed = REMOVED.exec(text)?.[1];
  if (removed !== undefined) return { kind: "file-removed", file: removed };
  const added = version === null ? undefined : ADDED.exec(text)?.[1];
  return added === undefined ? null : { kind: "file-added", file: added };
}

/** The new role stands last: whatever a team is called, it cannot forge one. */
function roleIn(text: string): RoleAction | null {
  const [, verb, role, name] = ROLE.exec(text) ?? [];
  if (verb === undefined || role === undefined || name === undefined) return null;
  const of = { kind: "role", verb: verb as RoleVerb, role } as const;
  if (verb !== "change") return { ...of, name, newRole: null };
  const [, changed, newRole] = TO.exec(name) ?? [];
  return changed === undefined || newRole === undefined ? null : { ...of, name: changed, newRole };
}

/** Turns a row into the entry kept for an enrolled project. */
export function entryOf(row: JournalRow, epoch: number, seenAt: Instant): Entry {
  return {
    epoch,
    serial: row.serial,
    project: normalizeProject(row.name),
    release: row.version,
    at: row.at,
    seenAt,
    text: row.action,
    action: parseAction(row.action, row.version),
  };
}

/** The file an entry names, or `null` when it speaks of a release, the project or its people. */
export const fileOf = (entry: Entry): string | null => ("file" in entry.action ? entry.action.file : null);

/** Whether an entry puts a release into quarantine or takes it out. */
export const isQuarantine = ({ action: { kind } }: Entry): boolean =>
  kind === "release-quarantined" || kind === "release-cleared";

/** Whether an entry speaks of the project as a whole, its people, or (told alike) the quarantine of a release. */
export const isOfProject = (entry: Entry): boolean =>
  fileOf(entry) === null && (entry.release === null || isQuarantine(entry));

/** Whether an entry takes this file away: by its own name, with its release, or with the whole project. */
export function removes(entry: Entry, file: string, release: string | null): boolean {
  switch (entry.action.kind) {
    case "file-removed":
      return entry.action.file === file;
    case "release-removed":
      return concernsRelease(entry, release);
    case "project-removed":
      return true;
    default:
      return false;
  }
}

export const concernsRelease = (entry: Entry, release: string | null): boolean =>
  release !== null && entry.release !== null && releaseKey(entry.release) === releaseKey(release);

/** The id of the change that a journal page makes for one project: the same rows always make the same change. */
export const journalChangeId = (project: ProjectName, epoch: number, serials: readonly number[]): string =>
  idOf(["journal", project, epoch, ...serials]);
