import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Artifact, type Attempt, artifact } from "../../functions/domain/changes.ts";
import type { Observation } from "../../functions/domain/facts.ts";
import { isReproduced } from "../../functions/domain/history.ts";
import { after } from "../../functions/domain/instants.ts";
import { nextStep, observationOf } from "../../functions/fetch/fetch.ts";
import { attempt, FILE, GENUINE, listing, look, minute, OTHER, THIRD } from "../domain/perfect.ts";

const CONFIRM_MS = 120_000;

const wanted = (declared: Artifact["listing"]["declared"] = GENUINE): Artifact =>
  artifact({
    project: "lantern",
    file: FILE,
    release: "1.0",
    listing: listing({ declared }),
    look: look(),
    lane: "now",
    since: minute(0),
  });

const next = (...attempts: readonly Attempt[]) => nextStep(wanted(), attempts, CONFIRM_MS);
const failed = (outcome: Attempt["outcome"], at = 0): Attempt => ({ ...attempt(null, minute(at)), outcome });

/** Plays answers until fetch has enough, each at the instant it asked for. The last answer repeats. */
function played(answers: readonly (Partial<Attempt> & Pick<Attempt, "digest">)[]): readonly Attempt[] {
  const attempts: Attempt[] = [];
  let at = minute(0);
  for (let count = 0; count < 100; count += 1) {
    const answer = answers[Math.min(count, answers.length - 1)];
    attempts.push({ ...attempt(answer?.digest ?? null), ...answer, at });
    const step = nextStep(wanted(), attempts, CONFIRM_MS);
    if (step.kind === "told") return attempts;
    assert.ok(step.delayMs > 0);
    at = after(at, step.delayMs);
  }
  assert.fail("never told");
}

const observed = (attempts: readonly Attempt[]): Observation =>
  observationOf(wanted(), attempts) as Observation;

describe("one attempt more, or enough", () => {
  it("is enough as soon as one attempt agrees", () => {
    assert.deepEqual(next(attempt(GENUINE)), { kind: "told" });
    assert.deepEqual(next(attempt(OTHER), failed("cut"), attempt(GENUINE)), { kind: "told" });
  });

  it("is one more after wrong bytes, half a window later", () => {
    assert.deepEqual(next(attempt(OTHER)), { kind: "again", delayMs: CONFIRM_MS / 2 + 10 });
  });

  it("is enough after three alike over the window, and then they are reproduced", () => {
    const attempts = played([{ digest: OTHER }]);
    assert.equal(attempts.length, 3);
    assert.ok(isReproduced(observed(attempts), CONFIRM_MS));
  });

  it("is one more while three alike came too fast", () => {
    assert.equal(next(attempt(OTHER), attempt(OTHER), attempt(OTHER)).kind, "again");
  });

  it("is enough after six wrong ones that never agree with each other", () => {
    const digests = [1, 2, 3, 4, 5, 6].map((digit) => `sha256:${String(digit).repeat(64)}` as const);
    const attempts = played(digests.map((digest) => ({ digest })));
    assert.equal(attempts.length, 6);
    assert.ok(!isReproduced(observed(attempts), CONFIRM_MS));
  });

  it("is one more after no body, in 1, 2, 4 … 16 seconds, and enough after the sixth", () => {
    const attempts = played([{ digest: null }]);
    const delays = attempts
      .slice(1)
      .map((each, index) => Date.parse(each.at) - Date.parse(attempts[index]?.at ?? ""));
    assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it("is enough at once where trying again changes nothing", () => {
    assert.deepEqual(next(failed("refused")), { kind: "told" });
    assert.deepEqual(next(failed("too-large")), { kind: "told" });
    assert.deepEqual(nextStep(wanted(null), [attempt(OTHER)], CONFIRM_MS), { kind: "told" });
  });

  it("comes to an end whatever the answers are", () => {
    const digest = fc.constantFrom(GENUINE, OTHER, THIRD, null, null);
    const outcome = fc.constantFrom("gone", "empty", "cut", "too-slow", "unreachable" as const);
    const answer = fc.record({ digest, outcome }).map(({ digest: of, outcome: how }) => ({
      digest: of,
      outcome: of === null ? how : ("hashed" as const),
    }));
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 20 }), (answers) => {
        const attempts = played(answers);
        assert.ok(attempts.length <= 12, `${attempts.length} attempts`);
        const { observed: digestSeen } = observed(attempts);
        if (attempts.some((each) => each.digest === GENUINE)) assert.equal(digestSeen, GENUINE);
      }),
      { seed: 7 },
    );
  });
});

describe("what the attempts add up to", () => {
  it("is the declared digest as soon as one attempt had it, with every attempt kept", () => {
    const attempts = [attempt(OTHER), attempt(GENUINE, minute(1))];
    const { kind, observed: digest, attempts: kept } = observed(attempts);
    assert.deepEqual([kind, digest, kept], ["hashed", GENUINE, attempts]);
  });

  it("is otherwise the last whole body's digest, also when a failure came after it", () => {
    const { kind, observed: digest } = observed([attempt(OTHER), attempt(THIRD), failed("cut")]);
    assert.deepEqual([kind, digest], ["hashed", THIRD]);
  });

  it("is gone or unreadable without any body", () => {
    assert.deepEqual([observed([failed("gone")]).kind, observed([failed("gone")]).observed], ["gone", null]);
    assert.equal(observed([failed("gone"), failed("cut")]).kind, "unreadable");
  });

  it("is the same fact for the same attempts, and another for others", () => {
    assert.equal(observed([attempt(GENUINE)]).id, observed([attempt(GENUINE)]).id);
    assert.notEqual(observed([attempt(GENUINE)]).id, observed([attempt(GENUINE, minute(1))]).id);
  });

  it("carries the look that asked, so that a re-hash is a new fact", () => {
    const again = { ...wanted(), look: look({ asked: "sweep-1" }) };
    assert.notEqual(observationOf(again, [attempt(GENUINE)]).id, observed([attempt(GENUINE)]).id);
  });
});
