import { wrongs } from "./compare.ts";
import { play } from "./play.ts";
import type { Script } from "./script.ts";

/** What is wrong with what the monitor says of a world; empty when it is what the oracle says. */
export async function wrongIn(script: Script): Promise<string[]> {
  try {
    return wrongs(script, await play(script));
  } catch (error) {
    return [`the monitor fell: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}
