import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "../../functions/domain/findings.ts";
import { judge } from "../../functions/domain/judge.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import { caseOf, FILE, GENUINE, minute } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const row = (number: number, spoiled: Partial<ArtifactRow> = {}): ArtifactRow => ({
  enrolment: "developer",
  project: "lantern",
  file: FILE,
  release: "1.0",
  declared: GENUINE,
  observed: GENUINE,
  verdict: "match",
  standing: "listed",
  authority: "maintainer",
  since: minute(0),
  hashedAt: minute(0),
  everListed: true,
  listed: true,
  yanked: false,
  attested: false,
  number,
  ...spoiled,
});

function finding(spoiled: Partial<Finding> = {}): Finding {
  const of = caseOf({ recorded: [] });
  const [made] = changedFindings(of, judge(of, null), []);
  assert.ok(made);
  return { ...made, ...spoiled };
}

const DUE = minute(60 * 24);

export function viewContract(name: string, make: MakeHost): void {
  describe(`${name}: the view's rows`, () => {
    it(
      "go forwards only, by ledger number",
      on(make, async ({ view }) => {
        await view.put([row(5)]);
        await view.put([row(4, { verdict: "mismatch" })]);
        assert.deepEqual(await view.ofProject("lantern"), [row(5)]);
        await view.put([row(6, { verdict: "mismatch" })]);
        assert.deepEqual(await view.ofProject("lantern"), [row(6, { verdict: "mismatch" })]);
      }),
    );

    it(
      "may be put again under the same number: a repair is no step back",
      on(make, async ({ view }) => {
        await view.put([row(5)]);
        await view.put([row(5, { yanked: true })]);
        assert.deepEqual(await view.ofProject("lantern"), [row(5, { yanked: true })]);
      }),
    );

    it(
      "are one per enrolment and file",
      on(make, async ({ view }) => {
        const rows = [row(1), row(1, { enrolment: "distribution" }), row(1, { file: "lantern-1.0.zip" })];
        await view.put([...rows, row(1, { project: "lamp" })]);
        assert.equal((await view.ofProject("lantern")).length, 3);
        assert.deepEqual(await view.ofProject("nobody"), []);
      }),
    );
  });

  describe(`${name}: the view's findings`, () => {
    it(
      "are unpublished until alert has told them, and older than asked for",
      on(make, async ({ view }) => {
        const it = finding();
        await view.putFindings([it], 1);
        assert.deepEqual(await view.unpublished(DUE, 10), [it]);
        assert.deepEqual(await view.unpublished(it.changedAt, 10), []);
        await view.markPublished(it);
        assert.deepEqual(await view.unpublished(DUE, 10), []);
        assert.deepEqual(await view.findings("lantern"), [it]);
      }),
    );

    it(
      "are unpublished again in another state, and when they open again",
      on(make, async ({ view }) => {
        const open = finding();
        const resolved = { ...open, state: "resolved", changedAt: minute(9) } as const;
        const again = { ...open, opening: 2, changedAt: minute(12) };
        await view.putFindings([open], 1);
        await view.markPublished(open);
        for (const [next, number] of [
          [resolved, 2],
          [again, 3],
        ] as const) {
          await view.putFindings([next], number);
          assert.deepEqual(await view.unpublished(DUE, 10), [next]);
          await view.markPublished(next);
          assert.deepEqual(await view.unpublished(DUE, 10), []);
        }
      }),
    );

    it(
      "are not marked by news of a state they have left",
      on(make, async ({ view }) => {
        const open = finding();
        const resolved = { ...open, state: "resolved" } as const;
        await view.putFindings([resolved], 2);
        await view.markPublished(open);
        assert.deepEqual(await view.unpublished(DUE, 10), [resolved]);
      }),
    );

    it(
      "stay published when the same state is put again, and go forwards only",
      on(make, async ({ view }) => {
        const open = finding();
        const resolved = { ...open, state: "resolved" } as const;
        await view.putFindings([resolved], 5);
        await view.markPublished(resolved);
        await view.putFindings([resolved], 6);
        await view.putFindings([open], 4);
        assert.deepEqual(await view.unpublished(DUE, 10), []);
        assert.deepEqual(await view.findings("lantern"), [resolved]);
      }),
    );

    it(
      "that wait come oldest first, as many as asked for",
      on(make, async ({ view }) => {
        const all = [3, 1, 2].map((at) => finding({ id: `finding-${at}`, changedAt: minute(at) }));
        await view.putFindings(all, 1);
        const ids = (await view.unpublished(DUE, 2)).map(({ id }) => id);
        assert.deepEqual(ids, ["finding-1", "finding-2"]);
      }),
    );
  });

  describe(`${name}: the view's counts`, () => {
    it(
      "count enrolled projects, artifacts once however many watch them, and open findings",
      on(make, async ({ view, enrolments }) => {
        assert.deepEqual(await view.counts(), { projects: 0, artifacts: 0, openFindings: 0 });
        const { enrolment } = caseOf();
        await enrolments.add(enrolment, []);
        await enrolments.add({ ...enrolment, id: "distribution" }, []);
        await view.put([row(1), row(1, { enrolment: "distribution" })]);
        await view.putFindings([finding(), finding({ id: "other", state: "resolved" })], 1);
        assert.deepEqual(await view.counts(), { projects: 1, artifacts: 1, openFindings: 1 });
      }),
    );

    it(
      "count no artifact that no page has shown, nor findings about it: anybody reads them, and an embargoed file is nobody's business",
      on(make, async ({ view }) => {
        const secret = {
          file: "lantern-1.1.tar.gz",
          standing: "expected",
          listed: false,
          everListed: false,
        } as const;
        const counted = async () => {
          const { artifacts, openFindings } = await view.counts();
          return [artifacts, openFindings];
        };
        await view.put([row(1), row(1, secret), row(1, { ...secret, enrolment: "distribution" })]);
        await view.putFindings([finding({ file: secret.file, verdict: "missing" })], 1);
        assert.deepEqual(await counted(), [1, 0]);
        await view.put([row(2, { ...secret, listed: true, everListed: true })]);
        assert.deepEqual(await counted(), [2, 1]);
      }),
    );
  });
}
