import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PROBLEMS, type ProblemCode, problem } from "../../functions/api/problems.ts";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { GATEWAY_ANSWERS } from "../../lib/gateway-answers.ts";
import { inside, Synthesised } from "./template.ts";

const synthesised = new Synthesised();
const PUBLIC = "https://counterfoil.example.org";

describe("what API Gateway answers by itself", () => {
  const answers = new Synthesised({ publicUrl: PUBLIC }).of("AWS::ApiGateway::GatewayResponse");

  it("has the form of the API's own refusals", () => {
    assert.equal(answers.length, GATEWAY_ANSWERS.length);
    for (const { Properties } of answers) {
      const said = JSON.parse(String(inside(Properties, "ResponseTemplates", "application/json")));
      const code = said.code as ProblemCode;
      assert.ok(code in PROBLEMS, code);
      assert.deepEqual(said, { ...problem(PUBLIC, code, said.detail, null) });
      assert.equal(Properties["StatusCode"], String(PROBLEMS[code].status));
      assert.equal(
        inside(Properties, "ResponseParameters", "gatewayresponse.header.Content-Type"),
        "'application/problem+json'",
      );
    }
  });

  it("covers every kind, by itself or by the two defaults", () => {
    const types = answers.map(({ Properties }) => Properties["ResponseType"]);
    const wanted = ["DEFAULT_4XX", "DEFAULT_5XX", "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT"];
    assert.deepEqual(
      wanted.filter((type) => !types.includes(type)),
      [],
    );
  });

  it("says nothing of the request back", () => {
    for (const { Properties } of answers)
      assert.doesNotMatch(
        JSON.stringify(Properties["ResponseTemplates"]),
        /\$(context|input|stageVariables)/,
      );
  });
});

describe("the API's own address", () => {
  const told = (among: Synthesised): unknown => {
    const [api] = among
      .of("AWS::Lambda::Function")
      .filter(({ Properties }) => Properties["Description"] === "Counterfoil: api");
    return inside(api?.Properties, "Environment", "Variables", ENVIRONMENT.publicUrl);
  };

  it("is what the operator says, else the gateway's, without waiting for its stage", () => {
    assert.equal(told(new Synthesised({ publicUrl: PUBLIC })), PUBLIC);
    const [rest] = synthesised.of("AWS::ApiGateway::RestApi");
    const { "Fn::Join": [by, parts] = ["", []] } = told(synthesised) as { "Fn::Join"?: [string, unknown[]] };
    const spelt = parts.map((part) => (typeof part === "string" ? part : Object.values(part as object)[0]));
    assert.equal(
      spelt.join(by),
      `https://${rest?.id}.execute-api.AWS::Region.AWS::URLSuffix/${stage?.Properties["StageName"]}`,
    );
  });
});

const [stage, ...others] = synthesised.of("AWS::ApiGateway::Stage");

describe("the gateway", () => {
  const methods = synthesised.of("AWS::ApiGateway::Method");

  it("hands every request, as it came, to the one function", () => {
    assert.equal(methods.length, 2);
    for (const { Properties } of methods) {
      assert.equal(Properties["HttpMethod"], "ANY");
      assert.equal(inside(Properties, "Integration", "Type"), "AWS_PROXY");
    }
    const [rest] = synthesised.of("AWS::ApiGateway::RestApi");
    assert.deepEqual(rest?.Properties["BinaryMediaTypes"], ["*/*"]);
  });

  it("is named after its stack, as are its metrics", () => {
    const [rest] = synthesised.of("AWS::ApiGateway::RestApi");
    assert.equal(rest?.Properties["Name"], "Counterfoil");
    const body = JSON.stringify(synthesised.of("AWS::CloudWatch::Dashboard")[0]?.Properties["DashboardBody"]);
    const named = [...body.matchAll(/\\"ApiName\\",\\"([^"\\]*)\\"/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)], ["Counterfoil"]);
  });

  it("throttles, and logs neither headers nor bodies", () => {
    assert.ok(stage !== undefined);
    assert.equal(others.length, 0);
    const [settings] = stage.Properties["MethodSettings"] as readonly unknown[];
    // A request takes a tenth of a second: one reader at this rate holds one function, of the ten that a new account runs.
    assert.equal(inside(settings, "ThrottlingRateLimit"), 10);
    assert.equal(inside(settings, "ThrottlingBurstLimit"), 20);
    assert.equal(inside(settings, "DataTraceEnabled"), false);
    const format = JSON.parse(String(inside(stage.Properties, "AccessLogSetting", "Format"))) as Record<
      string,
      string
    >;
    assert.ok(Object.keys(format).length > 5);
    assert.deepEqual(
      Object.values(format).filter((field) => !/^\$context\.[A-Za-z.]+$/.test(field)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(format), /header|body|authorizer/i);
  });
});
