import { describe } from "node:test";
import { all, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import { malware } from "./scene.ts";

/** What was there before, what came, and whether the next number would have been it. */
const UPLOADS = [
  ["exotel", "0.1.5", "0.1.6"],
  ["spam", "2.0.1", "2.0.2"],
  ["spam", "2.0.1", "4.0.2"],
  ["deep-translator", "1.8.4", "1.8.5"],
] as const;
const PROJECTS = [...new Set(UPLOADS.map(([project]) => project))];

describe("exotel, spam, deep-translator, August 2022: maintainers phished, versions as they come or far ahead", () => {
  replay("where nobody ever recorded anything, each upload is told at once and again when grace ends", {
    project: "exotel",
    before: (s) => {
      for (const [project, before] of UPLOADS) s.upload(project, before, [sdist(project, before)]);
    },
    course: [
      {
        at: "0:00",
        happens: "the others are watched, too",
        does: async (s) => {
          for (const project of PROJECTS.slice(1)) await s.watch(project);
        },
      },
      {
        at: "1:00",
        tells: [],
        stands: all("baseline listed", [sdist("exotel", "0.1.5")]),
        asked: { file: 2 },
      },
      {
        at: "1d 0:00",
        happens: "the uploads",
        does: (s) => {
          for (const [project, , version] of UPLOADS)
            s.upload(project, version, [sdist(project, version)], malware);
        },
      },
      {
        at: "1d 0:01",
        tells: UPLOADS.map(
          ([project, , version]) => `findings notice awaiting-record open ${sdist(project, version)}`,
        ),
        asked: { file: 4 },
      },
      {
        at: "1d 0:16",
        tells: UPLOADS.flatMap(([project, , version]) => [
          `findings notice awaiting-record resolved ${sdist(project, version)}`,
          `findings warning unrecorded open ${sdist(project, version)}`,
        ]),
      },
      {
        at: "1d 6:00",
        happens: "PyPI removes them",
        does: (s) => {
          for (const [project, , version] of UPLOADS) s.index.removeRelease(project, version);
        },
      },
      {
        at: "3d 0:00",
        tells: UPLOADS.map(
          ([project, , version]) => `findings notice removed open ${sdist(project, version)}`,
        ),
        stands: {
          ...all("baseline listed", [sdist("exotel", "0.1.5")]),
          "exotel-0.1.6.tar.gz": "unrecorded removed",
        },
      },
    ],
  });
});
