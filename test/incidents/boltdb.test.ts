import assert from "node:assert/strict";
import { describe } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { VerifyAnswer } from "../../functions/records/answers/verify.ts";
import { all, both } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "boltdb";
const FILES = both(P, "1.3.1");
const SUMS = FILES.map((file) => `${hexOf(sha256(malware(file)))}  ${file}\n`).join("");

describe("boltdb-go, 2021 to 2025: what was seen first was malicious already", () => {
  replay("what was merely seen first is nowhere shown as verified", {
    project: P,
    before: (s) => s.upload(P, "1.3.1", FILES, malware),
    course: [
      {
        at: "30d 0:00",
        tells: [],
        stands: all("baseline listed", FILES),
        asked: { file: 4, "simple-project": 20 },
        also: async (s) => {
          const rows = await s.world.rows(P);
          assert.deepEqual(
            rows.map(({ authority }) => authority),
            ["first-seen", "first-seen"],
          );
          const path = `/v1/projects/${P}/verify`;
          const { files } = await s.ask<VerifyAnswer>(path, s.world.operatorKey, SUMS);
          assert.deepEqual(
            files.map(({ answer }) => answer),
            ["unrecorded", "unrecorded"],
          );
          for (const { why } of files)
            assert.match(why, /published before the watch began, and nobody confirmed it/);
          assert.doesNotMatch(JSON.stringify([rows, files]), /verified|"ok"|match/i);
        },
      },
    ],
  });
});
