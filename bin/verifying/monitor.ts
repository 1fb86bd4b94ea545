import type { Client } from "../../functions/client/client.ts";
import { ApiRefused, ApiUnreachable } from "../../functions/client/errors.ts";
import { type Digest, hexOf } from "../../functions/domain/digests.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { RecordAnswer } from "../../functions/records/answers/records.ts";
import type { VerifiedFor } from "../../functions/records/answers/verify.ts";
import type { Allowed } from "./allowed-signers.ts";
import { type Released, released, unanswered } from "./released.ts";
import { SignedManifests } from "./signatures.ts";

/** Who answers the second question. */
export interface Monitor {
  /** `file` is `null` for a digest of which not even the index knows the file. */
  released(project: ProjectName, file: string | null, digest: Digest): Promise<Released>;
  /** Since when and why the monitor may have missed uploads; `null` while it sees. */
  readonly blind: () => Promise<string | null>;
}

/** A project's records, or why they cannot be known. */
type Records = { readonly records: readonly RecordAnswer[] } | { readonly unknown: string };

/** What a refusal or a silence means for a question; anything else is a fault of ours. */
function reasonOf(error: unknown, project: ProjectName): string {
  if (error instanceof ApiRefused && error.code === "not-enrolled")
    return `Nobody has enrolled ${project} with this monitor, so no developer says what it released.`;
  if (error instanceof ApiRefused || error instanceof ApiUnreachable) return error.message;
  throw error;
}

async function readRecords(client: Client, project: ProjectName): Promise<Records> {
  try {
    return { records: (await client.records(project, { withdrawn: true })).records };
  } catch (error) {
    return { unknown: reasonOf(error, project) };
  }
}

/** By enrolment; the earliest of each. Withdrawn ones count: a habit is not taken back. */
const maintainersSince = (records: readonly RecordAnswer[]): ReadonlyMap<string, string> =>
  new Map(
    records
      .filter(({ authority }) => authority === "maintainer")
      .toSorted((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1))
      .map(({ enrolment, recordedAt }) => [enrolment, recordedAt]),
  );

async function readBlindness(client: Client): Promise<string | null> {
  try {
    const { blind } = await client.health();
    return blind && `since ${blind.since ?? "it began"}, because the monitor is blind: ${blind.reason}`;
  } catch (error) {
    if (error instanceof ApiRefused || error instanceof ApiUnreachable)
      return "lately: the monitor does not say whether it sees";
    throw error;
  }
}

/** The monitor's own word on one file. No answer is no word. */
async function wordOn(
  client: Client,
  project: ProjectName,
  file: string,
  digest: Digest,
): Promise<readonly VerifiedFor[]> {
  try {
    const { files } = await client.verify(project, `${hexOf(digest)}  ${file}\n`);
    return files.filter((each) => each.file === file).flatMap(({ enrolments }) => enrolments);
  } catch (error) {
    reasonOf(error, project);
    return [];
  }
}

/** Remembers what was asked: the files of a release share their project's records. */
function remembering<T>(ask: (project: ProjectName) => Promise<T>): (project: ProjectName) => Promise<T> {
  const known = new Map<ProjectName, Promise<T>>();
  return (project) => {
    const answer = known.get(project) ?? ask(project);
    known.set(project, answer);
    return answer;
  };
}

/** A monitor as far as it must be trusted: for its records, and for as little of them as signatures leave. */
export function monitorAt(client: Client, pinned: readonly Allowed[] | null): Monitor {
  const recordsOf = remembering((project) => readRecords(client, project));
  const manifestsOf = remembering(async (project) => new SignedManifests(client, project, pinned));
  let asked: Promise<string | null> | null = null;
  const blind = (): Promise<string | null> => {
    asked ??= readBlindness(client);
    return asked;
  };
  return {
    blind,
    async released(project, named, digest) {
      const all = await recordsOf(project);
      if ("unknown" in all) return unanswered(all.unknown);
      const file = named ?? all.records.find((record) => record.digest === digest)?.file;
      if (file === undefined) return unanswered(`Nobody recorded this digest for ${project}.`);
      return released({
        digest,
        records: all.records.filter((record) => record.file === file),
        maintainersSince: maintainersSince(all.records),
        manifests: await manifestsOf(project),
        isPinned: pinned !== null,
        blind: await blind(),
        monitorSays: () => wordOn(client, project, file, digest),
      });
    },
  };
}
