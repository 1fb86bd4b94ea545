import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { minute } from "./perfect.ts";

describe("a finding about the monitor", () => {
  it("of a message given up is another one for each message, also in one millisecond", () => {
    const [one, other] = ["facts: lantern", "facts: lamp"].map((note) =>
      aboutMonitor("dead-letter", minute(0), note),
    );
    assert.notEqual(one?.id, other?.id);
    assert.equal(one?.id, aboutMonitor("dead-letter", minute(0), "facts: lantern").id);
    assert.notEqual(one?.id, aboutMonitor("dead-letter", minute(1), "facts: lantern").id);
  });

  for (const verdict of ["blind", "journal-went-back"] as const)
    it(`of being blind (${verdict}) is one for each occasion, in whatever words`, () => {
      const first = aboutMonitor(verdict, minute(0), "no answer");
      assert.equal(first.id, aboutMonitor(verdict, minute(0), "still no answer").id);
      assert.notEqual(first.id, aboutMonitor(verdict, minute(1), "no answer").id);
    });
});
