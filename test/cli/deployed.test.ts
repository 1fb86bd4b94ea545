import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { AwsError, translated } from "../../bin/deployed/aws-errors.ts";
import { shortened } from "../../bin/deployed/subscribers.ts";
import { type Answer, fakeAws, NO_AWS, OUTPUTS, refusal, stackAnswer } from "./aws.ts";
import { counterfoil } from "./monitor.ts";

/** `counterfoil replay --list` against an AWS that answers every call alike. */
async function listing(t: TestContext, answer: Answer, env: Readonly<Record<string, string>> = {}) {
  const aws = await fakeAws(t, () => answer);
  return counterfoil(["replay", "--list"], { ...aws.env, ...env });
}

suite("a command that reaches a deployed monitor", () => {
  test("says where it looked for a stack that is not there: 2", async (t) => {
    const none = refusal("ValidationError", "Stack with id Counterfoil does not exist");
    const { code, stdout, stderr } = await listing(t, none);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^counterfoil: There is no stack Counterfoil in eu-west-1\. .*--stack.*--region/);
  });

  test("says of somebody else's stack that it is not a monitor: 2", async (t) => {
    const { code, stderr } = await listing(t, stackAnswer({ WebsiteUrl: "https://shop.example" }));
    assert.equal(code, 2);
    assert.match(stderr, /not a Counterfoil monitor/);
  });

  test("names the output that another version did not have: 2", async (t) => {
    const { ScheduleTableName: _, ...outputs } = OUTPUTS;
    const { code, stderr } = await listing(t, stackAnswer({ ...outputs, Queues: "[1" }));
    assert.equal(code, 2);
    assert.match(stderr, /another version of Counterfoil: .* ScheduleTableName, Queues\./);
  });

  test("says of a stack that is being made that it is not up: 2", async (t) => {
    const { code, stderr } = await listing(t, stackAnswer({}, "ROLLBACK_COMPLETE"));
    assert.equal(code, 2);
    assert.match(stderr, /is not up: its status is ROLLBACK_COMPLETE/);
  });

  test("repeats what AWS says may not be done: 2", async (t) => {
    const said = "User: arn:aws:iam::1:user/x is not authorized to perform: cloudformation:DescribeStacks";
    const { code, stderr } = await listing(t, refusal("AccessDenied", said));
    assert.equal(code, 2);
    assert.match(stderr, /may not do that: User: arn:aws:iam::1:user\/x is not authorized to perform/);
  });

  test("without credentials says how to get some: 2", async (t) => {
    const { code, stderr } = await listing(t, stackAnswer(), {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
    });
    assert.equal(code, 2);
    assert.match(stderr, /^counterfoil: No AWS credentials were found\. Log in/);
  });

  test("without a region asks for one: 2", async () => {
    const { code, stderr } = await counterfoil(["test-alert"], NO_AWS);
    assert.equal(code, 2);
    assert.match(stderr, /^counterfoil: No AWS region is known\. Give --region/);
  });

  test("that reaches nobody could not tell: 3", async () => {
    const env = { ...NO_AWS, AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
    const { code, stderr } = await counterfoil(["test-alert"], {
      ...env,
      AWS_ENDPOINT_URL: "http://127.0.0.1:2",
    });
    assert.equal(code, 3);
    assert.match(stderr, /AWS could not be reached \(.*127\.0\.0\.1:2\)/);
  });
});

suite("an error of the SDK", () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: {} });
  const KNOWN: [Error, number, RegExp][] = [
    [named("ExpiredTokenException", "The security token included in the request is expired"), 2, /expired/],
    [
      named("CredentialsProviderError", "Token is expired. To refresh this SSO session run aws sso login"),
      2,
      /expired/,
    ],
    [named("UnrecognizedClientException", "The security token is invalid"), 2, /does not accept/],
    [named("AuthorizationErrorException", "not authorized to perform: SNS:Publish"), 2, /may not do that/],
    [named("ResourceNotFoundException", "Requested resource not found"), 3, /is gone/],
    [named("QueueDoesNotExist", "The specified queue does not exist."), 3, /is gone/],
    [named("ThrottlingException", "Rate exceeded"), 3, /asked too much/],
    [named("TimeoutError", "socket timed out"), 3, /could not be reached/],
    [named("SomethingNew", "at\u001b[2J night"), 3, /answered SomethingNew: at\\u\{1b\}\[2J night\.$/],
  ];
  for (const [error, exitCode, says] of KNOWN)
    test(`named ${error.name} is a sentence, and ${exitCode}`, () => {
      const said = translated(error);
      assert.ok(said instanceof AwsError);
      assert.equal(said.exitCode, exitCode);
      assert.match(said.message, says);
      assert.equal(said.cause, error);
    });

  test("that is none of AWS's stays what it is", () => {
    const fault = new TypeError("a fault of ours");
    assert.equal(translated(fault), fault);
  });
});

suite("a subscriber's address", () => {
  const SHORT: [string, string, string][] = [
    ["email", "somebody@example.org", "s…@example.org"],
    ["https", "https://pager.example/hook?secret=1", "https://pager.example/…"],
    ["sms", "+491701234567", "…567"],
    ["sqs", "arn:aws:sqs:eu-west-1:1:audit", "audit"],
    ["firehose", "whatever", "…"],
  ];
  for (const [protocol, endpoint, shown] of SHORT)
    test(`by ${protocol} is shown as ${shown}`, () => assert.equal(shortened(protocol, endpoint), shown));
});
