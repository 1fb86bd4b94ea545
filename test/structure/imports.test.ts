import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { importsOf, isOurs, type Source, sourcesIn } from "./sources.ts";

const STAGES = ["feed", "survey", "fetch", "compare", "alert", "sweep"];
/** What the constructs may know of the code they deploy: the names of its environment variables. */
const ENVIRONMENT = /^functions\/[a-z]+\/environment\.ts$/;

/** To which layers' files a layer's files may refer. A layer may always refer to itself. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ["domain"],
  records: ["domain", "ports"],
  ...Object.fromEntries(STAGES.map((stage) => [stage, ["domain", "ports"]])),
  api: ["domain", "ports", "records"],
  pypi: ["domain", "ports"],
  aws: ["domain", "ports", "records"],
  embedded: ["domain", "ports", "records"],
  client: ["domain", "records"],
  handler: ["domain", "ports", "records", ...STAGES, "api", "pypi", "aws", "embedded"],
  sandbox: [],
  bin: [
    "sandbox",
    "domain",
    "ports",
    "records",
    ...STAGES,
    "api",
    "pypi",
    "aws",
    "embedded",
    "client",
    "lib",
  ],
  lib: ["environment"],
  test: ["domain", "ports", "records", ...STAGES, "api", "pypi", "aws", "embedded", "client"].concat(
    "handler",
    "sandbox",
    "bin",
    "lib",
    "environment",
  ),
  environment: [],
};

/** The layer a file lies in. */
function layerOf(path: string): string {
  if (path === "functions/ports.ts") return "ports";
  if (ENVIRONMENT.test(path)) return "environment";
  if (basename(path) === "handler.ts") return "handler";
  if (path.startsWith("bin/sandbox/")) return "sandbox";
  const [top = "", folder = ""] = path.split("/");
  return top === "functions" ? folder : top;
}

const SOURCES = sourcesIn("bin", "lib", "functions", "test");
const BY_PATH = new Map(SOURCES.map((source) => [source.path, source]));
const edges = SOURCES.flatMap((source) =>
  importsOf(source).map((to) => ({ from: source.path, to, ours: isOurs(to) })),
);

function forbidden({ from, to }: { from: string; to: string }): boolean {
  const [layer, other] = [layerOf(from), layerOf(to)];
  if (layer === other) return false;
  // Environment names are data of the adapters that read them, and handlers are handlers wherever they lie.
  if (other === "environment") return !["aws", "handler", "lib", "test", "bin"].includes(layer);
  return !(MAY[layer]?.includes(other) ?? false);
}

describe("imports", () => {
  it("were seen, and lead to files that are there", () => {
    const ours = edges.filter((edge) => edge.ours);
    assert.ok(ours.length > 500, `saw only ${ours.length} imports`);
    assert.deepEqual(
      ours.filter(({ to }) => to.endsWith(".ts") && !BY_PATH.has(to)),
      [],
    );
  });

  it("go one way, from the rim to the domain", () => {
    const layers = new Set(SOURCES.map(({ path }) => layerOf(path)));
    for (const layer of layers) assert.ok(layer in MAY, `no rule for ${layer}`);
    for (const layer of ["domain", "ports", "records", "embedded", "pypi", "sandbox", ...STAGES])
      assert.ok(layers.has(layer), `no file in ${layer}`);
    const wrong = edges.filter((edge) => edge.ours && forbidden(edge));
    assert.deepEqual(
      wrong.map(({ from, to }) => `${from} -> ${to}`),
      [],
    );
  });

  it("never go in a circle", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, road: readonly string[]): void => {
      if (road.includes(path)) circles.push([...road.slice(road.indexOf(path)), path].join(" -> "));
      if (done.has(path) || road.includes(path)) return;
      const source = BY_PATH.get(path);
      for (const to of source ? importsOf(source).filter(isOurs) : []) visit(to, [...road, path]);
      done.add(path);
    };
    for (const { path } of SOURCES) visit(path, []);
    assert.ok(done.size >= SOURCES.length);
    assert.deepEqual(circles, []);
  });

  it("never reach the monitor's own code from the sandbox, by whatever road", () => {
    const roots = SOURCES.filter(({ path }) => path.startsWith("bin/sandbox/"));
    assert.ok(roots.length > 20, `saw only ${roots.length} files of the sandbox`);
    const reached = reachedFrom(roots.map(({ path }) => path));
    const wrong = [...reached].filter((path) => path.startsWith("functions/") || path === "bin/host.ts");
    assert.deepEqual(wrong, []);
  });

  it("of the domain are of nothing that acts", () => {
    const allowed = new Set(["node:crypto", "canonicalize", "@renovatebot/pep440", "ipaddr.js"]);
    const outside = edges.filter(({ from, ours }) => layerOf(from) === "domain" && !ours);
    assert.ok(outside.length >= 3, "saw none at all");
    assert.deepEqual(
      outside.filter(({ to }) => !allowed.has(to)),
      [],
    );
  });

  it("of stages are of nothing that acts either", () => {
    const acts = /^(node:(?!crypto|path)|undici|hono|@aws-sdk|@hono)/;
    const outside = edges.filter(({ from, ours }) => [...STAGES, "ports"].includes(layerOf(from)) && !ours);
    assert.deepEqual(
      outside.filter(({ to }) => acts.test(to)),
      [],
    );
  });
});

function reachedFrom(roots: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>(roots);
  for (const path of reached) {
    const source = BY_PATH.get(path);
    for (const to of source ? importsOf(source).filter(isOurs) : []) reached.add(to);
  }
  return reached;
}

describe("a barrel", () => {
  const reexports = ({ tree }: Source): boolean =>
    tree.statements.length > 0 &&
    tree.statements.every((each) => ts.isExportDeclaration(each) && each.moduleSpecifier);

  it("is nowhere", () => {
    assert.deepEqual(
      SOURCES.filter(reexports).map(({ path }) => path),
      [],
    );
  });
});
