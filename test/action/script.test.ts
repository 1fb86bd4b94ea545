import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import * as z from "zod/mini";
import { ROOT } from "../structure/sources.ts";
import { ACTION, execute, whereIs } from "./runner.ts";
import { receipt, startStub } from "./stub.ts";

describe("the action's script", () => {
  it("holds no expression: what a person typed would be run", () => {
    assert.ok(ACTION.runs.steps.length > 0);
    for (const step of ACTION.runs.steps) assert.ok(!step.run.includes("${{"), step.id);
  });

  it("has a default for every input that may be left out", () => {
    const required = Object.entries(ACTION.inputs).filter(([, input]) => input.required === true);
    assert.deepEqual(
      required.map(([name]) => name),
      ["monitor-url", "project"],
    );
    for (const [name, input] of Object.entries(ACTION.inputs))
      assert.ok(input.required === true || input.default !== undefined, name);
  });

  it("hands every input to its step, and every output back", () => {
    const [step] = ACTION.runs.steps;
    const given = Object.values(step?.env ?? {}).map((text) => /inputs\.([a-z-]+)/.exec(text)?.[1]);
    assert.deepEqual(given.sort(), Object.keys(ACTION.inputs).sort());
    for (const [name, { value }] of Object.entries(ACTION.outputs))
      assert.equal(value, `\${{ steps.record.outputs.${name} }}`);
  });
});

const Steps = z.object({
  steps: z.array(
    z.looseObject({ uses: z.optional(z.string()), with: z.optional(z.record(z.string(), z.unknown())) }),
  ),
});
const Workflow = z.object({ jobs: z.record(z.string(), Steps) });
const Pipeline = z.object({
  record: z.object({
    variables: z.record(z.string(), z.string()),
    id_tokens: z.record(z.string(), z.object({ aud: z.string() })),
    script: z.array(z.string()),
  }),
});

describe("docs/ci.md", () => {
  const blocks = readFileSync(join(ROOT, "docs/ci.md"), "utf8").matchAll(/^```yaml\n(.*?)^```$/gms);
  const [github, gitlab, ...more] = [...blocks].map(
    ([, yaml]) => parseAllDocuments(yaml ?? "")[0]?.toJS() as unknown,
  );

  it("uses the action with inputs that it has, all required ones among them", () => {
    assert.deepEqual(more, []);
    const steps = Object.values(Workflow.parse(github).jobs).flatMap((job) => job.steps);
    const [ours, ...others] = steps.filter(({ uses }) => uses?.startsWith("counterfoil/counterfoil@"));
    assert.deepEqual(others, []);
    const given = Object.keys(ours?.with ?? {});
    assert.deepEqual(
      given.filter((name) => !(name in ACTION.inputs)),
      [],
    );
    for (const [name, { required }] of Object.entries(ACTION.inputs))
      assert.ok(required !== true || given.includes(name), name);
  });

  it("pins every action by a commit", () => {
    const used = Object.values(Workflow.parse(github).jobs).flatMap((job) =>
      job.steps.flatMap(({ uses }) => uses ?? []),
    );
    assert.ok(used.length >= 5);
    assert.deepEqual(
      used.filter((uses) => !uses.endsWith("@COMMIT")),
      [],
    );
  });

  it("records from GitLab by a line that does what it says", async (t) => {
    const { variables, id_tokens, script } = Pipeline.parse(gitlab).record;
    assert.deepEqual(Object.entries(id_tokens), [["COUNTERFOIL_TOKEN", { aud: variables["MONITOR"] }]]);
    const monitor = await startStub();
    const folder = mkdtempSync(join(tmpdir(), "counterfoil-gitlab-"));
    t.after(() => monitor.close());
    t.after(() => rmSync(folder, { recursive: true }));
    monitor.answer(receipt());
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist", "demo.whl"), "bytes");
    writeFileSync(join(folder, "script"), script.join("\n"));
    const env = { PATH: process.env["PATH"] ?? "", MONITOR: monitor.url, COUNTERFOIL_TOKEN: "eyJ.eyJ.x" };
    const { exitCode, log } = await execute(whereIs("bash") ?? "", "script", folder, env);
    assert.equal(exitCode, 0, log);
    const [asked] = monitor.asked;
    assert.equal(asked?.path, "/v1/projects/requests/records");
    assert.equal(asked?.headers.authorization, "Bearer eyJ.eyJ.x");
    assert.equal(asked?.body, `${createHash("sha256").update("bytes").digest("hex")}  dist/demo.whl\n`);
  });
});
