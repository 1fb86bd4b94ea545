import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Credential, Enrolment } from "../../functions/domain/enrolments.ts";
import { Conflict } from "../../functions/ports.ts";
import { caseOf, FILE, GENUINE, minute, OTHER, record } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const enrolment = (id: string, project = "lantern"): Enrolment => ({ ...caseOf().enrolment, id, project });

const credential = (id: string, kind: Credential["kind"] = "maintainer"): Credential => ({
  id,
  kind,
  enrolment: kind === "operator" ? null : "developer",
  project: kind === "operator" ? null : "lantern",
  secret: sha256(id),
  createdAt: minute(0),
});

export function enrolmentsContract(name: string, make: MakeHost): void {
  describe(`${name}: enrolments`, () => {
    it(
      "of a project are several, each with its credentials",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a"), credential("b", "ci")]);
        await enrolments.add(enrolment("distribution"), []);
        await enrolments.add(enrolment("else", "lamp"), []);
        assert.deepEqual(await enrolments.ofProject("lantern"), [
          enrolment("developer"),
          enrolment("distribution"),
        ]);
        assert.deepEqual(await enrolments.ofProject("nobody"), []);
        assert.deepEqual(await enrolments.credential("b"), credential("b", "ci"));
        assert.equal(await enrolments.credential("c"), null);
        assert.deepEqual([...(await enrolments.projects())].sort(), ["lamp", "lantern"]);
      }),
    );

    it(
      "are vouched for once: the first instant stays, and nobody vouches for what is not there",
      on(make, async ({ enrolments }) => {
        const claimed = { ...enrolment("developer"), selfClaimed: true };
        await enrolments.add(claimed, []);
        assert.equal(await enrolments.vouch("lantern", "somebody", minute(1)), null);
        assert.equal(await enrolments.vouch("lamp", "developer", minute(1)), null);
        const vouched = { ...claimed, vouchedAt: minute(1) };
        assert.deepEqual(await enrolments.vouch("lantern", "developer", minute(1)), vouched);
        assert.deepEqual(await enrolments.vouch("lantern", "developer", minute(2)), vouched);
        assert.deepEqual(await enrolments.ofProject("lantern"), [vouched]);
      }),
    );

    it(
      "vouched for by several at once have one instant, and all are told it",
      on(make, async ({ enrolments }) => {
        await enrolments.add({ ...enrolment("developer"), selfClaimed: true }, [credential("a")]);
        const vouching = [1, 2, 3, 4].map((at) => enrolments.vouch("lantern", "developer", minute(at)));
        const told = new Set((await Promise.all(vouching)).map((vouched) => vouched?.vouchedAt));
        const [kept] = await enrolments.ofProject("lantern");
        assert.notEqual(kept?.vouchedAt ?? null, null);
        assert.deepEqual([...told], [kept?.vouchedAt]);
        assert.deepEqual(await enrolments.credential("a"), credential("a"));
      }),
    );

    it(
      "with an id that is taken are refused whole: their credentials open nothing",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), [credential("a")]);
        const again = enrolments.add(enrolment("developer", "lamp"), [credential("stolen")]);
        await assert.rejects(again, Conflict);
        assert.deepEqual(await enrolments.ofProject("lamp"), []);
        assert.equal(await enrolments.credential("stolen"), null);
      }),
    );

    it(
      "are found among many names, and only they",
      on(make, async ({ enrolments }) => {
        await enrolments.add(enrolment("developer"), []);
        const names = Array.from({ length: 5_000 }, (_, index) => `project-${index}`);
        assert.deepEqual([...(await enrolments.among([...names, "lantern"]))], ["lantern"]);
        assert.deepEqual([...(await enrolments.among(names))], []);
        assert.deepEqual([...(await enrolments.among([]))], []);
      }),
    );

    it(
      "have one operator: the next credential takes the place of the last",
      on(make, async ({ enrolments }) => {
        await enrolments.putOperator(credential("first", "operator"));
        await enrolments.putOperator(credential("second", "operator"));
        assert.equal(await enrolments.credential("first"), null);
        assert.deepEqual(await enrolments.credential("second"), credential("second", "operator"));
      }),
    );
  });
}

export function recordsContract(name: string, make: MakeHost): void {
  describe(`${name}: records`, () => {
    it(
      "of the same digest by the same authority are the same record",
      on(make, async ({ records }) => {
        assert.deepEqual(await records.append([record()]), [record()]);
        const again = record({ recordedAt: minute(9), credential: "key-2" });
        assert.deepEqual(await records.append([again]), []);
        assert.deepEqual(await records.ofFile("developer", FILE), [record()]);
      }),
    );

    it(
      "of another digest, or by another authority, are another record, never an overwrite",
      on(make, async ({ records }) => {
        const contested = record({ digest: OTHER, recordedAt: minute(1) });
        const confirmed = record({ authority: "ci", recordedAt: minute(2) });
        await records.append([record()]);
        assert.deepEqual(await records.append([confirmed, contested]), [confirmed, contested]);
        assert.deepEqual(await records.ofFile("developer", FILE), [record(), contested, confirmed]);
      }),
    );

    it(
      "are kept all or none",
      on(make, async ({ records }) => {
        const broken = record({ file: null as unknown as string });
        await assert.rejects(records.append([record(), broken, record({ digest: OTHER })]));
        assert.deepEqual(await records.ofFile("developer", FILE), []);
      }),
    );

    it(
      "of one enrolment are not another's, and a file's are not another file's",
      on(make, async ({ records }) => {
        await records.append([record({ enrolment: "distribution" }), record({ file: "lantern-1.0.zip" })]);
        assert.deepEqual(await records.ofFile("developer", FILE), []);
      }),
    );

    it(
      "make habits: a maintainer's hand, and other releases than this one however it is spelled",
      on(make, async ({ records }) => {
        const habits = (release: string) => records.habits("developer", release);
        assert.deepEqual(await habits("1.0"), { maintainerSince: null, recordsReleases: false });
        await records.append([record({ authority: "ci", release: "1.0.0" })]);
        assert.deepEqual(await habits("1.0"), { maintainerSince: null, recordsReleases: false });
        assert.deepEqual(await habits("1.1"), { maintainerSince: null, recordsReleases: true });
        const first = record({ digest: GENUINE });
        await records.append([first]);
        assert.deepEqual(await habits("1.0"), {
          maintainerSince: first.recordedAt,
          recordsReleases: false,
        });
        assert.deepEqual(await records.habits("distribution", "1.0"), {
          maintainerSince: null,
          recordsReleases: false,
        });
      }),
    );
  });
}
