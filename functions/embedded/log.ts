import type { Clock } from "../ports.ts";

export type Level = "debug" | "info" | "warn" | "error";
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Structured lines, one JSON object each, for machines to read. People get other lines, on stdout. */
export const jsonLog =
  (clock: Clock, write: (line: string) => void, least: Level): Log =>
  (level, message, fields = {}) => {
    if (ORDER[level] >= ORDER[least])
      write(`${JSON.stringify({ at: clock.now(), level, message, ...fields })}\n`);
  };

const ORDER: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export const silent: Log = () => {};
