import assert from "node:assert/strict";
import { describe } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { VerifyAnswer } from "../../functions/records/answers/verify.ts";
import { all, both, sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";
import { genuine, malware, type Scene } from "./scene.ts";

const P = "wcwidth";
const [SDIST, WHEEL, BOTH] = [sdist(P, "0.2.6"), wheel(P, "0.2.6"), both(P, "0.2.6")];
const sums = (making: typeof genuine): string =>
  BOTH.map((file) => `${hexOf(sha256(making(file)))}  ${file}\n`).join("");

async function answers(s: Scene, lines: string): Promise<readonly (readonly string[])[]> {
  const { files } = await s.ask<VerifyAnswer>(`/v1/projects/${P}/verify`, s.world.operatorKey, lines);
  return files.map(({ file, answer, published }) => [file, answer, published]);
}

describe("wcwidth 0.2.6, January 2023: the sdist one day, the wheel the next, and users cry tampering", () => {
  replay("one question about both files is answered: both are the developer's", {
    project: P,
    course: [
      { at: "0:00", happens: "the developer builds and records both", does: (s) => s.record(P, BOTH) },
      { at: "0:05", happens: "the sdist is uploaded", does: (s) => s.upload(P, "0.2.6", [SDIST]) },
      {
        at: "0:06",
        tells: [],
        stands: { [SDIST]: "match listed", [WHEEL]: "null expected" },
        asked: { file: 1 },
      },
      { at: "0d 23:00", happens: "the wheel is uploaded", does: (s) => s.upload(P, "0.2.6", [WHEEL]) },
      {
        at: "0d 23:01",
        tells: [],
        stands: all("match listed", BOTH),
        asked: { file: 1 },
        also: async (s) => {
          assert.deepEqual(await answers(s, sums(genuine)), [
            [SDIST, "ok", "same"],
            [WHEEL, "ok", "same"],
          ]);
          assert.deepEqual(await answers(s, sums(malware)), [
            [SDIST, "differs", "other"],
            [WHEEL, "differs", "other"],
          ]);
        },
      },
      { at: "3d 0:00", tells: [] },
    ],
  });
});
