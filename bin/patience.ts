import { setTimeout } from "node:timers/promises";
import { ApiRefused, ApiUnreachable } from "../functions/client/errors.ts";

const WAITS_MS = [1_000, 3_000] as const;

/** Whether the same question may be answered in a moment. */
const passes = (error: unknown): boolean =>
  error instanceof ApiUnreachable || (error instanceof ApiRefused && error.code === "throttled");

/** Asks again where the answer failed by what passes: a long download must not end at one of its parts. Throws what came last. */
export async function patiently<T>(ask: () => Promise<T>, waitsMs: readonly number[] = WAITS_MS): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await ask();
    } catch (error) {
      if (!passes(error)) throw error;
      await setTimeout(waitMs);
    }
  }
  return ask();
}
