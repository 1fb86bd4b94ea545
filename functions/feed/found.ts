import type { ProjectName } from "../domain/names.ts";
import type { SourceState } from "../domain/sources.ts";

/** What a look at a source found: projects that moved, untold by the journal, and what is to be remembered. */
export interface Found {
  /** With the serial to which each moved, where the source knows one. */
  readonly moved: ReadonlyMap<ProjectName, number | null>;
  readonly remember: Pick<SourceState, "serial" | "etag" | "seen">;
  /** Why the look is no answer, although what moved in it did: an edge gave a copy older than what was read before. */
  readonly older: string | null;
}

/** Where a source is as it was, nothing moved. */
export const nothingIn = ({ serial, etag, seen }: SourceState): Found => ({
  moved: new Map(),
  remember: { serial, etag, seen },
  older: null,
});
