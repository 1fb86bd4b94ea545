import type { Digest } from "../domain/digests.ts";
import type { ProjectName } from "../domain/names.ts";
import { ReceiptAnswer, WithdrawnAnswer } from "../records/answers/records.ts";
import type { Connection } from "./asking.ts";
import { type Calling, callingOf, pathOf } from "./calling.ts";
import { type Investigating, investigatingOf } from "./investigating.ts";
import { type Minding, mindingOf, type Reading, readingOf } from "./reading.ts";
import { type Enrolling, enrollingOf, type Watching, watchingOf } from "./watching.ts";

/** What a watcher says of their own files. */
interface Recording {
  /**
   * `manifest` in any format the API reads, with or without a signature behind it. Needs a maintainer's or CI key, or a
   * token; `enrolment` picks where several expect the token.
   */
  record(
    project: ProjectName,
    manifest: string | Uint8Array<ArrayBuffer>,
    enrolment?: string,
  ): Promise<ReceiptAnswer>;
  /** Takes back every record of this digest for the file. Needs a maintainer's key. */
  withdraw(project: string, file: string, digest: Digest, reason: string): Promise<WithdrawnAnswer>;
}

/** Every question of the API, typed. All throw `ApiRefused` or `ApiUnreachable`. */
export type Client = Reading & Minding & Investigating & Enrolling & Watching & Recording;

const recordingOf = ({ post }: Calling): Recording => ({
  record: (project, manifest, enrolment) => {
    const query = enrolment === undefined ? "" : `?${new URLSearchParams({ enrolment })}`;
    return post(`${pathOf(project, "records")}${query}`, manifest, ReceiptAnswer);
  },
  withdraw: (project, file, digest, reason) =>
    post(pathOf(project, "records", "withdraw"), { file, digest, reason }, WithdrawnAnswer),
});

export function createClient(connection: Connection): Client {
  const calling = callingOf(connection);
  return {
    ...readingOf(calling),
    ...mindingOf(calling),
    ...investigatingOf(calling),
    ...enrollingOf(calling),
    ...watchingOf(calling),
    ...recordingOf(calling),
  };
}
