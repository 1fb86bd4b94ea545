import assert from "node:assert/strict";
import { describe } from "node:test";
import { sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";

const P = "parse";
const [OLD, NEW] = [sdist(P, "1.19.0"), wheel(P, "1.19.0")];

describe("parse 1.19.0, 17 June 2023: the developer adds a wheel to a release of 2021", () => {
  replay("an unrecorded file on an old release is critical, and is over when the developer records it", {
    project: P,
    before: (s) => s.upload(P, "1.19.0", [OLD]),
    course: [
      { at: "0:00", tells: [], stands: { [OLD]: "baseline listed" } },
      { at: "2d 0:00", happens: "a wheel for it is uploaded", does: (s) => s.upload(P, "1.19.0", [NEW]) },
      { at: "2d 0:01", tells: [`findings notice awaiting-record open ${NEW}`], asked: { file: 1 } },
      {
        at: "2d 0:16",
        tells: [
          `findings notice awaiting-record resolved ${NEW}`,
          `findings critical unrecorded open ${NEW}`,
        ],
        stands: { [OLD]: "baseline listed", [NEW]: "unrecorded listed" },
      },
      {
        at: "2d 9:00",
        happens: "the developer reads it and records the wheel",
        does: (s) => s.record(P, [NEW]),
      },
      {
        at: "2d 9:01",
        tells: [`findings critical unrecorded resolved ${NEW}`],
        stands: { [OLD]: "baseline listed", [NEW]: "match listed" },
        also: (s) => assert.match(s.alert("unrecorded", NEW).text, /recorded/),
      },
      { at: "4d 0:00", tells: [] },
    ],
  });

  replay("a strict watcher is paged at once", {
    project: P,
    policy: { strict: true },
    before: (s) => s.upload(P, "1.19.0", [OLD]),
    course: [
      { at: "2d 0:00", happens: "a wheel for it is uploaded", does: (s) => s.upload(P, "1.19.0", [NEW]) },
      { at: "2d 0:01", tells: [`findings critical unrecorded open ${NEW}`], asked: { file: 1 } },
      { at: "4d 0:00", tells: [] },
    ],
  });
});
