import assert from "node:assert/strict";
import { describe } from "node:test";
import { all, both, each, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

const P = "atomicwrites";
const VERSIONS = ["1.3.0", "1.4.0", "1.4.1"] as const;
const ALL = VERSIONS.flatMap((version) => both(P, version));
const BAD = sdist(P, "1.4.2");

describe("atomicwrites, PySimpleGUI, python-sonarqube-api: every release deleted at one blow", () => {
  replay("each file is told once, by version, and what was kept of a bad one is still there", {
    project: P,
    policy: { strict: true },
    course: [
      {
        at: "0:00",
        happens: "three releases as ever",
        does: async (s) => {
          for (const version of VERSIONS) await s.release(P, version, both(P, version));
        },
      },
      { at: "0:30", tells: [], stands: all("match listed", ALL), asked: { file: 6 } },
      {
        at: "1d 0:00",
        happens: "an upload that nobody recorded",
        does: (s) => s.upload(P, "1.4.2", [BAD], malware),
      },
      { at: "1d 0:05", tells: [`findings critical unrecorded open ${BAD}`] },
      { at: "30d 0:00", happens: "the project is deleted", does: (s) => s.index.removeProject(P) },
      {
        at: "30d 0:05",
        tells: [...each("findings warning removed open", ALL), `findings notice removed open ${BAD}`],
        stands: { ...all("match removed", ALL), [BAD]: "unrecorded removed" },
        asked: { "simple-project": 1 },
        also: async (s) => assert.equal((await s.world.host.ports.evidence.list(P, BAD)).length, 1),
      },
      { at: "40d 0:00", tells: [] },
    ],
  });

  replay("files that go with no word in the journal have vanished, each told once", {
    project: P,
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.4.1", both(P, "1.4.1")) },
      { at: "0:30", tells: [], stands: all("match listed", both(P, "1.4.1")), asked: { file: 2 } },
      {
        at: "2d 0:00",
        happens: "both leave the page",
        does: (s) => {
          for (const file of both(P, "1.4.1")) s.index.faults.hide(file);
        },
      },
      {
        at: "3d 6:00",
        tells: each("findings critical vanished open", both(P, "1.4.1")),
        stands: all("match vanished", both(P, "1.4.1")),
        asked: { "simple-project": 2 },
      },
      { at: "9d 0:00", tells: [] },
    ],
  });
});

describe("a project that PyPI quarantines: its page is empty, and nothing was removed", () => {
  const listed = both(P, "1.4.1");

  for (const [what, begin, end] of [
    ["the whole project", "quarantineProject", "clearProjectQuarantine"],
    ["one release", "quarantineRelease", "clearReleaseQuarantine"],
  ] as const)
    replay(`no file of ${what} is told, while it lasts and when it ends`, {
      project: P,
      policy: { strict: true },
      course: [
        { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.4.1", listed) },
        { at: "0:30", tells: [], stands: all("match listed", listed), asked: { file: 2 } },
        { at: "1d 0:00", happens: "quarantined", does: (s) => s.index[begin](P, "1.4.1") },
        {
          at: "1d 0:05",
          tells: [`findings notice quarantined open ${P}`],
          stands: all("match hidden", listed),
          asked: { "simple-project": 1 },
        },
        { at: "4d 0:00", tells: [], stands: all("match hidden", listed), asked: { "simple-project": 2 } },
        { at: "4d 1:00", happens: "cleared", does: (s) => s.index[end](P, "1.4.1") },
        { at: "4d 1:05", tells: [], stands: all("match listed", listed), asked: { "simple-project": 1 } },
        { at: "9d 0:00", tells: [] },
      ],
    });
});
