import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { whatIsInHand } from "./correlation.ts";

export type Level = "debug" | "info" | "warn" | "error";
export type Log = (level: Level, text: string, fields?: Readonly<Record<string, unknown>>) => void;

/** The log of one function. */
export interface StageLog {
  readonly log: Log;
  /** Puts the invocation's request id on its lines. */
  begin(context: Context): void;
}

/** One JSON line each, with the stage and whatever message is in hand. The level is `POWERTOOLS_LOG_LEVEL`. */
export function stageLog(stage: string): StageLog {
  const logger = new Logger({ serviceName: stage, persistentKeys: { stage } });
  return {
    log: (level, text, fields = {}) => logger[level](text, { ...whatIsInHand(), ...fields }),
    begin: (context) => logger.addContext(context),
  };
}
