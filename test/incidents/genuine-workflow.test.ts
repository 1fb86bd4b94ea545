import assert from "node:assert/strict";
import { describe } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { VerifyAnswer } from "../../functions/records/answers/verify.ts";
import { all, both, each, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

/** What somebody reads who holds the poisoned file and asks about it. */
async function answerFor(s: Scene, project: string, file: string) {
  const line = `${hexOf(sha256(malware(file)))}  ${file}\n`;
  const path = `/v1/projects/${project}/verify`;
  const { files } = await s.ask<VerifyAnswer>(path, s.keysOf(project).maintainer, line);
  const [answer] = files;
  assert.ok(answer);
  return answer;
}

/** The build was poisoned before anything was hashed: the workflow itself records and publishes the bad bytes. */
const poisoned = (project: string, version: string) => async (s: Scene) => {
  const files = both(project, version);
  await s.record(project, files, "ci", malware);
  s.upload(project, version, files, malware);
};

for (const [incident, project, good, bad] of [
  ["Ultralytics 8.3.41, December 2024: a poisoned build cache", "ultralytics", "8.3.40", "8.3.41"],
  [
    "elementary-data 0.23.3, April 2026: a script injected into the workflow",
    "elementary-data",
    "0.23.2",
    "0.23.3",
  ],
] as const)
  describe(`${incident}, published by the project's own workflow`, () => {
    const [before, after] = [both(project, good), both(project, bad)];

    replay("where only CI records, it matches what CI said, and is never called more than that", {
      project,
      course: [
        { at: "0:00", happens: "a release as ever", does: (s) => s.release(project, good, before, "ci") },
        { at: "1d 0:00", happens: "the poisoned release", does: poisoned(project, bad) },
        {
          at: "2d 0:00",
          tells: [],
          stands: all("match listed", [...before, ...after]),
          asked: { file: 4 },
          also: async (s) => {
            const { answer, why, enrolments } = await answerFor(s, project, sdist(project, bad));
            assert.deepEqual([answer, enrolments[0]?.authority], ["ok", "ci"]);
            assert.match(
              why,
              /^Matches what CI recorded at .*; no maintainer has confirmed it\. Would not have caught: whoever holds that CI/,
            );
            assert.doesNotMatch(JSON.stringify(enrolments), /verified/i);
          },
        },
      ],
    });

    replay("where a maintainer records outside of CI, CI's word does not silence", {
      project,
      course: [
        { at: "0:00", happens: "a release as ever", does: (s) => s.release(project, good, before) },
        { at: "1d 0:00", happens: "the poisoned release", does: poisoned(project, bad) },
        {
          at: "1d 0:20",
          tells: [
            ...each("findings notice awaiting-record open", after),
            ...each("findings notice awaiting-record resolved", after),
            ...each("findings critical unrecorded open", after),
          ],
          stands: all("unrecorded listed", after),
          also: async (s) => {
            const { text } = s.alert("unrecorded", sdist(project, bad));
            assert.match(text, /CI recorded this digest/);
            assert.equal((await answerFor(s, project, sdist(project, bad))).answer, "unrecorded");
          },
        },
        { at: "2d 0:00", tells: [] },
      ],
    });

    replay("where the maintainer's own build had been recorded, the workflow's differs", {
      project,
      course: [
        { at: "0:00", happens: "a release as ever", does: (s) => s.release(project, good, before) },
        { at: "1d 0:00", happens: "built at home and recorded", does: (s) => s.record(project, after) },
        { at: "1d 0:10", happens: "the poisoned release", does: poisoned(project, bad) },
        {
          at: "1d 0:11",
          tells: [
            ...each("findings critical mismatch open", after),
            ...each("findings warning record-contested open", after),
          ],
          stands: all("mismatch listed", after),
        },
        { at: "2d 0:00", tells: [] },
      ],
    });
  });
