import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { render } from "../../functions/alert/render.ts";
import { pacedTopics } from "../../functions/aws/pacing.ts";
import { MOST_PUBLISHED_BYTES, topics } from "../../functions/aws/topics.ts";
import type { Contact } from "../../functions/domain/enrolments.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { type Alert, MOST_MESSAGE_BYTES } from "../../functions/ports.ts";
import { FILE, GENUINE, minute, OTHER } from "../domain/perfect.ts";
import { fakeClient } from "./fake.ts";

const ARNS = { findings: "arn:aws:sns:::findings", health: "arn:aws:sns:::health" };
const blind = aboutMonitor("blind", minute(0), "no answer");
const replaced: Finding = {
  ...blind,
  enrolment: "e1",
  project: "lantern",
  release: "1.0",
  file: FILE,
  verdict: "replaced",
  severity: "critical",
  topic: "findings",
  grounds: { ...blind.grounds, declared: GENUINE, observed: OTHER },
};

interface Published {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageStructure: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
}

const contact = (id: string): Contact => ({
  id,
  kind: "email",
  address: `${id}@example.org`,
  confirmedAt: null,
  handle: `arn:aws:sns:::findings:${id}`,
  addedAt: minute(0),
  endsAt: null,
});

async function published(alert: Alert, contacts: readonly Contact[] = []): Promise<Published> {
  const { client, calls } = fakeClient();
  await topics(client, ARNS).publish(alert, contacts);
  assert.deepEqual(
    calls.map(({ action }) => action),
    ["Publish"],
  );
  return calls[0]?.input as unknown as Published;
}

const byProtocol = (of: Published) => JSON.parse(of.Message) as Record<string, string>;

describe("a topic on SNS", () => {
  it("takes findings and health apart", async () => {
    assert.equal((await published(render(replaced))).TopicArn, ARNS.findings);
    assert.equal((await published(render(blind))).TopicArn, ARNS.health);
  });

  it("gives people the text, a phone one line, and machines the alert as JSON", async () => {
    const alert = render(replaced);
    const sent = await published(alert);
    const { default: text, email, sms = "", ...machines } = byProtocol(sent);
    assert.equal(sent.MessageStructure, "json");
    assert.deepEqual([text, email], [alert.text, alert.text]);
    assert.match(sms, /^[\x20-\x7e]{20,140}$/);
    assert.deepEqual(Object.keys(machines), ["http", "https", "sqs", "lambda"]);
    for (const json of Object.values(machines)) assert.deepEqual(JSON.parse(json), alert);
  });

  it("can be filtered by severity, verdict, project and enrolment, where the alert has them", async () => {
    const values = ({ MessageAttributes }: Published) =>
      Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      );
    assert.deepEqual(values(await published(render(replaced))), {
      severity: "critical",
      verdict: "replaced",
      project: "lantern",
      enrolment: "e1",
    });
    assert.deepEqual(values(await published(render(blind))), { severity: "warning", verdict: "blind" });
  });

  it("is given the contacts that shall get an alert, where there are some, and none of their addresses", async () => {
    const { MessageAttributes, ...rest } = await published(render(replaced), [contact("c1"), contact("c2")]);
    assert.deepEqual(MessageAttributes["contacts"], {
      DataType: "String.Array",
      StringValue: '["c1","c2"]',
    });
    assert.doesNotMatch(JSON.stringify({ MessageAttributes, rest }), /@example\.org/);
    assert.equal((await published(render(replaced))).MessageAttributes["contacts"], undefined);
  });

  it("takes an alert also when many shall get it: their ids count", async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => contact(`contact-${index}`));
    const huge = { ...replaced, grounds: { ...replaced.grounds, note: "ñ".repeat(55_000) } };
    const sent = await published(render(huge), many);
    const { Message, Subject, TopicArn, MessageAttributes } = sent;
    const bytes = Buffer.byteLength(Message + Subject + TopicArn + JSON.stringify(MessageAttributes));
    assert.ok(bytes <= MOST_PUBLISHED_BYTES, `${bytes} bytes`);
    assert.ok(bytes > MOST_PUBLISHED_BYTES / 4);
  });

  for (const subject of ["", "   ", "\nBcc: all", `naïve\r\n${"x".repeat(300)}`, "é".repeat(120)]) {
    it(`is given a subject that SNS takes for ${JSON.stringify(subject.slice(0, 12))}`, async () => {
      const sent = await published({ ...render(replaced), subject });
      assert.match(sent.Subject, /^[\x21-\x7e][\x20-\x7e]{0,98}$/);
      assert.match(byProtocol(sent)["sms"] ?? "", /^[\x20-\x7e]{1,140}$/);
    });
  }

  it("is given a subject that no mail program decodes, whatever a stranger called a release", async () => {
    const subject = "[counterfoil] CRITICAL mismatch: six =?utf-8?q?=0A=0Aall_is_well?=";
    assert.doesNotMatch((await published({ ...render(replaced), subject })).Subject, /=\?/);
  });

  it("is given no character that XML cannot carry, and machines lose none", async () => {
    const hostile = { ...render(replaced), text: "a\u0007\uFFFF\uD800b\nc" };
    const sent = await published(hostile);
    assert.equal(byProtocol(sent)["default"], "a???b\nc");
    assert.doesNotMatch(sent.Message, /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u);
    assert.deepEqual(JSON.parse(byProtocol(sent)["https"] ?? ""), hostile);
  });

  it("never says that an ordinary alert was cut", async () => {
    const sent = await published(render(replaced));
    assert.ok(!("cut" in JSON.parse(byProtocol(sent)["http"] ?? "{}")));
  });
});

/** Findings as large as the alerts queue lets through, each in another way. */
const HUGE: Readonly<Record<string, Finding>> = {
  "a long note": { ...replaced, grounds: { ...replaced.grounds, note: "ñ".repeat(90_000) } },
  "a long file name": { ...replaced, file: `${"\u0001\"\\'".repeat(12_000)}.whl` },
  "a thousand records": {
    ...replaced,
    grounds: {
      ...replaced.grounds,
      recorded: Array.from({ length: 1_000 }, () => ({
        digest: GENUINE,
        authority: "ci",
        recordedAt: minute(0),
      })),
    },
  },
  "everything at once": {
    ...replaced,
    file: "x".repeat(40_000),
    release: "y".repeat(40_000),
    grounds: {
      ...replaced.grounds,
      before: Array.from({ length: 500 }, () => OTHER),
      url: "u".repeat(40_000),
      note: "n".repeat(30_000),
    },
  },
};

describe("an alert with", () => {
  for (const [what, finding] of Object.entries(HUGE)) {
    it(`${what} is cut until SNS takes it, says so, and stays the same alert`, async () => {
      assert.ok(Buffer.byteLength(JSON.stringify(finding)) < MOST_MESSAGE_BYTES, "no queue would have it");
      const alert = render(finding);
      const sent = await published(alert);
      const bytes = Buffer.byteLength(
        sent.Message + sent.Subject + sent.TopicArn + JSON.stringify(sent.MessageAttributes),
      );
      assert.ok(bytes <= MOST_PUBLISHED_BYTES, `${bytes} bytes`);
      const said = byProtocol(sent);
      const got = JSON.parse(said["https"] ?? "") as Alert & { readonly cut: readonly string[] };
      assert.match(said["default"] ?? "", /^\(Cut: [^\n]*\n/);
      assert.ok((said["default"] ?? "").includes(finding.id));
      assert.ok(got.cut.length > 0);
      assert.deepEqual(
        [got.schema, got.id, got.topic, got.severity, got.finding.id, got.finding.verdict],
        [alert.schema, alert.id, alert.topic, alert.severity, finding.id, finding.verdict],
      );
      for (const [name, value] of Object.entries(got.finding.grounds)) {
        if (got.cut.some((path) => path.startsWith(`finding.grounds.${name}`))) continue;
        assert.deepEqual(value, finding.grounds[name as keyof Finding["grounds"]], name);
      }
    });
  }
});

describe("a paced topic", () => {
  it("takes a quarter of a second, so that two of them stay under what SNS sends by mail", async () => {
    const { client, calls } = fakeClient();
    const pauses: number[] = [];
    const paced = pacedTopics(topics(client, ARNS), async (ms) => void pauses.push(ms));
    await paced.publish(render(replaced), []);
    assert.deepEqual([calls.length, pauses], [1, [250]]);
  });

  it("passes on that nothing was published", async () => {
    const paced = pacedTopics({ publish: () => Promise.reject(new Error("denied")) }, async () => {});
    await assert.rejects(paced.publish(render(replaced), []), /denied/);
  });
});
