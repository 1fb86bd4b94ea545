import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Enrolment, newEnrolment } from "../../functions/domain/enrolments.ts";
import { days } from "../../functions/domain/instants.ts";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import { rehashMsOf } from "../../functions/domain/rehashing.ts";
import { minute } from "./perfect.ts";

const NEW = { id: "developer", project: "lantern", enrolledAt: minute(0) } as const;
const asking = (rehashDays: number | null, more: Partial<Enrolment> = {}): Enrolment =>
  newEnrolment({ ...NEW, policy: { ...DEFAULT_POLICY, rehashDays }, ...more });

describe("the time within which bytes are hashed again", () => {
  const within = (boundMs: number, ...asked: readonly (number | null)[]): number =>
    rehashMsOf(
      asked.map((each) => asking(each)),
      boundMs,
    );

  it("is the shortest that a watcher asks for, and never longer than the operator's bound", () => {
    assert.equal(within(days(7)), days(7));
    assert.equal(within(days(7), null, null), days(7));
    assert.equal(within(days(7), null, 2, 5), days(2));
    assert.equal(within(days(7), 30), days(7));
    assert.equal(within(3_000, 1), 3_000);
  });

  it("is not shortened by a stranger for whom nobody vouched", () => {
    const stranger = asking(1, { selfClaimed: true });
    assert.equal(rehashMsOf([stranger, asking(3)], days(7)), days(3));
    assert.equal(rehashMsOf([{ ...stranger, vouchedAt: minute(1) }], days(7)), days(1));
  });

  it("is the operator's for an enrolment from before it could be chosen", () => {
    const { rehashDays: _, ...known } = DEFAULT_POLICY;
    assert.equal(newEnrolment({ ...NEW, policy: known as typeof DEFAULT_POLICY }).policy.rehashDays, null);
  });
});
