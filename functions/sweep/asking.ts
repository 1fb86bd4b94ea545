import { type Change, change, changesNaming } from "../domain/changes.ts";
import { after, hours, type Instant, minutes } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Settings } from "../domain/settings.ts";
import type { Chance, Deadline, Deadlines, Queues } from "../ports.ts";

interface AskingPorts {
  readonly chance: Chance;
  readonly settings: Pick<Settings, "rehashMs">;
  readonly deadlines: Deadlines;
  readonly changes: Queues["changes"];
}

const MOST_DUE = 500;
/** A deadline stays until a judgement moves it; meanwhile it asks again this often. */
const ASK_AGAIN_MS = minutes(10);
/** Bytes may wait long behind others' in the slow lane, and each time they are asked for again they are paid for again. */
const REHASH_AGAIN_MS = hours(6);

/** Has judged again what time may have changed. */
export async function sweepVerdicts(now: Instant, ports: AskingPorts): Promise<void> {
  const due = await ports.deadlines.due("verdict", now, MOST_DUE);
  if (due.length === 0) return;
  await ports.changes.now.send(changesOf(due, "deadline", now, ports.chance));
  await askAgain(due, after(now, ASK_AGAIN_MS), ports);
}

/** What comes into force now is judged by from now on, whoever looks; here its projects are looked at. */
export async function sweepTerms(now: Instant, ports: AskingPorts): Promise<void> {
  const due = await ports.deadlines.due("terms", now, MOST_DUE);
  const projects = new Set(due.map(({ project }) => project));
  const changes = [...projects].map((project) => change({ project, reason: "policy", at: now }));
  if (changes.length > 0) await ports.changes.now.send(changes);
  for (const { project, file } of due) await ports.deadlines.clear("terms", project, file);
}

/**
 * Has files hashed again. An artifact's bytes are always asked for whole: a file host answers no conditional request for them.
 * Asked for once more where nothing came of it: a quarter of a short bound later, or some hours.
 */
export async function rehash(files: readonly Deadline[], now: Instant, ports: AskingPorts): Promise<void> {
  if (files.length === 0) return;
  await ports.changes.sweep.send(changesOf(files, "sweep", now, ports.chance));
  const againMs = Math.min(REHASH_AGAIN_MS, Math.max(ASK_AGAIN_MS, ports.settings.rehashMs / 4));
  await askAgain(files, after(now, againMs), ports);
}

const askAgain = (
  of: readonly Deadline[],
  due: Instant,
  { deadlines }: Pick<AskingPorts, "deadlines">,
): Promise<void> => deadlines.put(of.map((each) => ({ ...each, due })));

/** One change per project, in an order that cannot be foreseen. */
export function changesOf(
  due: readonly Deadline[],
  reason: "deadline" | "sweep",
  at: Instant,
  chance: Chance,
): Change[] {
  const lane = reason === "sweep" ? "sweep" : "now";
  const byProject = Map.groupBy(due, (each): ProjectName => each.project);
  const shuffled = [...byProject].map((each) => ({ each, order: chance.fraction() }));
  return shuffled
    .sort((a, b) => a.order - b.order)
    .flatMap(({ each: [project, of] }) => {
      const files = of.flatMap((each) => (each.file === "" ? [] : [each.file]));
      return changesNaming({ project, reason, lane, at }, files);
    });
}
