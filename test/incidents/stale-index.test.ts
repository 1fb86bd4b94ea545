import { describe } from "node:test";
import { all, type Step, sdist, wheel } from "./course.ts";
import { replay } from "./replay.ts";

const P = "rapid";
const FILES = [sdist(P, "2.0"), wheel(P, "2.0"), "rapid-2.0-cp312-cp312-win_amd64.whl"];
const [FIRST = "", SECOND = "", THIRD = ""] = FILES;

describe("warehouse#12214: three uploads in a row, and the page is served from before the last", () => {
  for (const hours of [1, 4])
    replay(
      `a page that lags for ${hours === 1 ? "forty minutes" : "hours"} accuses nobody of hiding a file`,
      {
        project: P,
        policy: { strict: true, deadlines: { unseenMinutes: hours * 60 } },
        course: [
          { at: "0:00", happens: "three files are recorded", does: (s) => s.record(P, FILES) },
          {
            at: "0:01",
            happens: "two are uploaded; there the page stops",
            does: (s) => {
              s.upload(P, "2.0", [FIRST, SECOND]);
              s.index.faults.freezePage(P);
            },
          },
          { at: "0:01:02", happens: "and the third", does: (s) => s.upload(P, "2.0", [THIRD]) },
          {
            at: hours === 1 ? "0:40" : "3:40",
            tells: [],
            stands: { ...all("match listed", [FIRST, SECOND]), [THIRD]: "null expected" },
            asked: { "simple-project": 5, file: 2 },
          },
          {
            at: hours === 1 ? "0:41" : "3:41",
            happens: "the page is purged",
            does: (s) => s.index.faults.thawPage(P),
          },
          {
            at: hours === 1 ? "0:52" : "3:52",
            tells: [],
            stands: all("match listed", FILES),
            asked: { file: 1 },
          },
          { at: "2d 0:00", tells: [] },
        ],
      },
    );

  replay("a page that lags beyond the deadline is told of, and is over when the file shows", {
    project: P,
    course: [
      { at: "0:00", happens: "recorded", does: (s) => s.record(P, FILES) },
      {
        at: "0:01",
        happens: "uploaded",
        does: (s) => {
          s.upload(P, "2.0", [FIRST, SECOND]);
          s.index.faults.freezePage(P);
          s.upload(P, "2.0", [THIRD]);
        },
      },
      { at: "0:59", tells: [], asked: { "simple-project": 5 } },
      { at: "1:10", tells: [`findings warning unseen open ${THIRD}`], stands: { [THIRD]: "null unseen" } },
      { at: "3:00", happens: "the page is purged", does: (s) => s.index.faults.thawPage(P) },
      {
        at: "5:00",
        tells: [`findings warning unseen resolved ${THIRD}`],
        stands: all("match listed", FILES),
      },
      { at: "2d 0:00", tells: [] },
    ],
  });
});

describe("uploads of many files in quick succession", () => {
  const many = Array.from(
    { length: 12 },
    (_, each) => `rapid-3.0-cp3${each + 3}-cp3${each + 3}-win_amd64.whl`,
  );

  /** Five seconds after the one before; two of three times the page is left behind. */
  const uploadOf = (file: string, each: number): Step => ({
    at: `0:01:${String(each * 5).padStart(2, "0") as `${number}`}`,
    happens: `${file} is uploaded`,
    does: (s) => {
      if (each % 3 === 1) s.index.faults.freezePage(P);
      if (each % 3 === 0) s.index.faults.thawPage(P);
      s.upload(P, "3.0", [file]);
    },
  });

  replay(
    "each of a dozen files, five seconds apart with pages that lag, ends as a match and nobody is told",
    {
      project: P,
      policy: { strict: true },
      course: [
        { at: "0:00", happens: "recorded", does: (s) => s.record(P, many) },
        ...many.map(uploadOf),
        { at: "0:10", happens: "the page is purged", does: (s) => s.index.faults.thawPage(P) },
        { at: "0:30", tells: [], stands: all("match listed", many), asked: { file: 12 } },
        { at: "2d 0:00", tells: [] },
      ],
    },
  );
});
