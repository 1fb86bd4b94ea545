import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  FilterPolicyLimitExceededException,
  InvalidParameterException,
  NotFoundException,
} from "@aws-sdk/client-sns";
import { channels } from "../../functions/aws/channels.ts";
import type { Contact } from "../../functions/domain/enrolments.ts";
import { ChannelRefused } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { type Call, fakeClient } from "./fake.ts";

const ARNS = { topic: "arn:aws:sns:::findings", undelivered: "arn:aws:sqs:::undelivered" };
const SAID = { message: "", $metadata: {} };
const TAKEN = "Invalid parameter: Attributes Reason: Subscription already exists with different attributes";

const contact = (spoiled: Partial<Contact> = {}): Contact => ({
  id: "c1",
  kind: "email",
  address: "maintainer@example.org",
  confirmedAt: null,
  handle: null,
  addedAt: minute(0),
  endsAt: null,
  ...spoiled,
});

const hook = (address: string): Contact => contact({ kind: "webhook", address });

const about = (of: Contact) => ({
  project: "lantern",
  enrolment: "developer",
  contact: of,
  token: "t",
  url: "https://u",
});

/** SNS as far as it matters here: one subscription for each endpoint, with the filter that it was given first. */
function sns() {
  const filters = new Map<string, string>();
  const answer = ({ input }: Call): unknown => {
    const { Endpoint, Attributes } = input as { Endpoint: string; Attributes: { FilterPolicy: string } };
    const { FilterPolicy } = Attributes;
    if ((filters.get(Endpoint) ?? FilterPolicy) !== FilterPolicy)
      throw new InvalidParameterException({ ...SAID, message: TAKEN });
    filters.set(Endpoint, FilterPolicy);
    return { SubscriptionArn: `${ARNS.topic}:${Endpoint}` };
  };
  return { filters, ...fakeClient(answer) };
}

describe("a contact on SNS", () => {
  it("is a subscription of findings that gets what names the contact, and whose losses are kept", async () => {
    const { client, calls } = sns();
    const handle = await channels(client, ARNS).ask(about(contact()));
    assert.equal(handle, `${ARNS.topic}:maintainer@example.org`);
    assert.deepEqual(calls, [
      {
        action: "Subscribe",
        input: {
          TopicArn: ARNS.topic,
          Protocol: "email",
          Endpoint: "maintainer@example.org",
          ReturnSubscriptionArn: true,
          Attributes: {
            FilterPolicy: '{"contacts":["c1"]}',
            RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:::undelivered"}',
          },
        },
      },
    ]);
  });

  it("asked twice is the same subscription", async () => {
    const { client, filters } = sns();
    const { ask } = channels(client, ARNS);
    assert.equal(await ask(about(contact())), await ask(about(contact())));
    assert.equal(filters.size, 1);
  });

  it("whose address another contact has is asked under a form of it that is its own", async () => {
    const { client, filters } = sns();
    const { ask } = channels(client, ARNS);
    for (const id of ["c1", "c2"])
      for (const address of ["maintainer@example.org", "odd+tag@example.org"])
        await ask(about(contact({ id, address })));
    for (const id of ["c1", "c2"])
      for (const address of ["https://a.example/h", "https://a.example/h?x=1#top"])
        await ask(about({ ...hook(address), id }));
    assert.deepEqual(
      [...filters],
      [
        ["maintainer@example.org", '{"contacts":["c1"]}'],
        ["odd+tag@example.org", '{"contacts":["c1"]}'],
        ["maintainer+c2@example.org", '{"contacts":["c2"]}'],
        ["odd+tag+c2@example.org", '{"contacts":["c2"]}'],
        ["https://a.example/h", '{"contacts":["c1"]}'],
        ["https://a.example/h?x=1#top", '{"contacts":["c1"]}'],
        ["https://a.example/h?counterfoil-contact=c2", '{"contacts":["c2"]}'],
        ["https://a.example/h?x=1&counterfoil-contact=c2#top", '{"contacts":["c2"]}'],
      ],
    );
  });

  it("takes nobody's subscription from them, however often the address is asked for", async () => {
    const { client, filters } = sns();
    const { ask } = channels(client, ARNS);
    const handle = await ask(about(contact()));
    await ask(about(contact({ id: "thief" })));
    assert.equal(await ask(about(contact())), handle);
    assert.equal(filters.get("maintainer@example.org"), '{"contacts":["c1"]}');
  });

  for (const address of [
    "http://example.org/hook",
    "ftp://example.org",
    "example.org",
    "http://127.0.0.1.nip.io",
  ])
    it(`is refused without TLS: ${address}`, async () => {
      const { client, calls } = sns();
      await assert.rejects(channels(client, ARNS).ask(about(hook(address))), ChannelRefused);
      assert.deepEqual(calls, []);
    });

  it("is refused with the words of SNS, or with what its operator can do", async () => {
    const refusing = (error: Error) =>
      channels(
        fakeClient(() => {
          throw error;
        }).client,
        ARNS,
      ).ask(about(contact()));
    const odd = new InvalidParameterException({ ...SAID, message: "Invalid parameter: Email address" });
    await assert.rejects(refusing(odd), (error) => {
      assert.ok(error instanceof ChannelRefused);
      assert.match(error.message, /Invalid parameter: Email address/);
      return true;
    });
    await assert.rejects(refusing(new FilterPolicyLimitExceededException(SAID)), ChannelRefused);
    await assert.rejects(
      refusing(new InvalidParameterException({ ...SAID, message: TAKEN })),
      ChannelRefused,
    );
    const denied = Object.assign(new Error("no"), { name: "AuthorizationErrorException" });
    await assert.rejects(refusing(denied), (error) => error === denied);
  });

  it("without an ARN of its own is a fault, not a contact", async () => {
    const { client } = fakeClient(() => ({ SubscriptionArn: "pending confirmation" }));
    await assert.rejects(channels(client, ARNS).ask(about(contact())), /instead of a subscription's ARN/);
  });
});

describe("who confirmed on SNS", () => {
  it("is whose subscription is there and no longer pending", async () => {
    const states: Readonly<Record<string, string>> = { yes: "false", no: "true" };
    const { client, calls } = fakeClient(({ input }) => {
      const PendingConfirmation = states[String(input["SubscriptionArn"])];
      if (PendingConfirmation === undefined) throw new NotFoundException(SAID);
      return { Attributes: { PendingConfirmation } };
    });
    const contacts = ["yes", "no", "gone"].map((handle) => contact({ id: `c-${handle}`, handle }));
    const confirmed = await channels(client, ARNS).confirmed([...contacts, contact()]);
    assert.deepEqual([...confirmed], ["c-yes"]);
    assert.equal(calls.length, 3);
  });

  it("is not guessed when SNS does not say", async () => {
    const { client } = fakeClient(() => {
      throw new Error("throttled");
    });
    await assert.rejects(channels(client, ARNS).confirmed([contact({ handle: "arn:1" })]), /throttled/);
  });
});
