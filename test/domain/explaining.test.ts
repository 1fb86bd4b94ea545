import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import ts from "typescript";
import { explained } from "../../functions/domain/explaining.ts";
import { EXPLANATIONS } from "../../functions/domain/explanations.ts";
import { WORDS } from "../../functions/domain/words/words.ts";
import { FINDINGS } from "../alert/told.ts";
import { finding } from "../api/rows.ts";

/** Every word that `verdicts.ts` knows, read from its source: types are gone at run time. */
function verdicts(): string[] {
  const path = new URL("../../functions/domain/verdicts.ts", import.meta.url);
  const tree = ts.createSourceFile("v.ts", readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const unions = tree.statements
    .filter(ts.isTypeAliasDeclaration)
    .filter(({ name }) => /Verdict$|^Standing$/.test(name.text) && name.text !== "Verdict");
  return unions.flatMap(({ type }) =>
    ts.isUnionTypeNode(type)
      ? type.types.flatMap((each) =>
          ts.isLiteralTypeNode(each) && ts.isStringLiteral(each.literal) ? [each.literal.text] : [],
        )
      : [],
  );
}

describe("explanations", () => {
  it("have one row for every verdict, and none for what is no verdict", () => {
    assert.ok(verdicts().length > 35, `saw only ${verdicts().length}`);
    assert.deepEqual(Object.keys(EXPLANATIONS).sort(), verdicts().sort());
  });

  it("each say whose word stands against whose, and how it would look if it were harmless", () => {
    for (const [verdict, { disagreement, harmless }] of Object.entries(EXPLANATIONS)) {
      assert.match(disagreement, /^[A-Z].{14,}\.$/, verdict);
      assert.match(harmless, /^[A-Z].{14,}\.$/, verdict);
      assert.doesNotMatch(disagreement + harmless, /\b(FILE|PROJECT|RELEASE|QUOTED)\b/, verdict);
    }
  });

  it("name a layer for everything that is critical, and none where nothing disagrees", () => {
    for (const each of FINDINGS.values())
      if (each.severity === "critical" && !["drill", "test-alert"].includes(each.verdict))
        assert.notDeepEqual(EXPLANATIONS[each.verdict].layers, [], each.verdict);
    for (const verdict of ["match", "baseline", "listed", "expected", "hidden", "drill"] as const)
      assert.deepEqual(EXPLANATIONS[verdict].layers, []);
  });

  it("blame the monitor for what health tells of, and never for what is found", () => {
    for (const each of FINDINGS.values()) {
      const { layers } = EXPLANATIONS[each.verdict];
      const isOurs = layers.includes("monitor");
      if (each.topic === "findings" && each.verdict !== "page-unread") assert.ok(!isOurs, each.verdict);
    }
  });
});

describe("an explained finding", () => {
  it("says what its alert says, with every name filled in", () => {
    for (const [name, each] of FINDINGS) {
      const { happened, means, steps, advice } = explained(each);
      assert.ok(happened.length > 20 && means.length > 20, name);
      const said = [happened, means, advice, ...steps].join("\n");
      assert.doesNotMatch(said, /\b(FILE|QUOTED|PROJECT|RELEASE|KEY_ID|CHANGE_ID|undefined|null)\b/, name);
    }
  });

  it("says how it ended, and nothing of an end while it is open", () => {
    const at = "2026-11-22T12:00:00.000Z";
    const over = { state: "resolved", changedAt: at } as const;
    const word = { at, by: "k", note: "n" };
    assert.equal(explained(finding()).ended, null);
    assert.equal(
      explained(finding({ ...over, resolvedBy: word })).ended,
      `Over since ${at}: a person says so.`,
    );
    const missing = explained(finding({ ...over, verdict: "missing" })).ended ?? "";
    assert.match(
      missing,
      /^Over since 2026-11-22T12:00:00\.000Z: PyPI publishes six-1\.17\.0\.tar\.gz now\./,
    );
    assert.ok(WORDS.missing.resolved !== null);
  });
});
