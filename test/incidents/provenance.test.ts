import assert from "node:assert/strict";
import { describe } from "node:test";
import { github, mint, provenanceOf } from "../pypi/minting.ts";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { genuine, type Making, malware, type Scene } from "./scene.ts";

const sigstore = await mint();

/** Uploaded by the project's own workflow, which attests what it uploads. */
async function byWorkflow(
  s: Scene,
  project: string,
  version: string,
  making: Making = genuine,
): Promise<void> {
  const claims = github(`${project}/${project}`, "publish.yml");
  const attested = both(project, version).map(async (file) => {
    const attestation = await sigstore.attest({ file, bytes: making(file), claims });
    return [file, Buffer.from(provenanceOf([attestation], { kind: "unheard of" }))] as const;
  });
  s.upload(project, version, both(project, version), making, new Map(await Promise.all(attested)));
}

const expecting = (project: string, counts: boolean): object => ({
  provenance: {
    publisher: { provider: "github", repository: `${project}/${project}`, workflow: "publish.yml" },
    counts,
  },
});

async function authorities(s: Scene, project: string): Promise<readonly (string | null)[]> {
  return [...new Set((await s.world.rows(project)).map(({ authority }) => authority))];
}

describe("Ultralytics, December 2024, where provenance stands in place of records", () => {
  const P = "ultralytics";
  const [GOOD, POISONED, STOLEN] = [both(P, "8.3.40"), both(P, "8.3.41"), both(P, "8.3.45")];

  replay("wave 1, by the genuine workflow, matches what CI said; wave 2, by a leftover token, is told", {
    project: P,
    policy: expecting(P, true),
    trustedRoot: sigstore.root,
    course: [
      { at: "0:00", happens: "8.3.40 by its workflow", does: (s) => byWorkflow(s, P, "8.3.40") },
      { at: "0:30", tells: [], stands: all("match listed", GOOD), asked: { file: 2, integrity: 2 } },
      {
        at: "1d 0:00",
        happens: "8.3.41 by the same workflow, poisoned",
        does: (s) => byWorkflow(s, P, "8.3.41", malware),
      },
      {
        at: "1d 0:30",
        tells: [],
        stands: all("match listed", POISONED),
        asked: { file: 2, integrity: 2 },
        also: async (s) => assert.deepEqual(await authorities(s, P), ["ci"]),
      },
      {
        at: "3d 0:00",
        happens: "8.3.45 by a token, attested by nobody",
        does: (s) => s.upload(P, "8.3.45", STOLEN, malware),
      },
      {
        at: "3d 0:01",
        tells: [
          ...each("findings warning provenance-lost open", STOLEN),
          ...each("findings notice awaiting-record open", STOLEN),
        ],
        asked: { file: 2 },
      },
      {
        at: "3d 0:20",
        tells: [
          ...each("findings notice awaiting-record resolved", STOLEN),
          ...each("findings warning unrecorded open", STOLEN),
        ],
        stands: all("unrecorded listed", STOLEN),
      },
      { at: "9d 0:00", tells: [] },
    ],
  });
});

describe("mistralai 2.4.6, 12 May 2026: an upload past the usual publishing, with no tag and no run", () => {
  const P = "mistralai";
  const [GOOD, STOLEN] = [both(P, "2.4.5"), both(P, "2.4.6")];

  replay("a watcher who records and expects a publisher is told of both that are missing", {
    project: P,
    policy: expecting(P, false),
    trustedRoot: sigstore.root,
    course: [
      {
        at: "0:00",
        happens: "2.4.5 as ever, recorded and attested",
        does: async (s) => {
          await s.record(P, GOOD);
          await byWorkflow(s, P, "2.4.5");
        },
      },
      { at: "0:30", tells: [], stands: all("match listed", GOOD), asked: { file: 2, integrity: 2 } },
      { at: "1d 0:05", happens: "2.4.6, by a thief", does: (s) => s.upload(P, "2.4.6", STOLEN, malware) },
      {
        at: "1d 0:06",
        tells: [
          ...each("findings warning provenance-lost open", STOLEN),
          ...each("findings notice awaiting-record open", STOLEN),
        ],
      },
      {
        at: "1d 0:30",
        tells: [
          ...each("findings notice awaiting-record resolved", STOLEN),
          ...each("findings critical unrecorded open", STOLEN),
        ],
      },
      { at: "5d 0:00", tells: [] },
    ],
  });
});

describe("google-api-core 2.30.1: attestations lost by a change of the workflow, and nothing else", () => {
  const P = "google-api-core";
  const [GOOD, BARE] = [both(P, "2.30.0"), both(P, "2.30.1")];

  replay("where a record agrees with the bytes it is a notice, and wakes nobody", {
    project: P,
    policy: expecting(P, false),
    trustedRoot: sigstore.root,
    course: [
      {
        at: "0:00",
        happens: "2.30.0 as ever, recorded and attested",
        does: async (s) => {
          await s.record(P, GOOD);
          await byWorkflow(s, P, "2.30.0");
        },
      },
      { at: "0:30", tells: [], stands: all("match listed", GOOD), asked: { file: 2, integrity: 2 } },
      {
        at: "7d 0:00",
        happens: "2.30.1, recorded, without attestations",
        does: (s) => s.release(P, "2.30.1", BARE),
      },
      {
        at: "7d 0:05",
        tells: each("findings notice provenance-lost open", BARE),
        stands: all("match listed", [...GOOD, ...BARE]),
        asked: { file: 2 },
      },
      { at: "14d 0:00", tells: [] },
    ],
  });

  replay("so it is where attestations come and do not hold", {
    project: P,
    policy: expecting(P, false),
    trustedRoot: sigstore.root,
    course: [
      {
        at: "0:00",
        happens: "a release, recorded, with attestations of other files",
        does: async (s) => {
          await s.record(P, GOOD);
          const { root: _, attest } = sigstore;
          const object = Buffer.from(
            provenanceOf([await attest({ file: "another.whl" })], { kind: "unheard of" }),
          );
          s.upload(P, "2.30.0", GOOD, genuine, new Map(GOOD.map((file) => [file, object])));
        },
      },
      {
        at: "0:05",
        tells: each("findings notice provenance-unverifiable open", GOOD),
        stands: all("match listed", GOOD),
        asked: { file: 2, integrity: 2 },
      },
      { at: "7d 0:00", tells: [] },
    ],
  });
});
