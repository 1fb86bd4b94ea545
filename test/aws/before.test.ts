import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { marshall } from "@aws-sdk/util-dynamodb";
import { enrolments } from "../../functions/aws/enrolments.ts";
import { records } from "../../functions/aws/records.ts";
import { type Table, tableNamed } from "../../functions/aws/table.ts";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import { FILE, minute, record } from "../domain/perfect.ts";
import { fakeClient } from "./fake.ts";

/** A table that holds one item, whatever is asked of it. */
function holding(item: Readonly<Record<string, string | number>>): Table {
  const stored = marshall(item);
  return tableNamed(fakeClient(() => ({ Item: stored, Items: [stored] })).client, "Table");
}

describe("what was stored before it could say as much", () => {
  const old = {
    id: "developer",
    project: "lantern",
    policy: DEFAULT_POLICY,
    enrolledAt: minute(0),
    selfClaimed: true,
    vouchedAt: null,
  };
  const KEY = { pk: "project/lantern", sk: "enrolment/developer" };

  it("is an enrolment that holds nothing but its policy, of which the first entry is told", async () => {
    const { ofProject } = enrolments(holding({ ...KEY, body: JSON.stringify(old) }));
    assert.deepEqual(await ofProject("lantern"), [newEnrolment(old)]);
    assert.equal(newEnrolment(old).number, 1);
  });

  it("is one that was vouched for beside its body", async () => {
    const item = { ...KEY, body: JSON.stringify(old), vouchedAt: minute(7) };
    const [enrolment] = await enrolments(holding(item)).ofProject("lantern");
    assert.equal(enrolment?.vouchedAt, minute(7));
  });

  it("is a credential without an end that nobody is known to have used", async () => {
    const item = { pk: "credential/a", sk: "credential", body: '{"id":"a"}' };
    assert.deepEqual(await enrolments(holding(item)).credential("a"), {
      id: "a",
      expiresAt: null,
      lastUsedAt: null,
    });
  });

  it("is a live record of no manifest that nobody signed", async () => {
    const { manifest: _, signers: __, withdrawnAt: ___, ...said } = record();
    const sk = `file/${FILE}/${said.digest}/maintainer`;
    const table = holding({ pk: "developer", sk, body: JSON.stringify(said) });
    assert.deepEqual(await records(table).ofFile("developer", FILE), [record()]);
    // Recorded again it is the same record: nothing is put.
    assert.deepEqual(await records(table).append([record({ recordedAt: minute(9) })]), []);
  });
});
