import { snsClient } from "../aws/clients.ts";
import { consumer } from "../aws/consumer.ts";
import { systemClock as clock } from "../aws/machine.ts";
import { meteredTopics } from "../aws/metrics.ts";
import { pacedTopics } from "../aws/pacing.ts";
import { Sending, start } from "../aws/start.ts";
import { Tables } from "../aws/tables.ts";
import { topics } from "../aws/topics.ts";
import { alert } from "./alert.ts";
import { parseFinding } from "./schema.ts";

const started = start();
const { findingsTopic: findings, healthTopic: health, alertsQueue } = started.env;
const { sqs } = new Sending(started);
const { enrolments, ledger, view } = new Tables(started);
const told = topics(snsClient(started.caller), { findings, health });
const ports = { clock, enrolments, ledger, view, topics: meteredTopics(pacedTopics(told), started.meter) };

/** Publishes findings, one by one. */
export const handler = consumer(started, sqs, [alertsQueue], parseFinding, (finding) =>
  alert(finding, ports),
);
