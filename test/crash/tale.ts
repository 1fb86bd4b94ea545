import { createHash } from "node:crypto";
import { artifactSubject, brokenAt } from "../../functions/domain/ledger.ts";
import type { Alert } from "../../functions/ports.ts";
import type { Keys, World } from "../world.ts";
import type { Plug } from "./plug.ts";

/** How the store commits: whole turns of the event loop, or every statement by itself. */
export type Commits = "turn" | "each";

/** Lives through kills: repeats a step on a host opened anew until it was done by one that lived. */
export async function survive<T>(
  world: World,
  plug: Plug,
  commits: Commits,
  step: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      if (plug.dead) await world.open(plug.store(commits));
      const done = await step();
      if (!plug.dead) return done;
    } catch (error) {
      if (!plug.dead) throw error;
    }
  }
}

export const MINUTE = 60_000;

/** The settings of the tale: everything that waits, waits minutes. */
export const SETTINGS = {
  confirmMs: 2 * MINUTE,
  sweepMs: 20 * MINUTE,
  rehashMs: 30 * MINUTE,
  sweepBudgetBytes: 1e9,
  sweepPerSecond: 0,
};

const DEADLINES = { unverifiableMinutes: 20, unseenMinutes: 20, missingMinutes: 20 };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string, text: string): string =>
  `${createHash("sha256").update(bytes(text)).digest("hex")}  dist/${file}\n`;

/** What came of the tale, in words that do not depend on the random ids of a run. */
export interface Ending {
  /** `watcher file: verdict standing authority`. */
  readonly verdicts: readonly string[];
  /** What the subscriber received, once per alert id: `watcher topic severity verdict state file`. */
  readonly alerts: readonly string[];
  /** How often an alert came that was there before, under the same id. */
  readonly repeats: number;
  /** Ledgers of artifacts whose chain is broken. */
  readonly broken: number;
  /** Messages that were given up. */
  readonly dead: number;
}

/**
 * Plays one fixed tale: three watchers, genuine, stolen, late and missing releases, a flipped bit found by the sweep, a
 * removal and a disappearance.
 */
export async function play(world: World, plug: Plug, commits: Commits): Promise<Ending> {
  const through = <T>(step: () => Promise<T>): Promise<T> => survive(world, plug, commits, step);
  const settle = (): Promise<void> => through(() => settled(world));
  const publish = (project: string, version: string, names: readonly string[]): void =>
    void world.index.publish({
      project,
      version,
      files: names.map((name) => ({ name, bytes: bytes(name) })),
    });
  const record = (project: string, keys: Keys, lines: string): Promise<void> =>
    through(async () => {
      const answer = await world.record(project, keys.maintainer, lines);
      if (!answer.ok) throw new Error(await answer.text());
    });
  const pass = async (minutes: number): Promise<void> => {
    for (let left = minutes; left > 0; left -= STEP_MINUTES) {
      world.clock.ms += STEP_MINUTES * MINUTE;
      await settle();
    }
  };

  publish("lantern", "0.9", ["lantern-0.9.tar.gz", "lantern-0.9-py3-none-any.whl"]);
  await settle();
  const policy = { graceMinutes: 10, deadlines: DEADLINES };
  const developer = await through(() => world.enrol("lantern", policy));
  const distribution = await through(() => world.enrol("lantern", { ...policy, strict: true }));
  const other = await through(() => world.enrol("quill", policy));
  await settle();
  await pass(STEP_MINUTES);

  const [sdist, wheel] = ["lantern-1.0.tar.gz", "lantern-1.0-py3-none-any.whl"] as const;
  await record("lantern", developer, line(sdist, sdist) + line(wheel, wheel));
  publish("lantern", "1.0", [sdist, wheel]);
  publish("quill", "1.0", ["quill-1.0.tar.gz"]);
  await settle();
  await pass(2 * STEP_MINUTES);
  await record("quill", other, line("quill-1.0.tar.gz", "quill-1.0.tar.gz"));
  await record("lantern", developer, line("lantern-2.0.tar.gz", "never published"));
  world.index.faults.flipBit(sdist);
  world.index.removeFile("lantern-0.9.tar.gz");
  await settle();
  await pass(4 * STEP_MINUTES);
  world.index.faults.hide("quill-1.0.tar.gz");
  await pass(5 * STEP_MINUTES);
  // What nobody published is sent again after two minutes: a quiet while, so that nothing is under way any more.
  world.clock.ms += 3 * MINUTE;
  await settle();
  const watchers = new Map([
    [developer.id, "developer"],
    [distribution.id, "distribution"],
    [other.id, "other"],
  ]);
  return through(() => endingOf(world, watchers));
}

const STEP_MINUTES = 6;

/** One poll, one sweep, and everything that follows at this instant. */
async function settled(world: World): Promise<void> {
  await world.host.poll();
  await world.host.sweep();
  await world.host.loop.drain();
}

async function endingOf(world: World, watchers: ReadonlyMap<string, string>): Promise<Ending> {
  const rows = [...(await world.rows("lantern")), ...(await world.rows("quill"))];
  const verdicts = rows.flatMap(({ enrolment, file, verdict, standing, authority }) => {
    const watcher = watchers.get(enrolment);
    return watcher === undefined ? [] : [`${watcher} ${file}: ${verdict} ${standing} ${authority}`];
  });
  const files = new Map(rows.map(({ project, file }) => [file, project]));
  const histories = await Promise.all(
    [...files].map(([file, project]) => world.host.ports.ledger.read(artifactSubject(project, file))),
  );
  const once = new Map(world.alerts.map((alert) => [alert.id, alert]));
  const alerts = [...once.values()].flatMap((alert) => toldTo(watchers, alert));
  return {
    verdicts: verdicts.sort(),
    alerts: alerts.sort(),
    repeats: world.alerts.length - once.size,
    broken: histories.filter((history) => brokenAt(history) !== null).length,
    dead: await deadLetters(world),
  };
}

/** An enrolment that was stored and never answered belongs to nobody: the client asked again. */
function toldTo(watchers: ReadonlyMap<string, string>, { topic, severity, finding }: Alert): string[] {
  const watcher = finding.enrolment === null ? "operator" : watchers.get(finding.enrolment);
  if (watcher === undefined) return [];
  return [`${watcher} ${topic} ${severity} ${finding.verdict} ${finding.state} ${finding.file}`];
}

async function deadLetters(world: World): Promise<number> {
  const answer = await world.host.api.request("/v1/health");
  const { queues } = (await answer.json()) as { queues: readonly { readonly dead: number }[] };
  return queues.reduce((sum, { dead }) => sum + dead, 0);
}
