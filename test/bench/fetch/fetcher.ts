/** The monitor's own way to fetch, alone in its process, so that its memory is nobody else's. */
import { systemClock } from "../../../bin/machine.ts";
import { type PypiAdapters, pypiAdapters } from "../../../functions/pypi/adapters.ts";
import { answerAs } from "../answering.ts";
import type { Served } from "./server.ts";

export interface Fetching {
  readonly url: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly times: number;
  readonly inFlight: number;
}

let adapters: PypiAdapters | null = null;

function open({ url, tlsUrl, authority }: Served): void {
  const origins = { index: url, filesOrigins: [url, tlsUrl] };
  adapters = pypiAdapters({ ...origins, ca: authority, contact: "bench" }, systemClock);
}

/** Fetches the same file so many times, so many at once. Answers the seconds it took. */
async function fetch(asked: Fetching): Promise<number> {
  let left = asked.times;
  const began = performance.now();
  const lane = async () => {
    while (left-- > 0) await fetchOnce(asked);
  };
  await Promise.all(Array.from({ length: asked.inFlight }, lane));
  return (performance.now() - began) / 1000;
}

async function fetchOnce({ url, sizeBytes, sha256 }: Fetching): Promise<void> {
  if (adapters === null) throw new Error("not open");
  const attempt = await adapters.files.fetch({ url, sizeBytes, fresh: false, avoid: [] });
  if (attempt.digest !== `sha256:${sha256}`) throw new Error(`wrong digest: ${JSON.stringify(attempt)}`);
}

/** The most memory this process ever had, in MB. */
const peak = (): number => process.resourceUsage().maxRSS / 1024;

answerAs({ open, fetch, peak });
