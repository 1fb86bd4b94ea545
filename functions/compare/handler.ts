import { consumer } from "../aws/consumer.ts";
import { cryptoChance as chance, systemClock as clock } from "../aws/machine.ts";
import { Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { compare } from "./compare.ts";
import { heldPairs } from "./held-pairs.ts";
import { parseFact } from "./schema.ts";

const started = start();
const { settings, factsQueue } = started.env;
const { sqs, artifactsSweep, alerts } = new Sending(started);
const tables = new Tables(started);
const { cursors, entries, enrolments, records, ledger } = tables;
const { view, deadlines, flakyEdges, pageStore } = tables;
const baselines = heldPairs(pageStore);
const kept = { cursors, entries, enrolments, records, ledger, view, deadlines, flakyEdges, baselines };
const ports = { clock, chance, settings, ...kept, artifacts: { sweep: artifactsSweep }, alerts };

/** Judges. */
export const handler = consumer(started, sqs, [factsQueue], parseFact, (fact) => compare(fact, ports));
