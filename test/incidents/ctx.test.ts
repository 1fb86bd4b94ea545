import { describe } from "node:test";
import { all, each, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "ctx";
const universal = (version: string): string => `ctx-${version}-py2.py3-none-any.whl`;
const OLD = [sdist(P, "0.1.2"), universal("0.1.2")];
const TAGGED = [universal("0.1.2-1"), sdist(P, "0.1.2-1")];
const upload =
  (version: string, ...files: readonly string[]) =>
  (s: Scene) =>
    s.upload(P, version, files, malware);
const pages = (...files: readonly string[]) => each("findings critical unrecorded open", files);

describe("ctx, May 2022: a dormant project taken over by its owner's expired mail domain", () => {
  replay("a frozen project pages for every upload and for what is removed, old releases and all", {
    project: P,
    policy: { frozen: true },
    before: (s) => s.upload(P, "0.1.2", OLD),
    course: [
      { at: "0:00", tells: [], stands: all("baseline listed", OLD), asked: { xmlrpc: 1 } },
      { at: "0:10", happens: "0.1.4", does: upload("0.1.4", sdist(P, "0.1.4")) },
      { at: "0:11", tells: pages(sdist(P, "0.1.4")) },
      { at: "4:44", happens: "0.2", does: upload("0.2", sdist(P, "0.2")) },
      { at: "5:09", happens: "0.2.1", does: upload("0.2.1", sdist(P, "0.2.1")) },
      { at: "5:36", happens: "0.2.2", does: upload("0.2.2", sdist(P, "0.2.2")) },
      { at: "5:37", tells: pages(sdist(P, "0.2"), sdist(P, "0.2.1"), sdist(P, "0.2.2")) },
      { at: "6d 17:33", happens: "a wheel joins 0.2.2", does: upload("0.2.2", universal("0.2.2")) },
      { at: "6d 17:34", tells: pages(universal("0.2.2")) },
      {
        at: "6d 17:42",
        happens: "the genuine release is removed",
        does: (s) => s.index.removeRelease(P, "0.1.2"),
      },
      {
        at: "6d 17:43",
        tells: each("findings critical removed open", OLD),
        stands: all("baseline removed", OLD),
      },
      {
        at: "6d 17:46",
        happens: "0.1.2-1, by its name a build of 0.1.2",
        does: upload("0.1.2-1", ...TAGGED),
      },
      {
        at: "6d 17:47",
        tells: pages(...TAGGED),
        stands: all("unrecorded listed", TAGGED),
        asked: { file: 2 },
      },
      {
        at: "6d 21:16",
        happens: "a second build of it, and nothing else that tells it from the first",
        does: upload("0.1.2-1", universal("0.1.2-2")),
      },
      { at: "6d 21:17", tells: pages(universal("0.1.2-2")) },
      { at: "9d 0:00", tells: [] },
    ],
  });
});
