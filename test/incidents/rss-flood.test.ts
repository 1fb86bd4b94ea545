import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "lantern";
const [OLD, NEW, BAD] = [both(P, "1.0"), both(P, "1.1"), both(P, "1.2")];

/** More new projects than RSS has room for, within one look of it. */
function flood(s: Scene): void {
  for (let spam = 0; spam < 150; spam += 1)
    s.upload(`spam-${spam}`, "1.0", [`spam_${spam}-1.0.tar.gz`], malware);
}

describe("warehouse#9737: a flood of spam pushes everything out of RSS, while the journal is away", () => {
  replay("health says which source stands in, and by the list of projects no file is lost", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.0", OLD) },
      {
        at: "1:00",
        tells: [],
        stands: all("match listed", OLD),
        asked: { file: 2, "rss-updates": 10, "simple-list": 1 },
      },
      {
        at: "1d 0:00",
        happens: "the journal answers nobody any more",
        does: (s) => s.index.faults.spoil({ route: "xmlrpc" }, { kind: "unavailable" }),
      },
      { at: "1d 0:15", tells: ["health warning source-fallback open the monitor"] },
      {
        at: "1d 0:20",
        happens: "the developer and a thief publish, and then the spammers",
        does: async (s) => {
          await s.release(P, "1.1", NEW);
          s.upload(P, "1.2", BAD, malware);
          flood(s);
        },
      },
      {
        at: "1d 1:30",
        tells: each("findings critical unrecorded open", BAD),
        stands: { ...all("match listed", [...OLD, ...NEW]), ...all("unrecorded listed", BAD) },
        asked: { file: 4, "rss-updates": 10, "simple-list": 1 },
      },
      { at: "1d 2:00", happens: "the journal is back", does: (s) => s.index.faults.mendAll() },
      { at: "1d 2:15", tells: ["health warning source-fallback resolved the monitor"] },
      { at: "4d 0:00", tells: [], stands: all("match listed", [...OLD, ...NEW]) },
    ],
  });
});
