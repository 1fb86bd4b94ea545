import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { CODE_FOLDERS, functionsIn, median, ROOT, sourcesIn } from "./sources.ts";

const FOLDERS = new Set<string>([...CODE_FOLDERS, "docs"]);
/** Made by tools, and kept out of the repository by .gitignore. */
const MADE = new Set(["node_modules", "dist", "cdk.out", "cdk.context.json", "data"]);
const PROSE = /^(LICENSE|NOTICE|[A-Z]+\.md)$/;
/** `action.yml` must lie at the top for workflows to find it. */
const TOOLS = /^((package|package-lock|biome|cdk|tsconfig(\.\w+)?)\.json|action\.yml)$/;
const STAGES = ["feed", "survey", "fetch", "compare", "alert", "sweep"];
const BESIDE_STAGES = ["domain", "records", "api", "client", "pypi", "aws", "embedded"];
const VAGUE =
  /^(utils?|shared|common|helpers?|misc|manager|service)\.ts$|\/(utils?|shared|common|helpers?|misc)\//;

const OURS = sourcesIn("bin", "lib", "functions");
const ALL = [...OURS, ...sourcesIn("test")];

describe("the layout", () => {
  it("has no code folder at the top but bin, lib, functions and test", () => {
    const names = readdirSync(ROOT).filter((name) => !name.startsWith(".") && !MADE.has(name));
    assert.ok(names.includes("functions") && names.includes("package.json"), "looked in the wrong place");
    const strangers = names.filter((name) =>
      statSync(join(ROOT, name)).isDirectory() ? !FOLDERS.has(name) : !PROSE.test(name) && !TOOLS.test(name),
    );
    assert.deepEqual(strangers, []);
  });

  it("has in functions one folder per stage, and those of the drawing", () => {
    const entries = readdirSync(join(ROOT, "functions"));
    for (const stage of STAGES) assert.ok(entries.includes(stage), `no folder for ${stage}`);
    const strangers = entries.filter((name) => ![...STAGES, ...BESIDE_STAGES, "ports.ts"].includes(name));
    assert.deepEqual(strangers, []);
    for (const stage of STAGES)
      assert.ok(readdirSync(join(ROOT, "functions", stage)).includes(`${stage}.ts`));
  });

  it("names no file after what it does not say", () => {
    assert.ok(ALL.length > 150, `saw only ${ALL.length} files`);
    assert.deepEqual(
      ALL.map(({ path }) => path).filter((path) => VAGUE.test(path) || VAGUE.test(basename(path))),
      [],
    );
  });

  it("names no place where it happens to be written", () => {
    const places = [
      ["/wo", "rk/"],
      ["pypi-inter", "faces.md"],
      ["../sha", "red"],
    ].map((parts) => parts.join(""));
    const prose = readdirSync(join(ROOT, "docs"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const texts = new Map([
      ...ALL.map(({ path, text }) => [path, text] as const),
      ...prose.map((path) => [path, readFileSync(path, "utf8")] as const),
    ]);
    assert.ok(texts.size > ALL.length, "saw no prose");
    assert.deepEqual(
      [...texts].filter(([, text]) => places.some((place) => text.includes(place))).map(([path]) => path),
      [],
    );
  });
});

describe("the sizes", () => {
  it("half of all files stay under 70 lines, and no file is a heap", () => {
    assert.ok(OURS.length > 90, `saw only ${OURS.length} files`);
    const middle = median(OURS.map(({ lines }) => lines));
    assert.ok(middle < 70, `the median file has ${middle} lines`);
    assert.deepEqual(
      OURS.filter(({ lines, path }) => lines > 300 && path !== "functions/ports.ts").map(({ path }) => path),
      [],
    );
  });

  it("half of all functions stay under 10 lines, and none is over 60", () => {
    const functions = OURS.flatMap(functionsIn);
    assert.ok(functions.length > 500, `saw only ${functions.length} functions`);
    const middle = median(functions.map(({ lines }) => lines));
    assert.ok(middle < 10, `the median function has ${middle} lines`);
    const long = functions.filter(({ lines }) => lines > 60).map(({ where, lines }) => `${where} (${lines})`);
    assert.deepEqual(long, []);
  });

  it("a handler stays under 30 lines", () => {
    const handlers = OURS.filter(({ path }) => basename(path) === "handler.ts");
    assert.deepEqual(
      handlers.filter(({ lines }) => lines >= 30).map(({ path }) => path),
      [],
    );
  });
});
