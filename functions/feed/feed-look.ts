import { abreast } from "../domain/abreast.ts";
import { idOf } from "../domain/canonical.ts";
import { concernsRelease, type Entry } from "../domain/journal.ts";
import { MOST_SEEN, type Shown, type SourceState } from "../domain/sources.ts";
import type { Enrolments, Entries, Source } from "../ports.ts";
import { type Found, nothingIn } from "./found.ts";

export interface FeedLookPorts {
  readonly enrolments: Pick<Enrolments, "among">;
  readonly entries: Pick<Entries, "concerning">;
}

const ABREAST = 8;
/** 96 bits of a hash: enough that no stranger finds a release whose key is another's. */
const KEY_DIGITS = 24;

const keyOf = ({ project, release, published }: Shown): string =>
  idOf([project, release, published]).slice(0, KEY_DIGITS);

/**
 * Looks at a feed of releases or projects. An enrolled project moved when the feed shows of it what was not seen before, wherever it
 * stands and however old it says it is (releases appear below items already seen), and no kept entry tells of it. Throws
 * `IndexUnavailable`.
 */
export async function lookAtFeed(source: Source, before: SourceState, ports: FeedLookPorts): Promise<Found> {
  const shown = new Map<string, Shown>();
  const looked = await source.look(before.etag, async (batch) => {
    // What is not remembered would be fresh at every look.
    for (const each of batch) if (shown.size < MOST_SEEN) shown.set(keyOf(each), each);
  });
  if (looked.kind === "unchanged") return nothingIn(before);
  const seen = new Set(before.seen);
  const fresh = [...shown].flatMap(([key, each]) => (seen.has(key) ? [] : [each]));
  const untold = await untoldOf(fresh, ports);
  const keys = [...new Set([...shown.keys(), ...before.seen])].slice(0, MOST_SEEN);
  return {
    moved: new Map(untold.map(({ project }) => [project, null])),
    remember: { serial: null, etag: looked.etag, seen: keys },
    older: null,
  };
}

async function untoldOf(fresh: readonly Shown[], { enrolments, entries }: FeedLookPorts): Promise<Shown[]> {
  if (fresh.length === 0) return [];
  const enrolled = await enrolments.among([...new Set(fresh.map(({ project }) => project))]);
  const ours = fresh.filter(({ project }) => enrolled.has(project));
  const told = await abreast(ABREAST, ours, async (each) =>
    (await entries.concerning(each.project, "", each.release)).some((entry) => tellsOf(entry, each)),
  );
  return ours.filter((_, index) => !told[index]);
}

/** Both count from the begin of one transaction, in whole seconds; what came before it made an earlier one of the same name. */
function tellsOf(entry: Entry, { release, published }: Shown): boolean {
  const isSince = Date.parse(entry.at) >= Date.parse(published ?? "");
  const creates =
    release === null
      ? entry.action.kind === "project-created"
      : entry.action.kind === "release-created" && concernsRelease(entry, release);
  return creates && isSince;
}
