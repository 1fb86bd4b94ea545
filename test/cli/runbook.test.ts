import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { EXPLANATIONS } from "../../functions/domain/explanations.ts";
import { FUNCTIONS } from "../../lib/names.ts";
import { RUNBOOK } from "../../lib/runbook.ts";
import { Synthesised } from "../lib/template.ts";
import { counterfoil } from "./monitor.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const runbook = readFileSync(new URL("runbook.md", DOCS), "utf8");
/** Told on health: alarms and sections of their own. Drills go to contacts, and the rest of what is left out is told to nobody. */
const MONITOR = [
  "blind",
  "journal-went-back",
  "source-fallback",
  "sweep-behind",
  "dead-letter",
  "contact-unreachable",
  "operator-key",
  "test-alert",
];
const deployed = new Synthesised();

/** Whatever a pattern's first group finds, each once. */
const named = (pattern: RegExp, text = runbook): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name = ""]) => name)),
];

const anchorsOf = (text: string): string[] =>
  named(/^##+ (.+)$/gm, text).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );

describe("the runbook", () => {
  const sections = new Map(runbook.split(/^## /m).map((text) => [text.split("\n", 1)[0], text]));

  for (const heading of Object.values(RUNBOOK))
    it(`says of "${heading}" what it means, what still works, how to look, what to do, and when it is over`, () => {
      const parts = named(/^\*\*([A-Z][a-z ]+)\*\*/gm, sections.get(heading));
      assert.deepEqual(parts.slice(0, 4), ["Means", "Still works", "Look", "Do"]);
      assert.equal(parts.at(-1), "Over");
    });

  it("says of every verdict that is told on findings what to ask and to do", () => {
    const rows = named(/^\| (`.+?) \|/gm, sections.get("A finding arrived")).join(" ");
    const untold = [...MONITOR, "match", "baseline", "listed", "expected", "hidden", "drill"];
    const told = Object.keys(EXPLANATIONS).filter((verdict) => !untold.includes(verdict));
    assert.ok(told.length > 20, `saw only ${told.length}`);
    assert.deepEqual(
      told.filter((verdict) => !rows.includes(`\`${verdict}\``)),
      [],
    );
  });

  it("leads nowhere that is not there", () => {
    const links = named(/\]\(([^)\s]+)\)/g).filter((link) => !/^https?:/.test(link));
    assert.ok(links.length >= 8, `saw only ${links.length}`);
    for (const link of links) {
      const [path = "", anchor] = link.split("#");
      const file = new URL(path || "runbook.md", DOCS);
      assert.ok(existsSync(file), link);
      assert.ok(anchor === undefined || anchorsOf(readFileSync(file, "utf8")).includes(anchor), link);
    }
  });

  it("names only outputs that a stack has", () => {
    const outputs = Object.keys(deployed.json["Outputs"] as object);
    const asked = named(/\bout ([A-Z]\w+)/g);
    assert.ok(asked.length >= 5, `saw only ${asked.length}`);
    assert.deepEqual(
      asked.filter((name) => !outputs.includes(name)),
      [],
    );
  });

  /** How many resources of the template a name of the runbook finds. */
  const found = (type: string, start: string): number =>
    deployed.of(`AWS::${type}`).filter(({ id }) => id.startsWith(`Pipeline${start}`)).length;

  it("finds each part that it names, and no second one", () => {
    const parts = [...runbook.matchAll(/part (\w+::\w+) (\w+)\)/g)];
    assert.ok(parts.length >= 3, `saw only ${parts.length}`);
    for (const [, type = "", start = ""] of parts) assert.equal(found(type, start), 1, `${type} ${start}`);
  });

  it("finds the log of each stage, and the function of each that it stops", () => {
    const stages = named(/`([A-Z]\w+)`/g, /`log` and `faults` take a stage: .*/.exec(runbook)?.[0]);
    assert.equal(stages.length, FUNCTIONS.length);
    for (const stage of stages) assert.equal(found("Logs::LogGroup", `${stage}Logs`), 1, stage);
    const stopped = /for stage in (.*); do/.exec(runbook)?.[1]?.split(" ") ?? [];
    assert.equal(stopped.length, FUNCTIONS.length - 1);
    for (const stage of stopped) assert.equal(found("Lambda::Function", `${stage}Function`), 1, stage);
  });

  it("names only commands that there are", async () => {
    const { stdout } = await counterfoil(["--help"]);
    const commands = named(/^ {2}([a-z-]+)/gm, stdout);
    const asked = named(/(?:npx |`)counterfoil ([a-z-]+)/g);
    assert.ok(asked.length >= 8, `saw only ${asked.length}`);
    assert.deepEqual(
      asked.filter((name) => !commands.includes(name)),
      [],
    );
  });
});
