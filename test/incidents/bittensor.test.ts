import { describe } from "node:test";
import { all, each, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "bittensor-wallet";
const files = (version: string): readonly string[] => [
  sdist(P, version),
  `bittensor_wallet-${version}-cp312-cp312-macosx_11_0_arm64.whl`,
  `bittensor_wallet-${version}-cp312-cp312-manylinux_2_17_x86_64.whl`,
];
const [SDIST = "", ...WHEELS] = files("4.0.2");

describe("bittensor-wallet 4.0.2, March 2026: a poisoned sdist, and no wheels", () => {
  replay("where the genuine release was recorded, the sdist differs and the wheels are missing", {
    project: P,
    course: [
      { at: "0:00", happens: "4.0.1 as ever", does: (s) => s.release(P, "4.0.1", files("4.0.1")) },
      { at: "0:30", tells: [], stands: all("match listed", files("4.0.1")), asked: { file: 3 } },
      { at: "1d 0:00", happens: "4.0.2 is built and recorded", does: (s) => s.record(P, files("4.0.2")) },
      { at: "1d 2:00", happens: "the thief is first", does: (s) => s.upload(P, "4.0.2", [SDIST], malware) },
      { at: "1d 2:01", tells: [`findings critical mismatch open ${SDIST}`], asked: { file: 1 } },
      {
        at: "2d 0:20",
        tells: each("findings warning missing open", WHEELS),
        stands: { [SDIST]: "mismatch listed", ...all("null missing", WHEELS) },
      },
      { at: "5d 0:00", tells: [] },
    ],
  });

  replay("where nothing was recorded, the sdist alone is told", {
    project: P,
    course: [
      { at: "0:00", happens: "4.0.1 as ever", does: (s) => s.release(P, "4.0.1", files("4.0.1")) },
      { at: "1d 0:00", happens: "a poisoned sdist", does: (s) => s.upload(P, "4.0.2", [SDIST], malware) },
      { at: "1d 0:01", tells: [`findings notice awaiting-record open ${SDIST}`] },
      {
        at: "5d 0:00",
        tells: [
          `findings notice awaiting-record resolved ${SDIST}`,
          `findings critical unrecorded open ${SDIST}`,
        ],
      },
    ],
  });
});
