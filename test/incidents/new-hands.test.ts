import { describe } from "node:test";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const changed = (project: string): string => `findings warning ownership-changed open ${project}`;
type Turn = Parameters<Scene["index"]["people"]["turn"]>[0];
const turn = (change: Turn) => (s: Scene) => s.index.people.turn(change);

describe("arrapi, tmdbapis, nagerapi, pmmutils, November 2023: an account taken over, and not one upload", () => {
  const P = "arrapi";

  replay("each step of the change of hands is told within the minute", {
    project: P,
    policy: { frozen: true },
    before: (s) => s.upload(P, "1.4.7", both(P, "1.4.7")),
    course: [
      {
        at: "1d 0:00",
        tells: [],
        stands: all("baseline listed", both(P, "1.4.7")),
        asked: { "simple-project": 1 },
      },
      {
        at: "1d 0:00:10",
        happens: "somebody new is invited by the taken account",
        does: turn({ project: P, verb: "invite", role: "Owner", name: "newcomer" }),
      },
      {
        at: "1d 0:01:20",
        happens: "and accepts",
        does: turn({ project: P, verb: "accepted", role: "Owner", name: "newcomer" }),
      },
      { at: "1d 0:02", tells: [changed(P), changed(P)] },
      {
        at: "1d 0:03",
        happens: "the owner is removed",
        does: turn({ project: P, verb: "remove", role: "Owner", name: "owner" }),
      },
      { at: "1d 0:04", tells: [changed(P)], stands: all("baseline listed", both(P, "1.4.7")) },
      { at: "4d 0:00", tells: [] },
    ],
  });
});

describe("event-stream, 2018, and teams that keep their rights: somebody new may publish", () => {
  const P = "event-stream";

  replay("a maintainer who is added is told before their first upload, and that for what it is", {
    project: P,
    course: [
      { at: "0:00", happens: "as ever", does: (s) => s.release(P, "3.3.4", both(P, "3.3.4")) },
      { at: "1d 0:00", tells: [], stands: all("match listed", both(P, "3.3.4")), asked: { file: 2 } },
      {
        at: "1d 0:10",
        happens: "a volunteer is made maintainer",
        does: turn({ project: P, verb: "add", role: "Maintainer", name: "right9ctrl" }),
      },
      { at: "1d 0:11", tells: [changed(P)] },
      { at: "20d 0:00", tells: [] },
      {
        at: "20d 0:10",
        happens: "and releases",
        does: (s) => s.upload(P, "3.3.6", both(P, "3.3.6"), malware),
      },
      { at: "20d 0:11", tells: each("findings notice awaiting-record open", both(P, "3.3.6")) },
      {
        at: "21d 0:00",
        tells: [
          ...each("findings notice awaiting-record resolved", both(P, "3.3.6")),
          ...each("findings critical unrecorded open", both(P, "3.3.6")),
        ],
      },
    ],
  });

  replay("a team with blanks in its name is told like a person", {
    project: P,
    course: [
      { at: "0:00", happens: "as ever", does: (s) => s.release(P, "3.3.4", both(P, "3.3.4")) },
      {
        at: "1d 0:00",
        happens: "a team of the organization gets a role",
        does: turn({ project: P, verb: "add", role: "Maintainer", name: "file release crew", team: true }),
      },
      {
        at: "1d 0:01",
        tells: [changed(P)],
        stands: all("match listed", both(P, "3.3.4")),
        asked: { file: 2 },
      },
      { at: "5d 0:00", tells: [] },
    ],
  });

  replay("roles that change behind a silent journal are found by the sweep, within two days", {
    project: P,
    course: [
      { at: "0:00", happens: "as ever", does: (s) => s.release(P, "3.3.4", both(P, "3.3.4")) },
      { at: "3d 0:00", tells: [], asked: { "project-json": 1 } },
      {
        at: "3d 0:10",
        happens: "the owner's account is deleted, another name appears",
        does: (s) => s.index.people.setRoles(P, [{ role: "Owner", user: "newcomer" }]),
      },
      { at: "5d 0:10", tells: [changed(P), changed(P)], asked: { "project-json": 1 } },
      { at: "9d 0:00", tells: [] },
    ],
  });
});
