import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Files, Topics } from "../ports.ts";

export const NAMESPACE = "Counterfoil";

/** Where a function's figures go. */
export interface Meter {
  count(name: string, value?: number): void;
  seconds(name: string, value: number): void;
  bytes(name: string, value: number): void;
  /** Counts by one dimension more, besides the stage. */
  countBy(dimension: Readonly<Record<string, string>>, name: string, value?: number): void;
  /** Writes what was gathered. At the end of each invocation: what is not written then may never be. */
  publish(): void;
}

/** Metrics with the dimension `service`, the stage; as log lines in the embedded metric format, so without a call. */
export function stageMeter(stage: string): Meter {
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: stage });
  return {
    count: (name, value = 1) => void metrics.addMetric(name, MetricUnit.Count, value),
    seconds: (name, value) => void metrics.addMetric(name, MetricUnit.Seconds, value),
    bytes: (name, value) => void metrics.addMetric(name, MetricUnit.Bytes, value),
    countBy: (dimension, name, value = 1) => {
      const [[key, of] = ["", ""]] = Object.entries(dimension);
      metrics.singleMetric().addDimension(key, of).addMetric(name, MetricUnit.Count, value);
    },
    publish: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** The same files, with what they cost. */
export const meteredFiles = (files: Files, meter: Pick<Meter, "count" | "bytes">): Files => ({
  fetch: async (ask) => {
    const attempt = await files.fetch(ask);
    meter.count("FetchAttempts");
    meter.bytes("FetchedBytes", attempt.sizeBytes ?? 0);
    return attempt;
  },
});

/** The same topics, with how much was said. */
export const meteredTopics = (topics: Topics, meter: Pick<Meter, "count" | "countBy">): Topics => ({
  publish: async (alert, contacts) => {
    await topics.publish(alert, contacts);
    meter.count("AlertsPublished");
    meter.countBy({ topic: alert.topic }, "AlertsPublished");
  },
});
