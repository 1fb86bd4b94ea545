import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startIndex } from "./index/server.ts";
import { play, type Told } from "./play.ts";
import { type Serving, serve } from "./serving.ts";
import { startSubscriber } from "./subscriber.ts";
import type { Teller } from "./telling.ts";

export interface StoryOptions {
  /** The monitor's program, as `node PROGRAM serve …`. */
  readonly program: string;
  readonly teller: Teller;
  /** Called with the addresses before everything is stopped; the story waits for it. */
  readonly keep?: (addresses: readonly string[]) => Promise<void>;
}

const PATIENCE_MS = 20_000;

/**
 * Plays the story: a small PyPI in this process, the real monitor in another one, six things that happen to real
 * wheels, and a subscriber who is told. What must come of it is in `scenes.ts`, written beforehand; what did come of
 * it is read through the public API and from the subscriber. Leaves nothing behind.
 */
export async function tellStory(options: StoryOptions): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-story-"));
  const index = await startIndex();
  const subscriber = await startSubscriber();
  let serving: Serving | null = null;
  try {
    const { program, teller } = options;
    const where = { index: index.url, filesOrigin: index.filesOrigin, notify: subscriber.url };
    serving = await serve({ program, folder, ...where });
    const { monitor } = serving;
    const told = await play({ index, monitor, subscriber, teller, patienceMs: PATIENCE_MS });
    await options.keep?.([
      `index ${index.url}/simple/`,
      `files ${index.filesOrigin}`,
      `monitor ${monitor.url}`,
      `data ${folder}`,
    ]);
    return told;
  } finally {
    await serving?.stop();
    await index.close();
    subscriber.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
