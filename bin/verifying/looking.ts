import type { ProjectName } from "../../functions/domain/names.ts";
import { IndexUnavailable, type Pages } from "../../functions/ports.ts";
import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { isLoopbackOrigin, OriginRefused } from "../../functions/pypi/origins.ts";
import { inert } from "../../functions/records/quoted.ts";
import { systemClock } from "../machine.ts";
import { Misused } from "../misused.ts";
import { homepageHere, versionHere } from "../version.ts";
import type { Look, Looked } from "./published.ts";

async function lookOnce(pages: Pages, project: ProjectName, index: string): Promise<Looked> {
  try {
    const answer = await pages.read(project, { etag: null, plain: false });
    return { page: answer.kind === "page" ? answer.page : null };
  } catch (error) {
    if (!(error instanceof IndexUnavailable)) throw error;
    return { unknown: `${index} could not be asked: ${inert(error.message)}.` };
  }
}

/** Without TLS, whoever is in between answers for the index. */
function demandTrustworthy(index: string): void {
  if (!index.startsWith("https:") && !isLoopbackOrigin(index))
    throw new Misused(`--index ${inert(index)} is not https: whoever is in between would answer for it`);
}

function adaptersFor(index: string) {
  try {
    demandTrustworthy(index);
    const who = { contact: homepageHere(), version: versionHere() };
    return pypiAdapters({ index, filesOrigins: [], ...who }, systemClock);
  } catch (cause) {
    if (cause instanceof OriginRefused) throw new Misused(`--index: ${cause.message}`, cause);
    throw cause;
  }
}

/** The index itself, each project's page read once. Ends its connections with `close`. Throws `Misused`. */
export function lookingAt(index: string): { readonly look: Look; close(): void } {
  const { pages, close } = adaptersFor(index);
  const looked = new Map<ProjectName, Promise<Looked>>();
  const look: Look = (project) => {
    const known = looked.get(project) ?? lookOnce(pages, project, index);
    looked.set(project, known);
    return known;
  };
  return { look, close };
}
