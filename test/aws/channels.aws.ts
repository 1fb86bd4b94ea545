import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { CreateTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { render } from "../../functions/alert/render.ts";
import { channels } from "../../functions/aws/channels.ts";
import { snsClient, sqsClient } from "../../functions/aws/clients.ts";
import { topics } from "../../functions/aws/topics.ts";
import type { Contact } from "../../functions/domain/enrolments.ts";
import { aboutTest } from "../../functions/domain/monitor.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import type { Verdict } from "../../functions/domain/verdicts.ts";
import { type ChannelsHost, channelsContract } from "../contracts/channels.ts";
import { caseOf, minute } from "../domain/perfect.ts";
import { ContactListener } from "./contact-listener.ts";
import { CALLER, fresh } from "./over-aws.ts";
import { arnOf } from "./subscribing-queue.ts";

const sns = snsClient(CALLER);
const sqs = sqsClient(CALLER);

/** MiniStack hands over by threads of which nobody tells when they are through. */
const HANDED_OVER_MS = 1_000;

interface OnSns extends ChannelsHost {
  readonly topic: string;
}

/** A findings topic of its own, and somebody who listens at every address. */
async function onSns(): Promise<OnSns> {
  const { TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: fresh("findings") }));
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: fresh("undelivered") }));
  const listener = await ContactListener.start();
  const known = new Set<string>();
  const { ask, confirmed } = channels(sns, { topic, undelivered: await arnOf(sqs, queue.QueueUrl ?? "") });
  return {
    topic,
    channels: {
      ask: async (asked) => {
        const { address } = asked.contact;
        const isAgain = known.has(address);
        known.add(address);
        const handle = await ask(asked);
        // AWS asks again when it is asked to subscribe what is pending; MiniStack does not.
        if (isAgain) await listener.askAgain(address);
        return handle;
      },
      confirmed,
    },
    topics: topics(sns, { findings: topic, health: topic }),
    webhook: async (name) => `${listener.url}/${name}`,
    refused: "http://contact.example/hook",
    reached: async (address) => {
      await setTimeout(HANDED_OVER_MS);
      return listener.reached(address);
    },
    confirm: async (contact) => {
      await listener.confirm(contact.address);
      return contact;
    },
    close: async () => listener.stop(),
  };
}

channelsContract("SNS", onSns);

const contactAt = (id: string, address: string): Contact => ({
  id,
  kind: "webhook",
  address,
  confirmedAt: null,
  handle: null,
  addedAt: minute(0),
  endsAt: null,
});

/** A contact that was asked and said yes. */
async function confirmedAt(host: OnSns, id: string): Promise<Contact> {
  const contact = contactAt(id, await host.webhook(id));
  const asked = { project: "lantern", enrolment: "developer", contact, token: "t", url: "u" };
  return host.confirm({ ...contact, handle: await host.channels.ask(asked) });
}

/** As the stack subscribes whom the operator names. */
async function operatorAt(host: OnSns, name: string): Promise<string> {
  const FilterPolicy = JSON.stringify({ verdict: [{ "anything-but": ["drill"] }] });
  const address = await host.webhook(name);
  const named = { TopicArn: host.topic, Protocol: "http", Endpoint: address };
  await sns.send(new SubscribeCommand({ ...named, Attributes: { FilterPolicy } }));
  await host.confirm(contactAt(name, address));
  return address;
}

const drill = render(aboutDrill(caseOf().enrolment, minute(0), "key-1"));
const finding = (verdict: Verdict) =>
  render({ ...aboutTest("findings", minute(0)), id: verdict, verdict, enrolment: "developer" });

async function onHost(claim: (host: OnSns) => Promise<void>): Promise<void> {
  const host = await onSns();
  try {
    await claim(host);
  } finally {
    await host.close();
  }
}

describe("SNS: findings", () => {
  it("reach the operator, named contacts or not, but for drills, which are the contacts' alone", () =>
    onHost(async (host) => {
      const [mine, other] = [await confirmedAt(host, "mine"), await confirmedAt(host, "other")];
      const operator = await operatorAt(host, "operator");
      const [ours, theirs, nobodys] = [finding("replaced"), finding("mismatch"), finding("unrecorded")];
      await host.topics.publish(drill, [mine]);
      await host.topics.publish(theirs, [other]);
      await host.topics.publish(ours, [mine, other]);
      await host.topics.publish(nobodys, []);
      const told = async (address: string) => (await host.reached(address)).slice(1).toSorted();
      assert.deepEqual(await told(mine.address), [drill.id, ours.id].toSorted());
      assert.deepEqual(await told(other.address), [theirs.id, ours.id].toSorted());
      assert.deepEqual(await told(operator), [theirs.id, ours.id, nobodys.id].toSorted());
    }));

  it("reach nobody who unsubscribed, and that contact is not confirmed any more", () =>
    onHost(async (host) => {
      const gone = await confirmedAt(host, "gone");
      await sns.send(new UnsubscribeCommand({ SubscriptionArn: gone.handle ?? "" }));
      assert.equal((await host.channels.confirmed([gone])).size, 0);
      await host.topics.publish(drill, [gone]);
      assert.deepEqual(await host.reached(gone.address), ["asked"]);
    }));
});
