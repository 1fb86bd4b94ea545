import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import { startIndex } from "../../bin/sandbox/index/server.ts";
import { Monitor } from "../../bin/sandbox/monitor.ts";
import { mint } from "../pypi/minting.ts";
import { grantBatches } from "./batch-grants.ts";
import { Operator } from "./cdk.ts";
import type { Claims } from "./claims.ts";
import { apiAt, clientsAt, deployedAt, outputOf } from "./deployed.ts";
import { grantsIn } from "./grants.ts";
import { HttpSubscriber } from "./http-subscriber.ts";
import type { MiniStack } from "./ministack.ts";
import { QueueSubscriber } from "./queue-subscriber.ts";
import { seeAgainSoon } from "./queues.ts";
import { contextFor, type Ground, type Setting } from "./setting.ts";

/** An index, somebody who will subscribe, and an operator who has deployed nothing yet. */
export async function groundAt(
  miniStack: MiniStack,
  folder: string,
  ends: AsyncDisposableStack,
): Promise<Ground> {
  const index = await startIndex();
  ends.defer(() => index.close());
  const http = await HttpSubscriber.start();
  ends.defer(() => http.stop());
  const operator = new Operator(miniStack.url, folder);
  const clients = clientsAt(miniStack.url);
  const sigstore = await mint();
  const trustedRoot = join(folder, "trusted-root.json");
  await writeFile(trustedRoot, JSON.stringify(sigstore.root));
  const context = contextFor(index, http, trustedRoot);
  return { miniStack, operator, clients, index, http, sigstore, context };
}

export const DEPLOYING: Claims<Ground> = {
  "cdk bootstrap prepares the account": ({ operator, context }) => operator.bootstrap(context),
  "cdk deploy makes the stack": ({ operator, context }) => operator.deploy(context),
};

/** As the stack has it, for what the operator subscribes by hand. */
const ALL_BUT_DRILLS = JSON.stringify({ verdict: [{ "anything-but": ["drill"] }] });

/** What an operator does next: subscribes, and makes the operator's key. */
export async function setUp(ground: Ground): Promise<Setting> {
  const { clients, operator, miniStack } = ground;
  const deployed = await deployedAt(clients);
  await grantBatches(clients.cloudFormation, deployed, grantsIn(await operator.template(), deployed));
  const topics = ["FindingsTopicArn", "HealthTopicArn"].map((name) => outputOf(deployed, name));
  const queue = await QueueSubscriber.start(clients.sqs, clients.sns, topics);
  // As the stack itself did; but to subscriptions from a template MiniStack sends no confirmation to answer.
  for (const TopicArn of topics) {
    const isFindings = TopicArn === outputOf(deployed, "FindingsTopicArn");
    const Attributes = isFindings ? { FilterPolicy: ALL_BUT_DRILLS } : {};
    const named = { TopicArn, Protocol: "http", Endpoint: `${ground.http.url}/again` };
    await clients.sns.send(new SubscribeCommand({ ...named, Attributes }));
  }
  const key = /\bcf_operator_\S+/.exec(await operator.counterfoil("operator-key"))?.[0];
  if (key === undefined) throw new Error("counterfoil operator-key printed no key");
  const monitor = new Monitor(apiAt(miniStack.url, deployed), key);
  const setting = { ...ground, deployed, queue, monitor, operatorKey: key };
  await seeAgainSoon(setting);
  return setting;
}
