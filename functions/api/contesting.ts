import { abreast } from "../domain/abreast.ts";
import type { Enrolment, Recorded } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { aboutContest } from "../domain/notices.ts";
import { contestedSince } from "../domain/records.ts";
import { tellOnce } from "./noticing.ts";
import type { ApiPorts } from "./seams.ts";

const ABREAST = 16;

/**
 * Tells of each of these files that has several digests on record: once for each set of digests, and again when one of them
 * was taken back and came again. `live` is all that is on record. Repeatable.
 */
export async function tellContests(
  ports: ApiPorts,
  enrolment: Enrolment,
  { files, live, by, now }: Told,
): Promise<void> {
  const ofFile = Map.groupBy(live, ({ file }) => file);
  await abreast(ABREAST, files, async (file) => {
    const records = (ofFile.get(file) ?? []).toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
    const since = contestedSince(records);
    if (since === null) return;
    // Another machine's clock may be ahead of ours; the same contest must not count as a later one.
    const finding = aboutContest(enrolment, records, now > since ? now : since);
    if (finding !== null) await tellOnce(finding, { by, since }, ports);
  });
}

interface Told {
  readonly files: readonly string[];
  readonly live: readonly Recorded[];
  readonly by: string;
  readonly now: Instant;
}
