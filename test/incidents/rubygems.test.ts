import assert from "node:assert/strict";
import { describe } from "node:test";
import { both, sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "lantern";
const [SDIST, WHEEL, BOTH] = [sdist(P, "1.0"), wheel(P, "1.0"), both(P, "1.0")];

describe("RubyGems, CVE-2023-40165: the bytes of a release are replaced in the bucket, and nothing says so", () => {
  for (const [who, recorded] of [
    ["a recorded file", true],
    ["a file that nobody recorded", false],
  ] as const)
    replay(`${who} is found replaced by the re-hash alone, within its week`, {
      project: P,
      ...(recorded ? {} : { before: (s) => s.upload(P, "1.0", BOTH) }),
      course: [
        {
          at: "0:00",
          happens: "a release as ever",
          does: (s) => (recorded ? s.release(P, "1.0", BOTH) : undefined),
        },
        { at: "0:30", tells: [], stands: { [SDIST]: `${recorded ? "match" : "baseline"} listed` } },
        {
          at: "2d 3:00",
          happens: "other bytes are put under the old address; index and journal are untouched",
          does: (s) => s.index.faults.swapBytes(SDIST, Buffer.from(malware(SDIST))),
        },
        {
          at: "9d 4:00",
          tells: [`findings critical replaced open ${SDIST}`],
          stands: { [SDIST]: "replaced listed", [WHEEL]: `${recorded ? "match" : "baseline"} listed` },
          asked: { file: 4 },
          also: async (s) => {
            const kept = await s.world.host.ports.evidence.list(P, SDIST);
            assert.ok(kept.length > 0, "the foreign bytes are kept");
          },
        },
        { at: "20d 0:00", tells: [] },
      ],
    });
});

describe("RubyGems, CVE-2022-29176: a release is taken away and comes back with other bytes", () => {
  replay("removed is told, and critically that the name is back with another digest", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", BOTH) },
      { at: "0:30", tells: [], stands: { [SDIST]: "match listed" }, asked: { file: 2 } },
      {
        at: "3d 0:00",
        happens: "somebody yanks the sdist away",
        does: (s) => {
          s.index.faults.hide(SDIST);
          s.index.addJournalRow({ name: P, version: "1.0", action: `remove file ${SDIST}` });
        },
      },
      {
        at: "3d 0:05",
        tells: [`findings warning removed open ${SDIST}`],
        stands: { [SDIST]: "match removed" },
      },
      {
        at: "3d 0:20",
        happens: "and uploads another under its name",
        does: (s) => {
          s.index.faults.rewrite(SDIST, Buffer.from(malware(SDIST)));
          s.index.faults.show(SDIST);
          s.index.addJournalRow({ name: P, version: "1.0", action: `add source file ${SDIST}` });
        },
      },
      {
        at: "3d 0:25",
        tells: [`findings critical reappeared open ${SDIST}`, `findings critical substituted open ${SDIST}`],
        stands: { [SDIST]: "substituted reappeared", [WHEEL]: "match listed" },
        asked: { file: 1 },
      },
      { at: "9d 0:00", tells: [] },
    ],
  });
});
