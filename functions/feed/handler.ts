import { setTimeout } from "node:timers/promises";
import { systemClock as clock } from "../aws/machine.ts";
import { pollReport } from "../aws/poll-report.ts";
import { roomIn } from "../aws/room.ts";
import { invoked, Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { pypiAdapters } from "../pypi/adapters.ts";
import { feed } from "./feed.ts";
import { pollWhileRoom, Quiet } from "./polling.ts";

/** Inside the function's 180 seconds, also for the last poll of a run. */
const LIMITS = { journalMs: 90_000 };
const started = start();
const { index, contact, version, pollMs, heartbeatUrl } = started.env;
const { cursors, entries, enrolments } = new Tables(started);
const { changesNow } = new Sending(started);
const { journal } = pypiAdapters({ index, filesOrigins: [], contact, version, limits: LIMITS }, clock);
const ports = { clock, journal, cursors, entries, enrolments, changes: changesNow };
const polling = { clock, pollMs, poll: () => feed(ports), pause: setTimeout };
const quiet = new Quiet();

/** Polls for most of a minute; the schedule invokes it every minute. Two at once are harmless: the cursor has one mover. */
export const handler = invoked(started, async (context, { stage, meter }) => {
  const report = pollReport({ log: stage.log, meter, heartbeatUrl, cursor: await cursors.read() });
  await pollWhileRoom({ ...polling, ...report, hasRoom: roomIn(context, clock) }, quiet);
});
