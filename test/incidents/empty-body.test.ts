import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";

const P = "mcap";
const FILES = both(P, "1.2.0");

for (const [incident, how] of [
  ["an edge answers 200 and no byte (warehouse#5605)", { kind: "empty" }],
  ["a box on the way packs everything anew (mcap#1070)", { kind: "gzip" }],
  ["a box on the way sends everybody to its own page", { kind: "redirect", to: "http://127.0.0.1:9/login" }],
  ["a box on the way answers for the index", { kind: "content-type", type: "text/html" }],
] as const)
  describe(incident, () => {
    replay("what was never had is not called substituted, and is judged once it comes", {
      project: P,
      policy: { strict: true },
      course: [
        {
          at: "0:00",
          happens: "a release, while nothing gets through",
          does: async (s) => {
            await s.release(P, "1.2.0", FILES);
            s.index.faults.spoil({ route: how.kind === "content-type" ? "simple-project" : "file" }, how);
          },
        },
        {
          at: "0:30",
          tells: how.kind === "content-type" ? [] : each("health notice unverifiable open", FILES),
          stands: all(how.kind === "content-type" ? "null expected" : "unverifiable listed", FILES),
          asked: { "simple-project": 2, ...(how.kind === "content-type" ? {} : { file: 4 }) },
        },
        { at: "0:30:30", happens: "the way is free again", does: (s) => s.index.faults.mendAll() },
        {
          at: "2:00",
          tells: how.kind === "content-type" ? [] : each("health notice unverifiable resolved", FILES),
          stands: all("match listed", FILES),
          asked: { file: 2 },
        },
        { at: "2d 0:00", tells: [] },
      ],
    });
  });
