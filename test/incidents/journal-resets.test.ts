import { describe } from "node:test";
import { restartCursor } from "../../functions/feed/restart.ts";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "lantern";
const [OLD, NEW, BAD] = [both(P, "1.0"), both(P, "1.1"), both(P, "1.2")];

/** What `counterfoil cursor restart` does. */
const restart = ({ world: { host, clock } }: Scene) =>
  restartCursor({ ...host.ports, journal: host.ports.index.journal, clock }, "operator");

/** Many rows about everybody else, as between two backups. */
const traffic = (s: Scene): void => s.index.seedJournal(40);

describe("a journal that goes back (npm's sequence reset)", () => {
  replay("an old copy for an hour: health says so, and what came meanwhile is judged when it passes", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", OLD) },
      { at: "0:30", tells: [], stands: all("match listed", OLD), asked: { file: 2 } },
      {
        at: "1d 0:00",
        happens: "readers are sent to an old copy",
        does: (s) => s.index.faults.journalFallsTo(41_000_002),
      },
      { at: "1d 0:01", tells: ["health warning journal-went-back open the monitor"] },
      { at: "1d 0:20", happens: "one release by the developer", does: (s) => s.release(P, "1.1", NEW) },
      { at: "1d 0:30", happens: "one by a thief", does: (s) => s.upload(P, "1.2", BAD, malware) },
      { at: "1d 1:00", happens: "the copy is taken out", does: (s) => s.index.faults.mendAll() },
      {
        at: "1d 1:05",
        tells: [
          "health warning journal-went-back resolved the monitor",
          ...each("findings critical unrecorded open", BAD),
        ],
        stands: { ...all("match listed", [...OLD, ...NEW]), ...all("unrecorded listed", BAD) },
        asked: { file: 4 },
      },
      { at: "4d 0:00", tells: [] },
    ],
  });

  replay("rows lost for good: the operator begins a new epoch, and every file is found by looking", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", OLD) },
      { at: "0:10", happens: "others publish, too", does: traffic },
      { at: "0:30", tells: [], stands: all("match listed", OLD), asked: { file: 2 } },
      {
        at: "1d 0:00",
        happens: "the index comes back from a backup of before that",
        does: (s) => s.index.faults.journalRestoredTo((s.index.journal.head() ?? 0) - 40),
      },
      { at: "1d 0:05", tells: ["health warning journal-went-back open the monitor"] },
      {
        at: "1d 0:20",
        happens: "the developer and a thief publish under serials that were used before",
        does: async (s) => {
          await s.release(P, "1.1", NEW);
          s.upload(P, "1.2", BAD, malware);
        },
      },
      { at: "1d 2:00", happens: "the operator begins a new epoch", does: restart },
      {
        at: "1d 2:10",
        tells: [
          "health warning journal-went-back resolved the monitor",
          ...each("findings critical unrecorded open", BAD),
        ],
        stands: { ...all("match listed", NEW), ...all("unrecorded listed", BAD) },
        asked: { file: 4, "simple-project": 1 },
      },
      { at: "1d 6:00", happens: "all is as ever", does: (s) => s.release(P, "1.3", both(P, "1.3")) },
      {
        at: "1d 6:01",
        // No critical word: nobody read the journal while they came, and each says so.
        tells: each("findings warning unannounced open", [...NEW, ...BAD]),
        stands: all("match listed", [...OLD, ...both(P, "1.3")]),
      },
      { at: "9d 0:00", tells: [] },
    ],
  });
});
