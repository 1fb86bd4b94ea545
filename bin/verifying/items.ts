import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Digest } from "../../functions/domain/digests.ts";
import { type ProjectName, projectsOf } from "../../functions/domain/names.ts";
import { inert } from "../../functions/records/quoted.ts";
import { projectTyped } from "../asking.ts";
import { hashAll } from "../hashing-bar.ts";
import { Misused } from "../misused.ts";

/** One digest to ask both questions about. */
export interface Item {
  /** As whoever asked knows it: a path, or a line of a requirements file. */
  readonly label: string;
  /** The file's name; `null` for a pinned hash, which is of whichever file pip may choose. */
  readonly file: string | null;
  /** The release that a requirement pins; `null` for a file, whose name says it. */
  readonly version: string | null;
  readonly digest: Digest;
  /** Whose it may be, the likeliest first. */
  readonly projects: readonly ProjectName[];
}

/** Something that names nothing to ask about. */
export interface Unclear {
  readonly label: string;
  /** Why, and what to do, in one sentence. */
  readonly why: string;
}

/** All that was asked for; neither part may be passed over. */
export interface Asked {
  readonly items: readonly Item[];
  readonly unclear: readonly Unclear[];
}

/** Several lists of what was asked for as one. */
export const together = (all: readonly Asked[]): Asked => ({
  items: all.flatMap(({ items }) => items),
  unclear: all.flatMap(({ unclear }) => unclear),
});

function filesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && projectsOf(entry.name).length > 0)
    .map(({ name }) => join(folder, name))
    .sort();
  // Nothing found must not read like nothing wrong.
  if (files.length === 0) throw new Misused(`there is no distribution file in ${inert(folder)}`);
  return files;
}

function filesAt(path: string): readonly string[] {
  try {
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  } catch (cause) {
    if (cause instanceof Misused) throw cause;
    throw new Misused(`${inert(path)} cannot be read`, cause);
  }
}

/** What lies at these paths, hashed; of a folder every distribution file in it. Throws `Misused`. */
export async function itemsAt(paths: readonly string[], project: string | undefined): Promise<Asked> {
  const typed = project === undefined ? null : projectTyped(project);
  const files = paths.flatMap(filesAt);
  const ownersOf = (path: string): readonly ProjectName[] =>
    typed === null ? projectsOf(basename(path)) : [typed];
  const named = files.filter((path) => ownersOf(path).length > 0);
  const hashed = await hashAll(named);
  return {
    items: hashed.map(({ path, digest }) => ({
      label: path,
      file: basename(path),
      version: null,
      digest,
      projects: ownersOf(path),
    })),
    unclear: files
      .filter((path) => ownersOf(path).length === 0)
      .map((label) => ({
        label,
        why: "Its name is not that of a wheel or an sdist, so whose it is cannot be told: say with --project.",
      })),
  };
}
