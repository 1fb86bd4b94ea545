import { type Line, median, rounded } from "../figures.ts";
import { startWorker } from "../processes.ts";
import type { Reading } from "./reader.ts";

export interface JournalFigures {
  /** The first answer a fresh process reads: what a monitor meets that was down for a day. */
  readonly seconds: number;
  /** Over the process's memory before. */
  readonly peak_mb: number;
  /** The third answer of one process. */
  readonly warm_seconds: number;
}

const ROWS = 50_000;
const ROUNDS = 5;

export async function measureJournal(note: (progress: string) => void): Promise<JournalFigures> {
  const server = startWorker("serving", new URL("server.ts", import.meta.url));
  try {
    const url = await server.ask<string>("serve", { rows: ROWS });
    const rounds: { first: Reading; third: Reading }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      note(`journal page, round ${round} of ${ROUNDS}`);
      rounds.push(await readThrice(url));
    }
    return {
      seconds: rounded(median(rounds.map(({ first }) => first.seconds))),
      peak_mb: rounded(median(rounds.map(({ first }) => first.peakMb))),
      warm_seconds: rounded(median(rounds.map(({ third }) => third.seconds))),
    };
  } finally {
    await server.end();
  }
}

async function readThrice(url: string): Promise<{ first: Reading; third: Reading }> {
  const reader = startWorker("measured", new URL("reader.ts", import.meta.url));
  try {
    const first = await reader.ask<Reading>("read", { url });
    if (first.rows !== ROWS) throw new Error(`${first.rows} rows came instead of ${ROWS}`);
    await reader.ask<Reading>("read", { url });
    return { first, third: await reader.ask<Reading>("read", { url }) };
  } finally {
    await reader.end();
  }
}

export const journalLines = (of: JournalFigures): Line[] => [
  { what: "50,000 rows in a fresh process", figure: `${of.seconds} s` },
  { what: "peak memory on top", figure: `${of.peak_mb} MB` },
  { what: "50,000 rows, warm", figure: `${of.warm_seconds} s` },
];
