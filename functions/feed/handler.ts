import { setTimeout } from "node:timers/promises";
import { reportChecks } from "../aws/check-report.ts";
import { systemClock as clock } from "../aws/machine.ts";
import { pollReport } from "../aws/poll-report.ts";
import { roomIn } from "../aws/room.ts";
import { invoked, Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { pypiAdapters } from "../pypi/adapters.ts";
import { crossChecks } from "./cross-checks.ts";
import { feed } from "./feed.ts";
import { LIMITS } from "./pace.ts";
import { pollWhileRoom, Quiet } from "./polling.ts";

const started = start();
const { index, contact, version, pollMs, heartbeatUrl, settings } = started.env;
const { cursors, sourceStates, entries, enrolments, pageStore } = new Tables(started);
const { changesNow: changes } = new Sending(started);
const read = pypiAdapters({ index, filesOrigins: [], contact, version, limits: LIMITS }, clock);
const ports = { clock, settings, ...read, cursors, sourceStates, entries, enrolments, pageStore, changes };
const polling = { clock, pollMs, poll: () => feed(ports), pause: setTimeout, quiet: new Quiet() };

/** Polls for most of a minute; the schedule invokes it every minute. Two at once are harmless: the cursor has one mover. */
export const handler = invoked(started, async (context, { stage: { log }, meter }) => {
  const alone = settings.source !== "journal";
  const told = { log, meter, heartbeatUrl, alone, cursor: await cursors.read() };
  const polls = { ...polling, ...pollReport(told), hasRoom: roomIn(context, clock) };
  const checks = crossChecks(ports).then((each) => reportChecks(each, told));
  await Promise.all([checks, alone || pollWhileRoom(polls, polling.quiet)]);
});
