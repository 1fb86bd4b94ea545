import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "num2words";
const [FIRST, SECOND] = [both(P, "0.5.15"), both(P, "0.5.16")];

/** Says of every open finding that somebody has seen it. */
async function acknowledgeAll(s: Scene): Promise<void> {
  for (const { id } of await s.world.findings(P))
    await s.ask(`/v1/projects/${P}/findings/${id}/acknowledge`, s.keysOf(P).maintainer, { note: "seen" });
}

describe("num2words, 28 July 2025: 0.5.15 by a phished account, taken down, and 0.5.16 the same day", () => {
  replay("the second is not swallowed by what was said of the first", {
    project: P,
    policy: { strict: true },
    course: [
      {
        at: "0:00",
        happens: "0.5.14 is released as ever",
        does: (s) => s.release(P, "0.5.14", both(P, "0.5.14")),
      },
      { at: "1d 0:00", happens: "0.5.15 by the thief", does: (s) => s.upload(P, "0.5.15", FIRST, malware) },
      { at: "1d 0:01", tells: each("findings critical unrecorded open", FIRST), asked: { file: 4 } },
      { at: "1d 0:30", happens: "the owner sees it", does: acknowledgeAll },
      { at: "1d 0:40", happens: "and removes it", does: (s) => s.index.removeRelease(P, "0.5.15") },
      {
        at: "1d 0:41",
        tells: each("findings notice removed open", FIRST),
        stands: all("unrecorded removed", FIRST),
      },
      { at: "1d 1:00", happens: "the owner acknowledges all", does: acknowledgeAll },
      { at: "1d 3:00", happens: "0.5.16 by the thief", does: (s) => s.upload(P, "0.5.16", SECOND, malware) },
      {
        at: "1d 3:01",
        tells: each("findings critical unrecorded open", SECOND),
        stands: { ...all("unrecorded listed", SECOND), ...all("unrecorded removed", FIRST) },
        asked: { file: 2 },
      },
      { at: "1d 5:00", happens: "PyPI removes it", does: (s) => s.index.removeRelease(P, "0.5.16") },
      { at: "3d 0:00", tells: each("findings notice removed open", SECOND) },
    ],
  });
});
