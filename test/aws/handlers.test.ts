import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";

const DECISION = new URL("../../docs/decisions/0031-aws-functions.md", import.meta.url);
const FUNCTIONS = ["feed", "survey", "fetch", "compare", "alert", "sweep", "api", "copy"];

type Name = keyof typeof ENVIRONMENT;
const isName = (text: string): text is Name => text in ENVIRONMENT;

/** The names that the decision's table gives each function. */
function given(): ReadonlyMap<string, readonly Name[]> {
  const rows = readFileSync(DECISION, "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(
    rows
      .filter(([, name = ""]) => FUNCTIONS.includes(name))
      .filter(([, , cell = ""]) => isName(cell.split(", ")[0] ?? ""))
      .map(([, name = "", cell = ""]) => [name, [...(cell.match(/\w+/g) ?? [])].filter(isName)]),
  );
}

const VALUES: Readonly<Partial<Record<Name, string>>> = {
  index: "https://pypi.org",
  filesOrigins: '["https://files.pythonhosted.org"]',
  settings: JSON.stringify(DEFAULT_SETTINGS),
  backlog: '[{"queue":"facts","url":"https://q/facts","deadLettersUrl":"https://q/dead"}]',
  pollMs: "5000",
  heartbeatUrl: "https://watcher.example/ping",
  registration: "invitation",
  publicUrl: "https://counterfoil.example",
  quieteningHours: "24",
  oidcIssuers: "[]",
  trustedRoot: fileURLToPath(new URL("../../functions/pypi/trusted-root.json", import.meta.url)),
};

const fileOf = (name: string): string =>
  new URL(`../../functions/${name === "copy" ? "aws/copy" : name}/handler.ts`, import.meta.url).href;

/** Starts a function with these variables; answers which it read. */
async function started(name: string, names: readonly Name[]): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  const values = names.map((each) => [ENVIRONMENT[each], VALUES[each] ?? each] as const);
  const environment = { ...Object.fromEntries(values), [ENVIRONMENT.stage]: name };
  process.env = new Proxy<NodeJS.ProcessEnv>(environment, {
    get: (target, key) => {
      if (String(key).startsWith("COUNTERFOIL_")) read.add(String(key));
      return Reflect.get(target, key) as unknown;
    },
  });
  const { handler } = (await import(fileOf(name))) as { readonly handler: unknown };
  assert.equal(typeof handler, "function");
  return read;
}

describe("a deployed function", () => {
  const own = process.env;
  before(() => assert.deepEqual([...given().keys()].sort(), [...FUNCTIONS].sort()));
  after(() => {
    process.env = own;
  });

  for (const name of FUNCTIONS) {
    it(`of the name ${name} starts with the variables that the decision gives it, and uses each`, async () => {
      const names = given().get(name) ?? [];
      const read = await started(name, names);
      const expected = [...names.map((each) => ENVIRONMENT[each]), ENVIRONMENT.stage];
      assert.deepEqual([...read].sort(), [...new Set<string>(expected)].sort());
    });
  }
});
