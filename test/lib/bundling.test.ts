import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { App, Stack } from "aws-cdk-lib";
import type { AssetCode } from "aws-cdk-lib/aws-lambda";
import { configuration } from "../../functions/aws/configuration.ts";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { servingChoices } from "../../functions/aws/serving.ts";
import { bundled, mostBytes } from "../../lib/bundling.ts";
import { FUNCTIONS, type FunctionName } from "../../lib/names.ts";
import { TRUSTED_ROOT_FILE } from "../../lib/trusted-root.ts";

const bundles = bundled();
const folderOf = (name: FunctionName): string => (bundles(name) as AssetCode).path;
const codeOf = (name: FunctionName): string => readFileSync(join(folderOf(name), "index.mjs"), "utf8");

/** Any would do that is one. */
const ROOT_FILE = fileURLToPath(new URL("../../functions/pypi/trusted-root.json", import.meta.url));

/** What a function might be told, so that it starts. */
const PAIR = { queue: "facts", url: "https://sqs.example/facts", deadLettersUrl: "https://sqs.example/dead" };
const TOLD: Readonly<Partial<Record<keyof typeof ENVIRONMENT, string>>> = {
  index: "https://pypi.org",
  filesOrigins: '["https://files.pythonhosted.org"]',
  settings: JSON.stringify({
    confirmMs: 1,
    minLookMs: 1,
    sweepMs: 1,
    rehashMs: 1,
    sweepBudgetBytes: 1,
    sweepPerSecond: 1,
    staleMs: 1,
    source: "journal",
    listMs: 1,
    carryingListMs: 1,
    rssMs: 1,
  }),
  backlog: JSON.stringify([PAIR]),
  pollMs: "5000",
  heartbeatUrl: "https://hc.example.org",
  trustedRoot: ROOT_FILE,
  registration: "open",
  publicUrl: "https://counterfoil.example",
  quieteningHours: "24",
  oidcIssuers: "[]",
  logLevel: "INFO",
};

const CHOSEN = Object.fromEntries(
  Object.entries(ENVIRONMENT).map(([short, name]) => [name, TOLD[short as keyof typeof TOLD] ?? "told"]),
);

describe("each bundle", () => {
  it("is an ES module with a source map beside it, and nothing else", () => {
    assert.equal(FUNCTIONS.length, 8);
    for (const name of FUNCTIONS) {
      assert.deepEqual(readdirSync(folderOf(name)).toSorted(), ["index.mjs", "index.mjs.map"]);
      assert.match(codeOf(name), /\n\/\/# sourceMappingURL=index\.mjs\.map\s*$/);
    }
  });

  it("stays under its limit", () => {
    for (const name of FUNCTIONS) {
      const { size } = statSync(join(folderOf(name), "index.mjs"));
      assert.ok(size > 100_000 && size <= mostBytes(name), `${name} has ${size} bytes`);
    }
  });

  it("has nothing that counts callers, and the API is told not to", () => {
    for (const name of FUNCTIONS) assert.doesNotMatch(codeOf(name), /msBeforeNext=|RateLimiterRedis/, name);
    assert.match(codeOf("api"), /callers are not counted on AWS/);
    assert.equal(servingChoices(configuration(CHOSEN)).limits, null);
  });

  it("brings along all that it imports", () => {
    for (const name of FUNCTIONS) {
      const imported = [...codeOf(name).matchAll(/(?:^|[;}])import(?:[\w*{}$,\s]+from)?"([^"]+)"/g)].map(
        ([, from = ""]) => from,
      );
      assert.ok(imported.length > 3, `${name}: saw only ${imported.length}`);
      const foreign = imported.filter((from) => !from.startsWith("node:") && !builtinModules.includes(from));
      assert.deepEqual(foreign, [], name);
    }
  });

  it("starts, and has a handler", async () => {
    for (const [variable, name] of Object.entries(ENVIRONMENT))
      process.env[name] = TOLD[variable as keyof typeof ENVIRONMENT] ?? "told";
    process.env["AWS_REGION"] ??= "us-east-1";
    for (const name of FUNCTIONS) {
      const loaded: unknown = await import(pathToFileURL(join(folderOf(name), "index.mjs")).href);
      assert.equal(typeof (loaded as { handler?: unknown }).handler, "function", name);
    }
  });

  it("is the same for the same code", () => {
    const again = bundled();
    for (const name of FUNCTIONS) assert.equal((again(name) as AssetCode).path, folderOf(name));
    const stack = new Stack(new App(), "S");
    assert.ok(bundles("feed").bind(stack).s3Location);
  });
});

describe("an operator's trusted root", () => {
  it("lies beside the code of fetch, under the name that fetch is told, and nowhere else", () => {
    const own = bundled(mostBytes, ROOT_FILE);
    for (const name of FUNCTIONS) {
      const { path } = own(name) as AssetCode;
      const files = readdirSync(path).filter((file) => !file.startsWith("index.mjs"));
      assert.deepEqual(files, name === "fetch" ? [TRUSTED_ROOT_FILE] : [], name);
    }
    const { path } = own("fetch") as AssetCode;
    assert.notEqual(path, folderOf("fetch"));
    assert.deepEqual(readFileSync(join(path, TRUSTED_ROOT_FILE)), readFileSync(ROOT_FILE));
  });
});

describe("a bundle over its limit", () => {
  it("is refused with a sentence that says what it is made of", () => {
    assert.throws(
      () => bundled(() => 1000),
      /The bundle of feed has \d+ bytes, over its limit of 1000.*Most of it comes from \S+ \(\d+\)/,
    );
  });
});
