import { describe } from "node:test";
import { both, sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "lantern";
const [SDIST, WHEEL, BOTH] = [sdist(P, "1.0"), wheel(P, "1.0"), both(P, "1.0")];
const PLANTED = sdist(P, "1.1");

/** Index and bytes change together, and the journal has no word of it. */
const rewrite = (s: Scene): void => s.index.faults.rewrite(SDIST, Buffer.from(malware(SDIST)));

describe("a whole index in other hands (PEP 480's threat): digest, bytes and journal all lie together", () => {
  replay("a recorded file is substituted at the next look at its page, and turning back ends nothing", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", BOTH) },
      { at: "0:30", tells: [], stands: { [SDIST]: "match listed" }, asked: { file: 2 } },
      { at: "2d 0:00", happens: "the index changes it", does: rewrite },
      {
        at: "3d 1:00",
        tells: [`findings critical substituted open ${SDIST}`],
        stands: { [SDIST]: "substituted listed", [WHEEL]: "match listed" },
        asked: { file: 1, "simple-project": 1 },
      },
      { at: "9d 0:00", tells: [], stands: { [SDIST]: "substituted listed" } },
    ],
  });

  replay("so is one that nobody ever recorded, by the monitor's memory alone", {
    project: P,
    before: (s) => s.upload(P, "1.0", BOTH),
    course: [
      { at: "0:30", tells: [], stands: { [SDIST]: "baseline listed" }, asked: { file: 2 } },
      { at: "2d 0:00", happens: "the index changes it", does: rewrite },
      {
        at: "3d 1:00",
        tells: [`findings critical substituted open ${SDIST}`],
        stands: { [SDIST]: "substituted listed", [WHEEL]: "baseline listed" },
        asked: { file: 1 },
      },
      { at: "9d 0:00", tells: [] },
    ],
  });

  replay("a release that the journal leaves out is found on the page, and told as never announced", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", BOTH) },
      { at: "0:30", tells: [], stands: { [SDIST]: "match listed" } },
      {
        at: "2d 0:00",
        happens: "a release with no row in the journal",
        does: (s) => {
          const before = s.index.journal.head() ?? 0;
          s.upload(P, "1.1", [PLANTED], malware);
          s.index.journal.withhold((row) => row.serial > before);
        },
      },
      {
        at: "3d 6:00",
        tells: [
          `findings notice awaiting-record open ${PLANTED}`,
          `findings notice awaiting-record resolved ${PLANTED}`,
          `findings critical unrecorded open ${PLANTED}`,
          `findings critical unannounced open ${PLANTED}`,
        ],
        stands: { [PLANTED]: "unrecorded unannounced", [SDIST]: "match listed" },
        asked: { file: 1 },
      },
      { at: "9d 0:00", tells: [] },
    ],
  });

  replay("a rewritten page of a file that the attacker also records is critical, and names the record", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", BOTH) },
      { at: "0:30", tells: [], stands: { [SDIST]: "match listed" } },
      {
        at: "2d 0:00",
        happens: "the index changes it, and a stolen key records the new bytes",
        does: async (s) => {
          rewrite(s);
          await s.record(P, [SDIST], "maintainer", malware);
        },
      },
      {
        at: "3d 1:00",
        tells: [
          `findings critical substituted open ${SDIST}`,
          `findings warning record-contested open ${SDIST}`,
        ],
        stands: { [SDIST]: "substituted listed" },
      },
      { at: "9d 0:00", tells: [] },
    ],
  });
});
