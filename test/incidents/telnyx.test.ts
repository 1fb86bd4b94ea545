import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const [FIRST, SECOND] = [both("litellm", "1.82.7"), both("telnyx", "4.87.1")];

describe("telnyx, 27 March 2026: three days after LiteLLM, by the same hands", () => {
  replay("an open finding of one project swallows nothing of the other's", {
    project: "litellm",
    policy: { strict: true },
    course: [
      {
        at: "0:00",
        happens: "both projects are watched, and release as ever",
        does: async (s) => {
          await s.watch("telnyx", { strict: true });
          await s.release("litellm", "1.82.6", both("litellm", "1.82.6"));
          await s.release("telnyx", "4.87.0", both("telnyx", "4.87.0"));
        },
      },
      { at: "1:00", tells: [], asked: { file: 4 }, stands: all("match listed", both("litellm", "1.82.6")) },
      {
        at: "1d 0:00",
        happens: "the first project is hit",
        does: (s) => s.upload("litellm", "1.82.7", FIRST, malware),
      },
      { at: "1d 0:01", tells: each("findings critical unrecorded open", FIRST) },
      {
        at: "4d 0:00",
        happens: "the second project is hit",
        does: (s) => s.upload("telnyx", "4.87.1", SECOND, malware),
      },
      { at: "4d 0:01", tells: each("findings critical unrecorded open", SECOND), asked: { file: 2 } },
      {
        at: "4d 3:42",
        happens: "PyPI removes what the thief uploaded",
        does: (s) => s.index.removeRelease("telnyx", "4.87.1"),
      },
      { at: "5d 0:00", tells: each("findings notice removed open", SECOND) },
    ],
  });
});
