import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "durabletask";
const [FIRST, SECOND, THIRD] = [both(P, "1.4.1"), both(P, "1.4.2"), both(P, "1.4.3")];
const upload = (version: string) => (s: Scene) => s.upload(P, version, both(P, version), malware);

function threadsOf({ world }: Scene): readonly (readonly string[])[] {
  const opened = world.alerts.filter(({ finding }) => finding.verdict === "unrecorded");
  const members = Map.groupBy(opened, ({ finding }) => finding.thread);
  return [...members.values()].map((alerts) =>
    [...new Set(alerts.map(({ finding }) => finding.file ?? ""))].sort(),
  );
}

describe("durabletask, May 2026: three versions in 35 minutes", () => {
  replay("each version is a thread of its own, and no member of any is dropped", {
    project: P,
    course: [
      {
        at: "0:00",
        happens: "1.4.0 is released as ever",
        does: (s) => s.release(P, "1.4.0", both(P, "1.4.0")),
      },
      { at: "0:30", tells: [], stands: all("match listed", both(P, "1.4.0")), asked: { file: 2 } },
      { at: "2d 0:00", happens: "1.4.1 by a stolen token", does: upload("1.4.1") },
      { at: "2d 0:01", tells: each("findings notice awaiting-record open", FIRST) },
      { at: "2d 0:16:30", happens: "1.4.2", does: upload("1.4.2") },
      {
        at: "2d 0:17:30",
        tells: [
          ...each("findings critical unrecorded open", FIRST),
          ...each("findings notice awaiting-record resolved", FIRST),
          ...each("findings notice awaiting-record open", SECOND),
        ],
      },
      { at: "2d 0:35", happens: "1.4.3", does: upload("1.4.3") },
      {
        at: "2d 0:52",
        tells: [
          ...each("findings critical unrecorded open", [...SECOND, ...THIRD]),
          ...each("findings notice awaiting-record resolved", [...SECOND, ...THIRD]),
          ...each("findings notice awaiting-record open", THIRD),
        ],
        also: (s) =>
          assert.deepEqual(
            threadsOf(s),
            [FIRST, SECOND, THIRD].map((files) => [...files].sort()),
          ),
      },
      { at: "3d 0:00", tells: [], stands: all("unrecorded listed", [...FIRST, ...SECOND, ...THIRD]) },
    ],
  });
});
