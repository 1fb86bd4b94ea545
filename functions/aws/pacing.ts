import { setTimeout } from "node:timers/promises";
import type { Topics } from "../ports.ts";

/**
 * SNS disables a mail subscription that gets more than ten mails a second, and then tells nobody. Alert takes one finding
 * per invocation, two invocations at a time: with this pause they publish at most eight a second, whoever brings about
 * how many findings. Source: Amazon SNS endpoints and quotas, "Email message delivery rate".
 */
const LEAST_MS = 250;

/** The same topics; a publication takes its time. */
export const pacedTopics = (
  topics: Topics,
  pause: (ms: number) => Promise<unknown> = setTimeout,
): Topics => ({
  publish: async (alert, contacts) => {
    await Promise.all([topics.publish(alert, contacts), pause(LEAST_MS)]);
  },
});
