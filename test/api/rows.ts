/** One perfect row and one perfect finding; a test spoils a field. */
import type { Finding } from "../../functions/domain/findings.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import { A, SDIST } from "./world.ts";

const AT = "2026-11-22T11:00:00.000Z";

export const row = (spoiled: Partial<ArtifactRow> = {}): ArtifactRow => ({
  enrolment: "e1",
  project: "six",
  file: SDIST,
  release: "1.17.0",
  declared: `sha256:${A}`,
  observed: `sha256:${A}`,
  verdict: "match",
  standing: "listed",
  authority: "maintainer",
  since: AT,
  hashedAt: AT,
  everListed: true,
  listed: true,
  yanked: false,
  attested: false,
  number: 1,
  ...spoiled,
});

export const finding = (spoiled: Partial<Finding> = {}): Finding => ({
  id: "f1",
  enrolment: "e1",
  selfClaimed: false,
  project: "six",
  file: SDIST,
  release: "1.17.0",
  verdict: "mismatch",
  severity: "critical",
  topic: "findings",
  state: "open",
  opening: 1,
  openedAt: AT,
  changedAt: AT,
  thread: "t1",
  acknowledged: null,
  resolvedBy: null,
  to: null,
  grounds: {
    declared: `sha256:${A}`,
    observed: `sha256:${A}`,
    recorded: [],
    before: [],
    wrongAttempts: 0,
    attempts: 1,
    url: null,
    page: null,
    entry: null,
    firstSeen: AT,
    deadline: null,
    note: null,
  },
  ...spoiled,
});
