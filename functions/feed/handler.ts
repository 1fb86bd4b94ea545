import { setTimeout } from "node:timers/promises";
import { reportChecks } from "../aws/check-report.ts";
import { systemClock as clock } from "../aws/machine.ts";
import { pollReport } from "../aws/poll-report.ts";
import { roomIn } from "../aws/room.ts";
import { invoked, Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { pypiAdapters } from "../pypi/adapters.ts";
import { readSources } from "../pypi/sources.ts";
import { crossChecks } from "./cross-checks.ts";
import { feed } from "./feed.ts";
import { LIMITS as limits, pollWhileRoom, Quiet } from "./polling.ts";

const started = start();
const { index, contact, version, pollMs, heartbeatUrl, settings } = started.env;
const { cursors, sourceStates, entries, enrolments } = new Tables(started);
const { journal, sources } = pypiAdapters({ index, filesOrigins: [], contact, version, limits }, clock);
const { changesNow: changes } = new Sending(started);
const kept = { cursors, sourceStates, entries, enrolments, changes };
const ports = { clock, settings, journal, sources: sources(readSources), ...kept };
const polling = { clock, pollMs, poll: () => feed(ports), pause: setTimeout, quiet: new Quiet() };

/** Polls for most of a minute; the schedule invokes it every minute. Two at once are harmless: the cursor has one mover. */
export const handler = invoked(started, async (context, { stage: { log }, meter }) => {
  const to = { log, meter, heartbeatUrl, alone: settings.source !== "journal", cursor: await cursors.read() };
  const polls = { ...polling, ...pollReport(to), hasRoom: roomIn(context, clock) };
  const looks = crossChecks(ports).then((each) => reportChecks(each, to));
  await Promise.all([looks, to.alone || pollWhileRoom(polls, polling.quiet)]);
});
