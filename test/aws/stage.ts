import type { Context } from "aws-lambda";
import { whatIsInHand } from "../../functions/aws/correlation.ts";
import type { StageLog } from "../../functions/aws/logging.ts";
import type { Meter } from "../../functions/aws/metrics.ts";

export interface Line {
  readonly level: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

/** A stage's log that is read by a test, with what a line gets from the message in hand. */
export function readLog(): { readonly lines: Line[]; readonly stage: StageLog } {
  const lines: Line[] = [];
  return {
    lines,
    stage: {
      log: (level, text, fields = {}) => void lines.push({ level, text, ...whatIsInHand(), ...fields }),
      begin: () => {},
    },
  };
}

/** A meter that adds up; `published` has the sums as they were published. */
export function readMeter(): {
  readonly sums: Record<string, number>;
  published: number;
  readonly meter: Meter;
} {
  const sums: Record<string, number> = {};
  const add = (name: string, value = 1): void => {
    sums[name] = (sums[name] ?? 0) + value;
  };
  const read = { sums, published: 0 };
  const meter: Meter = {
    count: add,
    seconds: add,
    bytes: add,
    countBy: (dimension, name, value) => add(`${name} ${Object.values(dimension).join()}`, value),
    publish: () => {
      read.published += 1;
    },
  };
  return Object.assign(read, { meter });
}

/** As much of an invocation's context as the handlers read. */
export const contextWith = (remainingMs: () => number): Context =>
  ({ awsRequestId: "r", getRemainingTimeInMillis: remainingMs }) as Context;
