import { handle } from "hono/aws-lambda";
import { backlog } from "../aws/backlog.ts";
import { systemClock as clock } from "../aws/machine.ts";
import { Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { createApi } from "./api.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

const started = start();
const { version, settings, registration, backlog: pairs } = started.env;
const { sqs, changesNow } = new Sending(started);
const { enrolments, records, ledger, view, cursors, positions, deadlines } = new Tables(started);
const kept = { enrolments, records, ledger, view, cursors, positions, deadlines };
const queues = { changes: { now: changesNow } };
/** Every write is durable when it resolves. */
const durability = { flush: async () => {} };
const ports: ApiPorts = { clock, ...kept, queues, backlog: backlog(sqs, pairs), durability };
const { staleMs: staleAfterMs, sweepMs } = settings;
const report: ApiSettings["report"] = (fault) => {
  started.meter.count("Faults");
  started.meter.publish();
  started.stage.log("error", "request failed", { ...fault });
};

/** The API behind API Gateway. */
export const handler = handle(createApi(ports, { version, staleAfterMs, sweepMs, registration, report }));
