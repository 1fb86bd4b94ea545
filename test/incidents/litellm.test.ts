import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "litellm";
const [GOOD, FIRST, SECOND] = [both(P, "1.82.6"), both(P, "1.82.7"), both(P, "1.82.8")];

describe("LiteLLM, 24 March 2026: a stolen token uploads 1.82.7 and, 13 minutes later, 1.82.8", () => {
  replay("a strict watcher is paged before five minutes are over, once for each file of each version", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "1.82.6 is released as ever", does: (s) => s.release(P, "1.82.6", GOOD) },
      { at: "0:30", tells: [], stands: all("match listed", GOOD), asked: { file: 2 } },
      { at: "1d 0:00", happens: "1.82.7 by the thief", does: (s) => s.upload(P, "1.82.7", FIRST, malware) },
      {
        at: "1d 0:01",
        tells: each("findings critical unrecorded open", FIRST),
        stands: all("unrecorded listed", FIRST),
      },
      { at: "1d 0:13", happens: "1.82.8 by the thief", does: (s) => s.upload(P, "1.82.8", SECOND, malware) },
      { at: "1d 0:14", tells: each("findings critical unrecorded open", SECOND) },
      {
        at: "1d 2:32",
        happens: "PyPI quarantines the project",
        does: (s) => s.index.quarantineProject(P),
      },
      {
        at: "2d 0:00",
        tells: [`findings notice quarantined open ${P}`],
        stands: all("unrecorded hidden", [...FIRST, ...SECOND]),
      },
    ],
  });

  replay("with fifteen minutes of grace, both are told of at once and paged for when it ends", {
    project: P,
    course: [
      { at: "0:00", happens: "1.82.6 is released as ever", does: (s) => s.release(P, "1.82.6", GOOD) },
      { at: "1d 0:00", happens: "1.82.7 by the thief", does: (s) => s.upload(P, "1.82.7", FIRST, malware) },
      { at: "1d 0:01", tells: each("findings notice awaiting-record open", FIRST) },
      { at: "1d 0:13", happens: "1.82.8 by the thief", does: (s) => s.upload(P, "1.82.8", SECOND, malware) },
      { at: "1d 0:14", tells: each("findings notice awaiting-record open", SECOND) },
      {
        at: "1d 0:16",
        tells: [
          ...each("findings critical unrecorded open", FIRST),
          ...each("findings notice awaiting-record resolved", FIRST),
        ],
      },
      {
        at: "1d 0:29",
        tells: [
          ...each("findings critical unrecorded open", SECOND),
          ...each("findings notice awaiting-record resolved", SECOND),
        ],
      },
      { at: "2d 0:00", tells: [], stands: all("unrecorded listed", [...FIRST, ...SECOND]) },
    ],
  });
});
