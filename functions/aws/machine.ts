import { randomInt } from "node:crypto";
import { instant } from "../domain/instants.ts";
import type { Chance, Clock } from "../ports.ts";

/** Nothing that is configured ever tells the time. */
export const systemClock: Clock = { now: () => instant(Date.now()) };

const STEPS = 2 ** 47;

/** Not guessable: an attacker must not know when the sweep comes by. */
export const cryptoChance: Chance = { fraction: () => randomInt(STEPS) / STEPS };
