import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Fact, fact } from "../../functions/domain/facts.ts";
import { historyOf, isListed, isReproduced } from "../../functions/domain/history.ts";
import { isOlder } from "../../functions/domain/pages.ts";
import {
  absent,
  attempt,
  fetched,
  GENUINE,
  listed,
  look,
  minute,
  OTHER,
  seen,
  THIRD,
  wrong,
} from "./perfect.ts";

describe("an older page", () => {
  it("is older by epoch, then by serial, then by time", () => {
    assert.ok(isOlder(look({ epoch: 1, serial: 900 }), look({ epoch: 2, serial: 1 })));
    assert.ok(isOlder(look({ serial: 100, at: minute(9) }), look({ serial: 101, at: minute(1) })));
    assert.ok(isOlder(look({ at: minute(1) }), look({ at: minute(2) })));
    assert.ok(isOlder(look({ serial: null, at: minute(1) }), look({ serial: 5, at: minute(2) })));
    assert.ok(!isOlder(look(), look()));
  });

  it("proves nothing: what a newer page declared stands", () => {
    const stale = listed({ look: { at: minute(5), serial: 90 }, listing: { declared: OTHER } });
    assert.equal(historyOf([seen(), stale]).shown?.listing.declared, GENUINE);
  });

  it("that lacks the artifact is no absence", () => {
    const history = historyOf([seen(), absent({ at: minute(5), serial: 90 })]);
    assert.deepEqual(history.absences, []);
    assert.ok(isListed(history));
  });
});

describe("absences", () => {
  it("count since the newest page that showed it, oldest first", () => {
    const [a, b] = [absent({ at: minute(9), serial: 150 }), absent({ at: minute(5), serial: 150 })];
    const history = historyOf([a, seen(), b]);
    assert.deepEqual(
      history.absences.map(({ look: { at } }) => at),
      [minute(5), minute(9)],
    );
    assert.ok(!isListed(history));
  });

  it("end when it is shown again", () => {
    const back = listed({ look: { at: minute(9), serial: 151 } });
    assert.ok(isListed(historyOf([seen(), absent({ at: minute(5), serial: 150 }), back])));
  });

  it("of something never shown are kept too, and it is not listed", () => {
    const history = historyOf([absent({})]);
    assert.deepEqual([history.absences.length, isListed(history), history.firstSeen], [1, false, null]);
  });
});

describe("what was fetched", () => {
  it("agreed is every digest ever had as declared, and none that was not", () => {
    const before = fetched([attempt(OTHER)], { look: { serial: 90 }, listing: { declared: OTHER } });
    const history = historyOf([before, seen(), fetched(wrong(THIRD, 3, 2), { look: { asked: "x" } })]);
    assert.deepEqual([...history.agreed].sort(), [GENUINE, OTHER].sort());
  });

  it("latest is about the digest now declared: what was fetched of another one is past", () => {
    const redeclared = listed({ look: { at: minute(5), serial: 120 }, listing: { declared: OTHER } });
    assert.equal(historyOf([seen(), redeclared]).latest, null);
  });

  it("first seen is the first page that showed it, by our clock, whichever fact says so", () => {
    const early = listed({ look: { at: minute(-3), serial: 101, asked: "early" } });
    assert.equal(historyOf([seen(), early]).firstSeen, minute(-3));
    assert.equal(historyOf([seen(), absent({ at: minute(-9) })]).firstSeen, minute(0));
  });
});

describe("reproduced", () => {
  const of = (attempts: ReturnType<typeof wrong>) => isReproduced(fetched(attempts), 120_000);

  it("is the same wrong digest three times over the window, failed attempts between or not", () => {
    assert.ok(of(wrong(OTHER, 3, 2)));
    const [a, b, c] = wrong(OTHER, 3, 2);
    assert.ok(a && b && c);
    assert.ok(of([a, attempt(null, minute(0.5)), b, attempt(THIRD, minute(1.5)), c]));
  });

  it("is not twice, not too soon, not without a digest, and not when one attempt agreed", () => {
    assert.ok(!of(wrong(OTHER, 2, 10)));
    assert.ok(!of(wrong(OTHER, 3, 1.9)));
    assert.ok(!of([attempt(null), attempt(null), attempt(null, minute(5))]));
    assert.ok(!of([...wrong(OTHER, 3, 2), attempt(GENUINE, minute(3))]));
  });
});

describe("a fact's id", () => {
  it("is of all it says and of nothing else: a redelivery is the same, a second look is not", () => {
    assert.equal(seen().id, seen().id);
    assert.notEqual(fetched([attempt(GENUINE)], { look: { asked: "another" } }).id, seen().id);
    assert.notEqual(fetched([attempt(GENUINE)], { look: { at: minute(1) } }).id, seen().id);
    assert.notEqual(fetched([attempt(GENUINE), attempt(GENUINE)]).id, seen().id);
  });

  it("does not depend on the order in which its fields were written", () => {
    const { id, ...said } = seen();
    const backwards = Object.fromEntries(Object.entries(said).reverse()) as unknown as Omit<Fact, "id"> &
      typeof said;
    assert.equal(fact(backwards).id, id);
  });
});
