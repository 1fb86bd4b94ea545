import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { App, CfnResource, type Stack, Validations } from "aws-cdk-lib";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { FLAGS, inside, Synthesised, stackOf } from "./template.ts";

const outdir = mkdtempSync(join(tmpdir(), "counterfoil-cdk-"));
after(() => rmSync(outdir, { recursive: true }));

/** As `npx cdk synth` does, with every check. */
function synthesise(
  chosen: Readonly<Record<string, unknown>>,
  folder: string,
  spoil: (stack: Stack) => void = () => {},
): unknown {
  const app = new App({ context: FLAGS, outdir: join(outdir, folder) });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  spoil(stackOf(chosen, app));
  app.synth();
  return JSON.parse(readFileSync(join(outdir, folder, "validation-report.json"), "utf8"));
}

describe("the whole stack", () => {
  it("is faultless to AwsSolutions and to CloudFormation's own checks", () => {
    const report = synthesise({}, "kept");
    const checked = inside(report, "pluginReports") as readonly unknown[];
    assert.deepEqual(
      checked.map((each) => [
        inside(each, "pluginName"),
        inside(each, "conclusion"),
        inside(each, "violations"),
      ]),
      [["AwsSolutions", "success", []]],
    );
  });

  it("would be refused by either for one fault", () => {
    const orphan = (stack: Stack): unknown => new CfnQueue(stack, "Orphan", { sqsManagedSseEnabled: true });
    assert.throws(() => synthesise({}, "orphan", orphan), /Validation failed/);
    const nonsense = (stack: Stack): unknown =>
      new CfnResource(stack, "Nonsense", {
        type: "AWS::Logs::LogGroup",
        properties: { RetentionInDays: "long" },
      });
    assert.throws(() => synthesise({}, "nonsense", nonsense), /Validation failed/);
  });

  it("says why, where a rule does not hold", () => {
    const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
    const acknowledged = stackOf()
      .node.findAll()
      .flatMap(({ node }) =>
        node.metadata.filter(({ type }) => type === key).map(({ data }) => ({ node, data })),
      );
    assert.ok(acknowledged.length >= 14, `saw only ${acknowledged.length}`);
    for (const { node, data } of acknowledged)
      for (const [rule, reason] of Object.entries(data as Record<string, string>)) {
        assert.ok(node.path.split("/").length > 2, `${rule} is acknowledged for a whole stack`);
        assert.ok(reason.length > 30, `${node.path}: ${rule}: ${reason}`);
      }
  });

  it("is so too when it shall be removable", () => {
    synthesise({ keepData: "false" }, "removable");
  });

  it("fits into one CloudFormation stack with room to grow", () => {
    const { json, all } = new Synthesised();
    assert.ok(all.length > 120 && all.length < 500, `${all.length} resources`);
    assert.ok(JSON.stringify(json).length < 1_000_000);
    assert.ok(Object.keys(json["Outputs"] as object).length < 200);
  });

  it("fits any account and region", () => {
    const text = JSON.stringify(new Synthesised().json);
    assert.doesNotMatch(text, /arn:aws:/);
    assert.doesNotMatch(text, /"\d{12}"/);
  });
});

describe("the outputs", () => {
  const outputs = new Synthesised().json["Outputs"] as Record<string, { Value: unknown }>;

  it("are those that the operator's commands read", () => {
    const document = readFileSync(
      new URL("../../docs/decisions/0033-operator-commands.md", import.meta.url),
      "utf8",
    );
    const rows = [...document.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names = ""]) => names.split(", "));
    const read = rows.map((name) => name.replaceAll("`", ""));
    assert.ok(read.length >= 12, `saw only ${read.length}`);
    assert.deepEqual(
      read.filter((name) => !(name in outputs)),
      [],
    );
  });

  it("say what to run next, in order", () => {
    const next = Object.entries(outputs).filter(([name]) => name.startsWith("Next"));
    const texts = next.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { Value }]) => JSON.stringify(Value));
    const expected = ["Confirm", "operator-key", "test-alert", "enrol PROJECT", "L-B99A9384", "#dashboards"];
    assert.equal(texts.length, expected.length);
    for (const [index, words] of expected.entries()) assert.match(texts[index] ?? "", new RegExp(words));
  });

  it("say in which region a command finds the stack", () => {
    for (const name of ["Next2", "Next3"]) {
      const [parts] = Object.values(outputs[name]?.Value as Record<string, [string, unknown[]]>);
      const said = parts?.[1].map((part) => (typeof part === "string" ? part : inside(part, "Ref"))).join("");
      assert.match(String(said), /npx counterfoil \S+ --stack Counterfoil --region AWS::Region( >|$)/, name);
    }
  });

  it("end the API's address without a slash", () => {
    assert.doesNotMatch(JSON.stringify(outputs["ApiUrl"]?.Value), /\/"\]\]\}$/);
    assert.match(JSON.stringify(outputs["ApiUrl"]?.Value), /DeploymentStageapi\w+"\}\]\]\}$/);
  });
});

describe("nobody to be told", () => {
  it("is a warning with a sentence, for each topic", () => {
    const none = { findingsEmail: "", findingsHttps: "", healthEmail: "" };
    const stack = stackOf(none);
    const said = stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => String(data)));
    const warned = said.filter((text) => text.startsWith("Nobody would be told of "));
    assert.equal(warned.length, 2);
  });
});
