import { describe } from "node:test";
import { all, both } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "lantern";
const BOTH = both(P, "1.0");
const POISON = "lantern-1.0-cp312-cp312-manylinux_2_17_x86_64.whl";

describe("a poisoned wheel is added to a release that everybody trusts (PyPI closed releases to it in July 2026)", () => {
  replay(
    "a file that installers prefer to the genuine ones is critical, and what is genuine is not touched",
    {
      project: P,
      course: [
        { at: "0:00", happens: "1.0 as ever", does: (s) => s.release(P, "1.0", BOTH) },
        { at: "13d 0:00", tells: [], stands: all("match listed", BOTH), asked: { file: 4 } },
        {
          at: "13d 0:10",
          happens: "one more wheel, with no new release in the journal",
          does: (s) => s.upload(P, "1.0", [POISON], malware),
        },
        { at: "13d 0:11", tells: [`findings notice awaiting-record open ${POISON}`], asked: { file: 1 } },
        {
          at: "13d 0:26",
          tells: [
            `findings notice awaiting-record resolved ${POISON}`,
            `findings critical unrecorded open ${POISON}`,
          ],
          stands: { ...all("match listed", BOTH), [POISON]: "unrecorded listed" },
        },
        { at: "20d 0:00", tells: [] },
      ],
    },
  );

  replay("so it is where the watcher records nothing at all", {
    project: P,
    before: (s) => s.upload(P, "1.0", BOTH),
    course: [
      { at: "2d 0:00", tells: [], stands: all("baseline listed", BOTH), asked: { file: 2 } },
      { at: "2d 0:10", happens: "one more wheel", does: (s) => s.upload(P, "1.0", [POISON], malware) },
      {
        at: "2d 0:30",
        tells: [
          `findings notice awaiting-record open ${POISON}`,
          `findings notice awaiting-record resolved ${POISON}`,
          `findings critical unrecorded open ${POISON}`,
        ],
      },
      { at: "9d 0:00", tells: [], stands: all("baseline listed", BOTH) },
    ],
  });
});
