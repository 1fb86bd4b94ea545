import { type Line, median, rounded } from "../figures.ts";
import { startWorker, type Worker } from "../processes.ts";
import type { Fetching } from "./fetcher.ts";
import { type Rivals, rivals } from "./rivals.ts";
import type { Served } from "./server.ts";

/** Our speed over theirs: above 1 we are faster. */
export interface FetchFigures {
  readonly ratio_to_curl_openssl: number;
  readonly ratio_to_curl_sha256sum: number;
  readonly ratio_to_pip: number;
  readonly ratio_to_curl_openssl_tls: number;
  readonly mb_per_second: number;
  readonly mb_per_second_tls: number;
  readonly small_files_per_second: number;
  readonly small_files_per_second_tls: number;
  /** The most memory the whole fetching process ever had, 16 of the large file at once included. */
  readonly peak_mb: number;
  /** What that process had before it fetched anything. */
  readonly idle_mb: number;
}

export interface FetchAsked {
  readonly megabytes: number;
  readonly rounds: number;
  readonly note: (progress: string) => void;
}

/** Seconds that one round's fetches took. */
interface Round {
  readonly ours: number;
  readonly openssl: number;
  readonly sha256sum: number;
  readonly pip: number;
  readonly oursTls: number;
  readonly opensslTls: number;
}

const IN_FLIGHT = 16;
const SMALL_FILES = 4_000;

export async function measureFetch(asked: FetchAsked): Promise<FetchFigures> {
  const server = startWorker("serving", new URL("server.ts", import.meta.url));
  const fetcher = startWorker("measured", new URL("fetcher.ts", import.meta.url));
  try {
    const served = await server.ask<Served>("serve", { megabytes: asked.megabytes });
    await fetcher.ask("open", served);
    const idle_mb = rounded(await fetcher.ask<number>("peak"));
    const others = rivals(served);
    try {
      return { ...(await compare(asked, served, fetcher, others)), idle_mb };
    } finally {
      others.close();
    }
  } finally {
    await Promise.all([server.end(), fetcher.end()]);
  }
}

async function compare(
  asked: FetchAsked,
  served: Served,
  fetcher: Worker,
  others: Rivals,
): Promise<Omit<FetchFigures, "idle_mb">> {
  const fetch = (from: Fetching) => fetcher.ask<number>("fetch", from);
  const [plain, tls] = [large(served, served.url), large(served, served.tlsUrl)];
  // The monitor runs for months: what is compared is a process that has fetched before.
  await fetch(plain);
  await fetch(tls);
  const rounds: Round[] = [];
  for (let round = 1; round <= asked.rounds; round += 1) {
    asked.note(`fetch and hash, round ${round} of ${asked.rounds}`);
    rounds.push({
      ours: await fetch(plain),
      openssl: await others.curlOpenssl(),
      sha256sum: await others.curlSha256sum(),
      pip: await others.pip(),
      oursTls: await fetch(tls),
      opensslTls: await others.curlOpensslTls(),
    });
  }
  asked.note(`fetch and hash, ${SMALL_FILES} small files`);
  await fetch(small(served, served.url));
  const smallSeconds = await fetch(small(served, served.url));
  const smallSecondsTls = await fetch(small(served, served.tlsUrl));
  asked.note(`fetch and hash, ${IN_FLIGHT} large files at once`);
  await fetch({ ...tls, times: IN_FLIGHT, inFlight: IN_FLIGHT });
  const of = (figure: (round: Round) => number) => rounded(median(rounds.map(figure)));
  const megabytes = served.wheel.sizeBytes / 1e6;
  return {
    ratio_to_curl_openssl: of((round) => round.openssl / round.ours),
    ratio_to_curl_sha256sum: of((round) => round.sha256sum / round.ours),
    ratio_to_pip: of((round) => round.pip / round.ours),
    ratio_to_curl_openssl_tls: of((round) => round.opensslTls / round.oursTls),
    mb_per_second: of((round) => megabytes / round.ours),
    mb_per_second_tls: of((round) => megabytes / round.oursTls),
    small_files_per_second: rounded(SMALL_FILES / smallSeconds),
    small_files_per_second_tls: rounded(SMALL_FILES / smallSecondsTls),
    peak_mb: rounded(await fetcher.ask<number>("peak")),
  };
}

const large = ({ wheel: { name, sizeBytes, sha256 } }: Served, url: string): Fetching => ({
  url: `${url}/files/${name}`,
  sizeBytes,
  sha256,
  times: 1,
  inFlight: 1,
});

const small = ({ small: of }: Served, url: string): Fetching => ({
  ...of,
  url: `${url}/small/file`,
  times: SMALL_FILES,
  inFlight: IN_FLIGHT,
});

export const fetchLines = (of: FetchFigures): Line[] => [
  {
    what: "speed against curl | openssl dgst -sha256",
    figure: `${of.ratio_to_curl_openssl}`,
    remark: "above 1 we are faster",
  },
  { what: "the same over TLS", figure: `${of.ratio_to_curl_openssl_tls}` },
  { what: "speed against curl | sha256sum", figure: `${of.ratio_to_curl_sha256sum}` },
  {
    what: "speed against pip download --require-hashes",
    figure: `${of.ratio_to_pip}`,
    remark: "pip's start included",
  },
  { what: "one large file", figure: `${of.mb_per_second} MB/s`, remark: `${of.mb_per_second_tls} over TLS` },
  {
    what: `10 KB files, ${IN_FLIGHT} at once`,
    figure: `${of.small_files_per_second} /s`,
    remark: `${of.small_files_per_second_tls} over TLS`,
  },
  {
    what: `peak memory, ${IN_FLIGHT} large files at once over TLS`,
    figure: `${of.peak_mb} MB`,
    remark: `the whole process; ${of.idle_mb} before the first`,
  },
];
