import { randomInt } from "node:crypto";
import { instant } from "../functions/domain/instants.ts";
import type { Chance, Clock } from "../functions/ports.ts";

export const systemClock: Clock = { now: () => instant(Date.now()) };

const STEPS = 2 ** 47;

/** Not guessable: an attacker must not know when the sweep comes by. */
export const cryptoChance: Chance = { fraction: () => randomInt(STEPS) / STEPS };
