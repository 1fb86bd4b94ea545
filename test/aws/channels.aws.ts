import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CreateTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { render } from "../../functions/alert/render.ts";
import { channels } from "../../functions/aws/channels.ts";
import { snsClient, sqsClient } from "../../functions/aws/clients.ts";
import { topics } from "../../functions/aws/topics.ts";
import type { Contact } from "../../functions/domain/enrolments.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { aboutTest } from "../../functions/domain/monitor.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import type { Channels, Topics } from "../../functions/ports.ts";
import { caseOf, minute } from "../domain/perfect.ts";
import { eventually } from "./eventually.ts";
import { HttpSubscriber } from "./http-subscriber.ts";
import { CALLER, fresh } from "./over-aws.ts";
import { arnOf } from "./subscribing-queue.ts";

const sns = snsClient(CALLER);
const sqs = sqsClient(CALLER);

interface Place {
  readonly topic: string;
  readonly channels: Channels;
  readonly topics: Topics;
  /** Somebody who listens at an address, and confirms only if `confirms`. */
  listener(confirms?: boolean): Promise<HttpSubscriber>;
}

/** A findings topic of its own, and whoever listens to it gone at the end. */
async function onTopic(claim: (place: Place) => Promise<void>): Promise<void> {
  const { TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: fresh("findings") }));
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: fresh("undelivered") }));
  const undelivered = await arnOf(sqs, queue.QueueUrl ?? "");
  const listeners: HttpSubscriber[] = [];
  const place = {
    topic,
    channels: channels(sns, { topic, undelivered }),
    topics: topics(sns, { findings: topic, health: topic }),
    listener: async (confirms = true) => {
      const listener = await HttpSubscriber.start(confirms);
      listeners.push(listener);
      return listener;
    },
  };
  try {
    await claim(place);
  } finally {
    for (const listener of listeners) listener.stop();
  }
}

const contactAt = (id: string, { url }: HttpSubscriber): Contact => ({
  id,
  kind: "webhook",
  address: `${url}/${id}`,
  confirmedAt: null,
  handle: null,
  addedAt: minute(0),
  endsAt: null,
});

const about = (contact: Contact) => ({
  project: "lantern",
  enrolment: "developer",
  contact,
  token: "t",
  url: "u",
});

/** Asked, and with what SNS calls them. */
const asked = async (place: Place, contact: Contact): Promise<Contact> => ({
  ...contact,
  handle: await place.channels.ask(about(contact)),
});

const confirmedAre = (place: Place, contacts: readonly Contact[], wanted: readonly string[]) =>
  eventually(
    `${wanted} confirmed`,
    () => place.channels.confirmed(contacts),
    (seen) => [...seen].join() === wanted.join(),
  );

const told = (listener: HttpSubscriber): readonly string[] => listener.alerts.map(({ id }) => id);
const drill = render(aboutDrill(caseOf().enrolment, minute(0), "key-1"));
const warning = (verdict: Finding["verdict"]) =>
  render({ ...aboutTest("findings", minute(0)), id: verdict, verdict, enrolment: "developer" });

describe("SNS: a contact", () => {
  it("is confirmed once whoever reads there says so, under the name that it had when it was asked", () =>
    onTopic(async (place) => {
      const [willing, silent] = [await place.listener(), await place.listener(false)];
      const contacts = [
        await asked(place, contactAt("willing", willing)),
        await asked(place, contactAt("silent", silent)),
      ];
      for (const { handle } of contacts) assert.match(handle ?? "", /^arn:aws:sns:/);
      await confirmedAre(place, contacts, ["willing"]);
      assert.equal(await place.channels.ask(about(contactAt("willing", willing))), contacts[0]?.handle);
      assert.deepEqual([...(await place.channels.confirmed(contacts))], ["willing"]);
    }));

  it("gets what names it and nothing else, and no operator gets a drill", () =>
    onTopic(async (place) => {
      const [mine, other, operators] = await Promise.all([1, 2, 3].map(() => place.listener()));
      assert.ok(mine && other && operators);
      const contacts = await Promise.all([
        asked(place, contactAt("mine", mine)),
        asked(place, contactAt("other", other)),
      ]);
      await subscribeOperator(place.topic, operators);
      await confirmedAre(place, contacts, ["mine", "other"]);
      await eventually(
        "the operator confirmed",
        () => operators.confirmed.size,
        (size) => size === 1,
      );
      const [ours, theirs, everybodys] = [warning("replaced"), warning("mismatch"), warning("unrecorded")];
      await place.topics.publish(drill, contacts.slice(0, 1));
      await place.topics.publish(theirs, contacts.slice(1));
      await place.topics.publish(ours, contacts);
      await place.topics.publish(everybodys, []);
      await eventually(
        "all were told",
        () => [mine, other, operators].map((each) => told(each).length),
        (seen) => seen.join() === "2,2,3",
      );
      assert.deepEqual(told(mine).toSorted(), [drill.id, ours.id].toSorted());
      assert.deepEqual(told(other).toSorted(), [theirs.id, ours.id].toSorted());
      assert.deepEqual(told(operators).toSorted(), [theirs.id, ours.id, everybodys.id].toSorted());
    }));

  it("who unsubscribed is not confirmed any more", () =>
    onTopic(async (place) => {
      const contact = await asked(place, contactAt("gone", await place.listener()));
      await confirmedAre(place, [contact], ["gone"]);
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: contact.handle ?? "" }));
      assert.equal((await place.channels.confirmed([contact])).size, 0);
    }));
});

/** As the stack subscribes whom the operator names. */
async function subscribeOperator(topic: string, { url }: HttpSubscriber): Promise<void> {
  const FilterPolicy = JSON.stringify({ verdict: [{ "anything-but": ["drill"] }] });
  const named = { TopicArn: topic, Protocol: "http", Endpoint: url };
  await sns.send(new SubscribeCommand({ ...named, Attributes: { FilterPolicy } }));
}
