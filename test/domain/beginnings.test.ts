import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { beganHidden } from "../../functions/domain/beginnings.ts";
import { said } from "./projects.ts";

const BEGAN = { head: 100, epoch: 1 };
const of = (release: string | null) => ({ release });

/** Texts in the order of their serials, from 101 on; those of a release say so. */
const heard = (...texts: readonly (readonly [string, (string | null)?])[]) =>
  texts.map(([text, release = null], index) => said(text, 101 + index, index, of(release)));

describe("a quarantine that stood when the watch began", () => {
  it("is known by its end, which is the first that is heard of it", () => {
    assert.ok(beganHidden(heard(["project quarantine cleared"]), "1.0", BEGAN));
    assert.ok(beganHidden(heard(["project quarantine cleared"], ["project quarantined"]), null, BEGAN));
    assert.ok(beganHidden(heard(["release quarantine cleared", "1.0.0"]), "1.0", BEGAN));
  });

  it("is known by its beginning, where that was heard before", () => {
    const before = said("project quarantined", 90);
    assert.ok(beganHidden([before], "1.0", BEGAN));
    assert.ok(beganHidden([said("release quarantined", 90, 0, of("1.0"))], "1.0", BEGAN));
    assert.ok(!beganHidden([before, said("project quarantine cleared", 95)], "1.0", BEGAN));
    const again = [before, said("project quarantine cleared", 95), ...heard(["project quarantine cleared"])];
    assert.ok(!beganHidden(again, "1.0", BEGAN));
  });

  it("is none that came later, whatever ends it", () => {
    const later = heard(["project quarantined"], ["project quarantine cleared"]);
    assert.ok(!beganHidden(later, "1.0", BEGAN));
    const release = heard(["release quarantined", "1.0"], ["release quarantine cleared", "1.0"]);
    assert.ok(!beganHidden(release, "1.0", BEGAN));
    assert.ok(!beganHidden([], "1.0", BEGAN));
  });

  it("is none that was over by then, nor another release's", () => {
    assert.ok(!beganHidden([said("project quarantine cleared", 100)], "1.0", BEGAN));
    assert.ok(!beganHidden(heard(["release quarantine cleared", "2.0"]), "1.0", BEGAN));
    assert.ok(!beganHidden(heard(["release quarantine cleared", "2.0"]), null, BEGAN));
  });
});
