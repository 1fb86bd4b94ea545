import { backlog } from "./backlog.ts";
import { channels } from "./channels.ts";
import { s3Client, snsClient } from "./clients.ts";
import type { Configuration } from "./configuration.ts";
import { evidence } from "./evidence.ts";
import { systemClock as clock } from "./machine.ts";
import { objects } from "./objects.ts";
import { Sending, type Started } from "./start.ts";
import { Tables } from "./tables.ts";

/** Every write is durable when it resolves. */
const durability = { flush: async (): Promise<void> => {} };

/** The ports of the API. */
export function servingPorts(started: Started) {
  const { env, caller } = started;
  const { sqs, changesNow, alerts } = new Sending(started);
  const tables = new Tables(started);
  const { enrolments, records, manifests, ledger, view, cursors, positions, deadlines } = tables;
  const arns = { topic: env.findingsTopic, undelivered: env.undeliveredQueue };
  return {
    ...{ clock, enrolments, records, manifests, ledger, view, cursors, positions, deadlines, durability },
    entries: tables.entries,
    sourceStates: tables.sourceStates,
    pageStore: tables.pageStore,
    evidence: evidence(objects(s3Client(caller), env.evidenceBucket)),
    channels: channels(snsClient(caller), arns),
    queues: { changes: { now: changesNow }, alerts },
    backlog: backlog(sqs, env.backlog),
  };
}

const HOUR_MS = 3_600_000;

/** What the operator chose about the API. Nobody is counted here: the gateway limits, and may have another one in front. */
export const servingChoices = (env: Configuration) => ({
  version: env.version,
  registration: env.registration,
  staleAfterMs: env.settings.staleMs,
  source: env.settings.source,
  sweepMs: env.settings.sweepMs,
  rehashMs: env.settings.rehashMs,
  url: env.publicUrl,
  quieteningMs: env.quieteningHours * HOUR_MS,
  issuers: env.oidcIssuers,
  limits: null,
  addressOf: () => null,
});
