import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { createClient } from "../../functions/client/client.ts";
import type { Claims } from "./claims.ts";
import { eventually } from "./eventually.ts";
import { drained } from "./queues.ts";
import { enrol, judged, publish, type Release, record, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";
import { sweepingOften } from "./story.ts";

/** Real incidents in real time, their gaps shortened to what the monitor needs; test/incidents has them with their own. */
export const INCIDENTS: Claims<Setting> = {
  "LiteLLM, num2words, a corrupt edge, RubyGems and a whole index in other hands are told as on the embedded host":
    replayed,
};

/** One incident on a project of its own, with everything that must come of it, written before any of it happens. */
interface Replay {
  readonly project: string;
  /** By release: the last verdict, and all that http is told of its file, each once. */
  readonly ends: ReadonlyMap<Release, readonly [verdict: string, ...told: string[]]>;
  readonly play: (setting: Setting) => Promise<void>;
}

const UNRECORDED = "findings critical unrecorded open";
const FLAKY = "health notice flaky-edge open";

/** The same release with other bytes, as somebody else would make it. */
const foreign = (release: Release): Release => ({ ...release, bytes: Buffer.from(`not ${release.file}`) });

/** Several incidents at once ask more of the gateway than it lets through: it says so, and whoever asks comes again. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= MOST_TRIES || !/\b429\b|rate-limited/.test(String(error))) throw error;
      await setTimeout(500);
    }
  }
}

const MOST_TRIES = 60;

async function genuine(setting: Setting, release: Release): Promise<void> {
  await patiently(() => record(setting, release));
  publish(setting, release);
  await patiently(() => judged(setting, [release], "match"));
}

const told = (setting: Setting, release: Release, line: string): Promise<unknown> =>
  eventually(
    `${release.file} is told as ${line}`,
    () => toldOf(setting, release.file),
    (lines) => lines.includes(line),
  );

function stolenToken(): Replay {
  const [before, first, second] = ["1.82.6", "1.82.7", "1.82.8"].map((each) => releaseOf("litellm", each));
  assert.ok(before && first && second);
  return {
    project: "litellm",
    ends: new Map([
      [before, ["match"]],
      [first, ["unrecorded", UNRECORDED]],
      [second, ["unrecorded", UNRECORDED]],
    ]),
    play: async (setting) => {
      await genuine(setting, before);
      publish(setting, first);
      await told(setting, first, UNRECORDED);
      publish(setting, second);
    },
  };
}

function takenDownAndAgain(): Replay {
  const [first, second] = ["0.5.15", "0.5.16"].map((each) => releaseOf("num2words", each));
  assert.ok(first && second);
  const removed = "findings notice removed open";
  return {
    project: "num2words",
    ends: new Map([
      [first, ["unrecorded", UNRECORDED, removed]],
      [second, ["unrecorded", UNRECORDED]],
    ]),
    play: async (setting) => {
      publish(setting, first);
      await told(setting, first, UNRECORDED);
      await acknowledged(setting, first);
      setting.index.removeRelease("num2words", first.version);
      await told(setting, first, removed);
      publish(setting, second);
    },
  };
}

async function acknowledged({ monitor, operatorKey }: Setting, { project, file }: Release): Promise<void> {
  const client = createClient({ url: monitor.url, key: operatorKey, timeoutMs: 30_000 });
  const { findings } = await patiently(() => client.findings(project, "open"));
  const finding = findings.find((each) => each.file === file && each.verdict === "unrecorded");
  assert.ok(finding, `${file} has an open finding`);
  await patiently(() => client.acknowledge(project, finding.id, "seen"));
}

function corruptEdge(): Replay {
  const release = releaseOf("polars", "1.24.0");
  return {
    project: "polars",
    ends: new Map([[release, ["match", FLAKY, "health notice flaky-edge resolved"]]]),
    play: async (setting) => {
      const mended = setting.index.faults.spoil({ route: "file", file: release.file }, { kind: "bad-node" });
      await genuine(setting, release);
      await told(setting, release, FLAKY);
      mended();
    },
  };
}

function replacedInTheBucket(): Replay {
  const release = releaseOf("rubygem", "1.0.0");
  return {
    project: "rubygem",
    ends: new Map([[release, ["replaced", "findings critical replaced open"]]]),
    play: async (setting) => {
      await genuine(setting, release);
      setting.index.faults.swapBytes(release.file, foreign(release).bytes);
    },
  };
}

/** Digest and bytes change together; and a release comes of which the journal has no word. */
function wholeIndex(): Replay {
  const [rewritten, planted] = ["1.0.0", "1.0.1"].map((each) => releaseOf("warehouse", each));
  assert.ok(rewritten && planted);
  return {
    project: "warehouse",
    ends: new Map([
      [rewritten, ["substituted", "findings critical substituted open"]],
      [planted, ["unrecorded", UNRECORDED, "findings critical unannounced open"]],
    ]),
    play: async (setting) => {
      await genuine(setting, rewritten);
      const { index } = setting;
      index.faults.rewrite(rewritten.file, foreign(rewritten).bytes);
      const before = index.journal.head() ?? 0;
      publish(setting, planted);
      const last = index.journal.head() ?? 0;
      index.journal.withhold(({ serial }) => serial > before && serial <= last);
      // Others go on publishing, so that the page claims no more than the journal has.
      index.seedJournal(1);
    },
  };
}

async function replayed(setting: Setting): Promise<void> {
  const replays = [stolenToken(), takenDownAndAgain(), corruptEdge(), replacedInTheBucket(), wholeIndex()];
  const ends = replays.flatMap((each) => [...each.ends]);
  {
    using _ = sweepingOften(setting);
    await Promise.all(
      replays.map(async ({ project, play }) => {
        await patiently(() => enrol(setting, project, { strict: true }));
        await play(setting);
      }),
    );
    for (const [release, [verdict, ...lines]] of ends) {
      await patiently(() => judged(setting, [release], verdict));
      for (const line of lines) await told(setting, release, line);
    }
  }
  await drained(setting);
  for (const [release, [, ...lines]] of ends)
    assert.deepEqual([...toldOf(setting, release.file)].sort(), lines.toSorted(), release.file);
}
