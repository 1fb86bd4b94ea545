import { cryptoChance as chance, systemClock as clock } from "../aws/machine.ts";
import { invoked, Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { sweep } from "./sweep.ts";

const started = start();
const { settings } = started.env;
const { changes, alerts } = new Sending(started);
const { cursors, sourceStates, enrolments, deadlines, positions, view, pageStore } = new Tables(started);
const kept = { cursors, sourceStates, enrolments, deadlines, positions, view, pageStore };
const ports = { clock, chance, settings, ...kept, changes, alerts };

/** One round; the schedule invokes it every minute. */
export const handler = invoked(started, () => sweep(ports));
