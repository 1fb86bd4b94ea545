import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "lightning";
const [FIRST, SECOND] = [both(P, "2.6.2"), both(P, "2.6.3")];

describe("lightning 2.6.2 and 2.6.3, 30 April 2026: uploaded without a tag, and the report closed by a hijacked bot", () => {
  replay("the quarantine that follows is told beside the open findings, and ends none of them", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "2.6.1 as ever", does: (s) => s.release(P, "2.6.1", both(P, "2.6.1")) },
      { at: "0:30", tells: [], stands: all("match listed", both(P, "2.6.1")), asked: { file: 2 } },
      { at: "1d 0:00", happens: "2.6.2 by the thief", does: (s) => s.upload(P, "2.6.2", FIRST, malware) },
      { at: "1d 0:01", tells: each("findings critical unrecorded open", FIRST) },
      { at: "1d 0:20", happens: "2.6.3 by the thief", does: (s) => s.upload(P, "2.6.3", SECOND, malware) },
      { at: "1d 0:21", tells: each("findings critical unrecorded open", SECOND) },
      { at: "1d 2:00", happens: "PyPI quarantines the project", does: (s) => s.index.quarantineProject(P) },
      {
        at: "1d 2:01",
        tells: [`findings notice quarantined open ${P}`],
        stands: {
          ...all("unrecorded hidden", [...FIRST, ...SECOND]),
          ...all("match hidden", both(P, "2.6.1")),
        },
        also: async (s) => {
          const open = (await s.world.findings(P)).filter(({ state }) => state === "open");
          assert.equal(open.filter(({ verdict }) => verdict === "unrecorded").length, 4);
        },
      },
      {
        at: "1d 8:00",
        happens: "PyPI removes both releases and lets the rest go",
        does: (s) => {
          s.index.removeRelease(P, "2.6.2");
          s.index.removeRelease(P, "2.6.3");
          s.index.clearProjectQuarantine(P);
        },
      },
      {
        at: "1d 8:05",
        tells: each("findings notice removed open", [...FIRST, ...SECOND]),
        stands: {
          ...all("unrecorded removed", [...FIRST, ...SECOND]),
          ...all("match listed", both(P, "2.6.1")),
        },
      },
      { at: "5d 0:00", tells: [] },
    ],
  });
});
