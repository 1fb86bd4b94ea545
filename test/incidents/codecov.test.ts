import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, both, sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "uploader";
const [SDIST, WHEEL, BOTH] = [sdist(P, "1.0"), wheel(P, "1.0"), both(P, "1.0")];

describe("Codecov's uploader, 31 January to 1 April 2021: altered in the bucket from time to time", () => {
  replay("the first look at altered bytes is a finding, which outlives their restoring, evidence and all", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", BOTH) },
      { at: "0:30", tells: [], stands: all("match listed", BOTH), asked: { file: 2 } },
      {
        at: "1d 0:00",
        happens: "altered",
        does: (s) => s.index.faults.swapBytes(SDIST, Buffer.from(malware(SDIST))),
      },
      {
        at: "8d 0:00",
        tells: [`findings critical replaced open ${SDIST}`],
        stands: { [SDIST]: "replaced listed", [WHEEL]: "match listed" },
        asked: { file: 3 },
      },
      { at: "8d 1:00", happens: "restored", does: (s) => s.index.faults.restoreBytes(SDIST) },
      {
        at: "20d 0:00",
        tells: [],
        stands: all("match listed", BOTH),
        asked: { file: 2 },
        also: async (s) => {
          const open = (await s.world.findings(P)).filter(({ state }) => state === "open");
          assert.deepEqual(
            open.map(({ verdict }) => verdict),
            ["replaced"],
          );
          const kept = await s.world.host.ports.evidence.list(P, SDIST);
          assert.deepEqual(
            kept.map(({ whole }) => whole),
            [true],
          );
        },
      },
      {
        at: "21d 0:00",
        happens: "altered again, otherwise",
        does: (s) => s.index.faults.swapBytes(SDIST, Buffer.from("yet another")),
      },
      { at: "29d 0:00", tells: [`findings critical replaced open ${SDIST}`], asked: { file: 3 } },
    ],
  });
});
