/** Reads one full answer of the journal, alone in its process, so that its memory is nobody else's. */
import { systemClock } from "../../../bin/machine.ts";
import { pypiAdapters } from "../../../functions/pypi/adapters.ts";
import { answerAs } from "../answering.ts";

export interface Reading {
  readonly rows: number;
  readonly seconds: number;
  /** The most memory this process ever had, over what it had before it began. */
  readonly peakMb: number;
}

const MB = 1024 * 1024;

async function read({ url }: { readonly url: string }): Promise<Reading> {
  const { journal, close } = pypiAdapters({ index: url, filesOrigins: [], contact: "bench" }, systemClock);
  const beforeMb = process.memoryUsage.rss() / MB;
  const began = performance.now();
  let rows = 0;
  for await (const batch of journal.after(0)) rows += batch.length;
  const seconds = (performance.now() - began) / 1000;
  close();
  return { rows, seconds, peakMb: process.resourceUsage().maxRSS / 1024 - beforeMb };
}

answerAs({ read });
