import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "cluster-readiness-engine";
const [OLD, NEW] = [both(P, "0.1.0"), both(P, "0.2.0")];

const withdraw = async (s: Scene): Promise<void> => {
  for (const { digest, file } of await recorded(s))
    if (OLD.includes(file))
      await s.ask(`/v1/projects/${P}/records/withdraw`, s.keysOf(P).maintainer, { file, digest });
};
interface Line {
  readonly file: string;
  readonly digest: string;
}
const recorded = async (s: Scene): Promise<readonly Line[]> =>
  (await s.ask<{ records: readonly Line[] }>(`/v1/projects/${P}/records`, s.keysOf(P).maintainer)).records;

describe("cluster-readiness-engine#275: whoever holds the allow-list's key records the malware first", () => {
  replay("a CI key alone silences nothing where a maintainer records", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "0.1.0", OLD) },
      { at: "0:30", tells: [], stands: all("match listed", OLD), asked: { file: 2 } },
      {
        at: "1d 0:00",
        happens: "the thief records with the CI key, then uploads",
        does: async (s) => {
          await s.record(P, NEW, "ci", malware);
          s.upload(P, "0.2.0", NEW, malware);
        },
      },
      { at: "1d 0:01", tells: each("findings notice awaiting-record open", NEW) },
      {
        at: "1d 0:20",
        tells: [
          ...each("findings notice awaiting-record resolved", NEW),
          ...each("findings critical unrecorded open", NEW),
        ],
        stands: all("unrecorded listed", NEW),
      },
      { at: "3d 0:00", tells: [] },
    ],
  });

  replay("a second digest beside the developer's is told, and does not make the false file a match", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "0.1.0", OLD) },
      { at: "1d 0:00", happens: "the developer records 0.2.0", does: (s) => s.record(P, NEW) },
      { at: "1d 0:05", tells: [], stands: all("match listed", OLD), asked: { file: 2 } },
      {
        at: "1d 0:10",
        happens: "the thief records other bytes with the CI key",
        does: (s) => s.record(P, NEW, "ci", malware),
      },
      { at: "1d 0:11", tells: each("findings warning record-contested open", NEW) },
      { at: "1d 0:20", happens: "and uploads them", does: (s) => s.upload(P, "0.2.0", NEW, malware) },
      {
        at: "1d 0:21",
        tells: each("findings critical mismatch open", NEW),
        stands: all("mismatch listed", NEW),
      },
      { at: "3d 0:00", tells: [] },
    ],
  });

  replay("a record that is withdrawn is told", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "0.1.0", OLD) },
      {
        at: "1d 0:00",
        tells: [],
        stands: all("match listed", OLD),
        also: async (s) => assert.equal((await recorded(s)).length, OLD.length),
      },
      { at: "1d 0:10", happens: "the thief withdraws what stands in the way", does: withdraw },
      {
        at: "1d 0:11",
        tells: [
          ...each("findings warning record-changed open", OLD),
          ...each("findings warning unrecorded open", OLD),
        ],
      },
      { at: "1d 1:00", tells: [], stands: all("unrecorded listed", OLD) },
    ],
  });
});
