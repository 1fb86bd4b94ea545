import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { type Call, fakeAws, stackAnswer, templateAnswer } from "./aws.ts";
import { counterfoil } from "./monitor.ts";

const subscription = (protocol: string, endpoint: string, arn: string): string =>
  `<member><SubscriptionArn>${arn}</SubscriptionArn><Owner>1</Owner><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint></member>`;

const CONFIRMED = subscription("email", "operator@example.org", "arn:aws:sns:eu-west-1:1:findings:1");
const PENDING = subscription("https", "https://pager.example/secret", "PendingConfirmation");

const TEXTED = subscription("sms", "491701234567", "arn:aws:sns:eu-west-1:1:findings:2");
const MAILED = { topic: "Findings", protocol: "email", endpoint: "Operator@example.org" } as const;
const PAGER = { topic: "Findings", protocol: "https", endpoint: "https://pager.example/secret" } as const;
const PHONED = { topic: "Findings", protocol: "sms", endpoint: "+491701234567" } as const;

type Declared = Parameters<typeof templateAnswer>[0];

const listOf = (members: readonly string[], next = "") => ({
  xml: `<Subscriptions>${members.join("")}</Subscriptions>${next}`,
});

const pageOf = (all: readonly string[], isSecond: boolean) =>
  isSecond ? listOf(all.slice(1)) : listOf(all.slice(0, 1), "<NextToken>2</NextToken>");

/** A monitor whose findings go to these, in two pages, and whose health goes to nobody but who has not confirmed. */
function monitor(t: TestContext, findings: readonly string[], declared: Declared = []) {
  return fakeAws(t, ({ action, asked }) => {
    if (action === "DescribeStacks") return stackAnswer();
    if (action === "GetTemplate") return templateAnswer(declared);
    if (action === "GetSubscriptionAttributes") return attributes(asked["SubscriptionArn"]);
    if (action === "Publish") return { xml: "<MessageId>1</MessageId>" };
    return asked["TopicArn"] === "arn:aws:sns:eu-west-1:1:health"
      ? listOf([PENDING])
      : pageOf(findings, asked["NextToken"] === "2");
  });
}

const CONTACT_ARN = "arn:aws:sns:eu-west-1:1:findings:contact";
const CONTACT = subscription("email", "watcher@project.example", CONTACT_ARN);

const attributes = (arn: unknown) => {
  const filter = arn === CONTACT_ARN ? '{"contacts":["c1"]}' : '{"verdict":[{"anything-but":["drill"]}]}';
  const entry = `<entry><key>FilterPolicy</key><value>${filter}</value></entry>`;
  return { xml: `<Attributes>${entry}</Attributes>` };
};

const published = (calls: readonly Call[]) => calls.filter(({ action }) => action === "Publish");

suite("counterfoil test-alert", () => {
  test("publishes a marked alert in the form of real ones, and names who gets it", async (t) => {
    const aws = await monitor(t, [CONFIRMED, TEXTED], [MAILED, PHONED]);
    const { code, stdout, stderr } = await counterfoil(["test-alert", "--topic", "findings"], aws.env);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^findings: published "\[counterfoil\] CRITICAL test-alert" .* to 2 subscribers\n/);
    assert.match(
      stdout,
      /confirmed {2}email {2}o…@example\.org\n {2}confirmed {2}sms {2}…567 {2}\(accepted by SNS, delivery not proven\)\n$/,
    );
    const [call, ...others] = published(aws.calls);
    assert.deepEqual(others, []);
    assert.equal(call?.asked["TopicArn"], "arn:aws:sns:eu-west-1:1:findings");
    const bodies = JSON.parse(String(call?.asked["Message"]));
    assert.match(bodies.email, /^This is a test of the findings topic\. Nothing was found\.\n/);
    const alert = JSON.parse(bodies.https);
    assert.deepEqual(
      [alert.schema, alert.severity, alert.finding.verdict],
      ["counterfoil.alert.v1", "critical", "test-alert"],
    );
  });

  test("could not tell where nobody has confirmed: 3, and which topic is deaf", async (t) => {
    const aws = await monitor(t, [CONFIRMED]);
    const { code, stdout, stderr } = await counterfoil(["test-alert", "--json"], aws.env);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^counterfoil: Nobody who confirmed is subscribed to health: its alerts reach nobody\. Who is PENDING on health .* 48 hours of it\.\nThen again: counterfoil test-alert\n$/,
    );
    const [findings, health] = JSON.parse(stdout);
    assert.notEqual(findings.alert, health.alert);
    assert.deepEqual(findings.subscribers, [
      { protocol: "email", endpoint: "o…@example.org", standing: "confirmed" },
    ]);
    assert.deepEqual(health.subscribers, [
      { protocol: "https", endpoint: "https://pager.example/…", standing: "pending" },
    ]);
    assert.equal(published(aws.calls).length, 2);
  });

  test("is not content with some who confirmed while others are pending: 3", async (t) => {
    const aws = await monitor(t, [PENDING, CONFIRMED], [PAGER]);
    const { code, stdout, stderr } = await counterfoil(["test-alert", "--topic", "findings"], aws.env);
    assert.equal(code, 3);
    assert.match(
      stdout,
      / to 1 subscriber\n {2}PENDING {4}https {2}https:\/\/pager\.example\/…\n {2}confirmed /,
    );
    assert.match(stderr, /^counterfoil: Who is PENDING on findings is told nothing/);
  });

  test("counts no watcher's contact: they are told of their own findings only", async (t) => {
    const aws = await monitor(t, [CONTACT, PENDING]);
    const { code, stderr } = await counterfoil(["test-alert", "--topic", "findings"], aws.env);
    assert.equal(code, 3);
    assert.match(stderr, /Nobody who confirmed is subscribed to findings/);
    assert.doesNotMatch(stderr, /PENDING/);
    const others = await monitor(t, [CONTACT, CONFIRMED]);
    const { code: ok, stdout } = await counterfoil(["test-alert", "--topic", "findings"], others.env);
    assert.equal(ok, 0);
    assert.match(stdout, / to 1 subscriber\n {2}confirmed {2}email {2}o…@example\.org\n$/);
  });

  test("misses whom the stack subscribes and SNS has forgotten: 3, and how they come back", async (t) => {
    const health = { ...MAILED, topic: "Health", endpoint: "oncall@example.org" } as const;
    const aws = await monitor(t, [TEXTED], [MAILED, PHONED, health]);
    const { code, stdout, stderr } = await counterfoil(["test-alert", "--topic", "findings"], aws.env);
    assert.equal(code, 3);
    assert.match(stdout, / to 1 subscriber\n.*sms.*\n {2}GONE {7}email {2}O…@example\.org\n$/);
    assert.match(stderr, /^counterfoil: Who is GONE from findings is told nothing, .*`aws sns subscribe`/);
  });

  test("says so too where nobody is subscribed at all", async (t) => {
    const aws = await monitor(t, []);
    const { code, stderr } = await counterfoil(["test-alert", "--topic", "findings"], aws.env);
    assert.equal(code, 3);
    assert.match(stderr, /subscribed to findings: .* Deploy with a subscription\.\nThen again: /);
  });

  test("publishes nothing where it cannot read who should be subscribed", async (t) => {
    const aws = await fakeAws(t, ({ action }) =>
      action === "DescribeStacks" ? stackAnswer() : { xml: "<TemplateBody>{}</TemplateBody>" },
    );
    const { code, stderr } = await counterfoil(["test-alert"], aws.env);
    assert.equal(code, 2);
    assert.match(stderr, /template of the stack Counterfoil is not one of this version's/);
    assert.deepEqual(published(aws.calls), []);
  });
});
