import { userAgent } from "../domain/user-agent.ts";
import type { Clock, Files, Journal, Owners, Pages, Provenances, Sources } from "../ports.ts";
import type { Resolve } from "./addresses.ts";
import { connection } from "./connection.ts";
import { files } from "./files.ts";
import { journal } from "./journal.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { allowList, indexUrl } from "./origins.ts";
import { owners } from "./ownership.ts";
import { type PagesConfig, pages } from "./pages.ts";
import { provenances } from "./provenance.ts";
import type { Examine } from "./sigstore.ts";
import { throttle } from "./throttle.ts";

/** Which index is watched, and who asks. */
export interface IndexConfig {
  /** The index as its operator wrote it, e.g. `https://pypi.org`. A path in front of `/pypi` and `/simple/` is kept. */
  readonly index: string;
  /** Where files may come from, besides the index itself: `https://files.pythonhosted.org`. */
  readonly filesOrigins: readonly string[];
  /** A URL or an address at which the index's operator finds whoever runs this monitor. Goes into the User-Agent. */
  readonly contact: string;
  /** Our version, for the User-Agent. @default "0" */
  readonly version?: string;
  /** PEM of a further authority to trust, for an index with its own. @default none */
  readonly ca?: string;
  /** @default DEFAULT_LIMITS */
  readonly limits?: Partial<Limits>;
  /** Stands in for the system's resolver. @default dns.lookup */
  readonly resolve?: Resolve;
}

export interface PypiAdapters {
  readonly journal: Journal;
  /** Handed their readers, which feed alone needs. */
  readonly sources: (read: (config: PagesConfig) => Sources) => Sources;
  readonly pages: Pages;
  readonly owners: Owners;
  readonly files: Files;
  /** Handed its verifier, which few need: a tenth of a function's code. */
  readonly provenances: (examine: Examine) => Provenances;
  /** Ends every connection; requests under way fail. */
  close(): void;
}

/** Adapters for one index. Opens nothing yet. Throws `OriginRefused` for an origin that cannot be one. */
export function pypiAdapters(config: IndexConfig, clock: Clock): PypiAdapters {
  const index = indexUrl(config.index);
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const net = connection({
    origins: allowList([config.index, ...config.filesOrigins]),
    userAgent: userAgent(config),
    idleMs: limits.idleMs,
    sockets: limits.sockets,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    ...(config.resolve === undefined ? {} : { resolve: config.resolve }),
  });
  const url = new URL("pypi", index).href;
  const reading = { index, connection: net, limits, clock };
  return {
    sources: (read) => read(reading),
    journal: journal({ url, connection: net, limits, clock, throttle: throttle() }),
    pages: pages(reading),
    owners: owners(reading),
    files: files({ connection: net, limits, clock }),
    provenances: (examine) => provenances({ connection: net, limits, clock, examine }),
    close: net.close,
  };
}
