import { consumer } from "../aws/consumer.ts";
import { systemClock as clock } from "../aws/machine.ts";
import { Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { pypiAdapters } from "../pypi/adapters.ts";
import { parseChange } from "./schema.ts";
import { survey } from "./survey.ts";

const started = start();
const { index, contact, version, settings, changesNowQueue, changesSweepQueue } = started.env;
const { sqs, changes, artifacts, facts } = new Sending(started);
const { cursors, sourceStates, enrolments, ledger, view, pageStore } = new Tables(started);
const { journal, pages, owners } = pypiAdapters({ index, filesOrigins: [], contact, version }, clock);
const kept = { cursors, sourceStates, enrolments, ledger, view, pageStore };
const ports = { clock, settings, journal, pages, owners, ...kept, changes, artifacts, facts };
const queues = [changesNowQueue, changesSweepQueue];

/** Looks at the pages of projects. */
export const handler = consumer(started, sqs, queues, parseChange, (change) => survey(change, ports));
