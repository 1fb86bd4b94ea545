import assert from "node:assert/strict";
import { describe, it } from "node:test";
import ts from "typescript";
import { at, nodesIn, type Source, sourcesIn } from "./sources.ts";

const OURS = sourcesIn("bin", "lib", "functions");
const ALL = [...OURS, ...sourcesIn("test")];

/** Where nodes of a kind are; and how many nodes were looked at, so that nothing passes by seeing nothing. */
function found(sources: readonly Source[], wanted: (node: ts.Node) => boolean): string[] {
  let seen = 0;
  const places = sources.flatMap((source) =>
    [...nodesIn(source.tree)].flatMap((node) => {
      seen += 1;
      return wanted(node) ? [at(source, node)] : [];
    }),
  );
  assert.ok(seen > 1000, `saw only ${seen} nodes`);
  return places;
}

describe("the code", () => {
  it("says any nowhere", () => {
    assert.deepEqual(
      found(ALL, (node) => node.kind === ts.SyntaxKind.AnyKeyword),
      [],
    );
  });

  it("asserts nowhere that something is there", () => {
    assert.deepEqual(found(ALL, ts.isNonNullExpression), []);
  });

  it("quiets no compiler", () => {
    assert.ok(ALL.length > 150);
    const quiet = new RegExp(`@ts-${"(ignore|expect-error|nocheck)"}`);
    assert.deepEqual(
      ALL.filter(({ text }) => quiet.test(text)).map(({ path }) => path),
      [],
    );
  });
});

/** `Date.now()`, `new Date()` of nothing, `performance`, `setTimeout`, `process`, `console`, `fetch`, `Math.random()`. */
function acts(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === "Date" && !node.arguments?.length;
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    return text === "Date.now" || text === "Math.random" || /^(process|console|performance)\./.test(text);
  }
  return (
    ts.isCallExpression(node) &&
    /^(fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/.test(node.expression.getText())
  );
}

describe("time, chance and the world", () => {
  it("are asked for nowhere in the domain", () => {
    const domain = OURS.filter(({ path }) => path.startsWith("functions/domain/"));
    assert.ok(domain.length >= 20, `saw only ${domain.length} files`);
    assert.deepEqual(found(domain, acts), []);
  });

  it("come to stages through ports only", () => {
    const stages = OURS.filter(({ path }) =>
      /^functions\/(feed|survey|fetch|compare|alert|sweep)\/(?!handler)/.test(path),
    );
    assert.ok(stages.length >= 15, `saw only ${stages.length} files`);
    assert.deepEqual(found(stages, acts), []);
  });
});

const hasDoc = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).length > 0;

/** Whether an export explains itself: a few lines of plain names do, a longer thing wants its sentence. */
function wantsDoc(node: ts.Statement, { tree }: Source): boolean {
  const exported =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const line = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  return exported === true && line(node.end) - line(node.getStart(tree)) + 1 > 3;
}

describe("the exports of domain, ports and lib", () => {
  it("longer than three lines say what they mean", () => {
    const sources = OURS.filter(({ path }) => /^functions\/(domain\/|ports\.ts)|^lib\//.test(path));
    const exports = sources.flatMap((source) =>
      source.tree.statements.filter((node) => wantsDoc(node, source)).map((node) => ({ source, node })),
    );
    assert.ok(exports.length > 60, `saw only ${exports.length} exports`);
    assert.deepEqual(
      exports.filter(({ node }) => !hasDoc(node)).map(({ source, node }) => at(source, node)),
      [],
    );
  });
});
