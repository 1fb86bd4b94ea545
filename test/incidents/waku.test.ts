import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";

const P = "waku-agent";
const FILES = both(P, "0.1.3");

describe("waku-agent 0.1.3: tagged, built, recorded, and not uploaded for four weeks", () => {
  replay("it is missing after a day, once, and over when it comes", {
    project: P,
    course: [
      { at: "0:00", happens: "built and recorded", does: (s) => s.record(P, FILES) },
      { at: "0d 23:00", tells: [], stands: all("null expected", FILES), asked: { "simple-project": 2 } },
      {
        at: "1d 1:00",
        tells: each("findings warning missing open", FILES),
        stands: all("null missing", FILES),
      },
      { at: "28d 0:00", tells: [], asked: { "simple-project": 20 } },
      { at: "28d 0:01", happens: "uploaded at last", does: (s) => s.upload(P, "0.1.3", FILES) },
      {
        at: "28d 0:05",
        tells: each("findings warning missing resolved", FILES),
        stands: all("match listed", FILES),
        asked: { file: 2 },
      },
      { at: "30d 0:00", tells: [] },
    ],
  });
});
