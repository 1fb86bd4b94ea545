import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import { after, hours, type Instant } from "../../functions/domain/instants.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import type { Counted, Part } from "../../functions/ports.ts";
import { countOn } from "../../functions/sweep/counting.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const at = (count: number): Instant => after(NOON, hours(count));

const row = (project: string, file: string, spoiled: Partial<ArtifactRow> = {}): ArtifactRow => ({
  enrolment: "developer",
  project,
  file,
  release: "1.0",
  declared: sha256(file),
  observed: sha256(file),
  verdict: "match",
  standing: "listed",
  authority: "maintainer",
  since: NOON,
  hashedAt: NOON,
  everListed: true,
  listed: true,
  yanked: false,
  attested: false,
  number: 1,
  ...spoiled,
});

const portsOf = (
  rows: readonly ArtifactRow[],
  projects = [...new Set(rows.map(({ project }) => project))],
) => ({
  settings: { rehashMs: hours(24) },
  enrolments: {
    projects: async ({ beyond, most }: Part = { beyond: "", most: Number.POSITIVE_INFINITY }) =>
      projects
        .toSorted()
        .filter((name) => name > beyond)
        .slice(0, most),
    ofProject: async (project: string) =>
      ["developer", "distribution", "ended"].map((id) =>
        newEnrolment({ id, project, enrolledAt: NOON, endedAt: id === "ended" ? NOON : null }),
      ),
  },
  view: { ofProject: async (project: string) => rows.filter((each) => each.project === project) },
});

const shown = (counted: Counted | null) => counted?.coverage;

describe("the count of what was hashed again", () => {
  it("counts an artifact once, by its newest hash, and only what pages list", async () => {
    const rows = [
      row("lamp", "a", { hashedAt: at(-30) }),
      row("lamp", "a", { enrolment: "distribution" }),
      row("lamp", "b", { hashedAt: at(-30) }),
      row("moth", "a", { hashedAt: null }),
      row("moth", "gone", { listed: false }),
    ];
    const counted = await countOn(null, NOON, portsOf(rows));
    assert.deepEqual(shown(counted), { artifacts: 3, rehashed: 1, since: at(-24), at: NOON });
  });

  it("goes through many projects some at a time, of one time, and begins anew after six hours", async () => {
    const names = Array.from({ length: 450 }, (_, each) => `project-${String(each).padStart(3, "0")}`);
    const rows = names.map((project) => row(project, "a"));
    const ports = portsOf(rows, names.toReversed());
    const first = await countOn(null, NOON, ports);
    assert.deepEqual([first?.coverage, first?.counting?.artifacts], [null, 200]);
    const third = await countOn(await countOn(first, at(0.1), ports), at(0.2), ports);
    assert.deepEqual(shown(third), { artifacts: 450, rehashed: 450, since: at(-24), at: at(0.2) });
    assert.equal(await countOn(third, at(6.1), ports), third);
    const anew = await countOn(third, at(6.2), ports);
    assert.deepEqual([anew?.coverage, anew?.counting?.since], [third?.coverage, at(6.2 - 24)]);
  });

  it("leaves out whom nobody watches any more", async () => {
    const rows = [row("lamp", "a"), row("moth", "a", { enrolment: "ended" }), row("moth", "b")];
    const counted = await countOn(null, NOON, portsOf(rows));
    assert.deepEqual(shown(counted), { artifacts: 2, rehashed: 2, since: at(-24), at: NOON });
  });

  it("of nothing is nothing", async () => {
    assert.deepEqual(shown(await countOn(null, NOON, portsOf([]))), {
      artifacts: 0,
      rehashed: 0,
      since: at(-24),
      at: NOON,
    });
  });
});
