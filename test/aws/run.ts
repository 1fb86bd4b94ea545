/**
 * The AWS host on a local AWS: the contracts of its adapters, then the real `cdk deploy`, the story played against what was
 * deployed, faults, the calls it made against its policies, and `cdk destroy`. Run by `npm run test:aws`. Installs what it
 * needs under `.cache/aws`; whatever is missing is a failure, never a skip. Needs Python 3.10+, Java 17 and a registry.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CALLS } from "./calls.ts";
import { type Claims, type Count, hold } from "./claims.ts";
import { holdOverDynamoDbLocal, holdOverMiniStack, playOverDynamoDbLocal } from "./contracts.ts";
import { DEPLOYING, groundAt, setUp } from "./deploying.ts";
import { type DynamoDbLocal, startDynamoDbLocal } from "./dynamodb-local.ts";
import { FAULTS } from "./faults.ts";
import { INCIDENTS } from "./incidents.ts";
import { install } from "./installed.ts";
import { LEAVING } from "./leaving.ts";
import { type MiniStack, startMiniStack } from "./ministack.ts";
import { STORY } from "./story.ts";
import { VOUCHING } from "./vouching.ts";
import { WATCHING } from "./watching.ts";

interface Servers {
  readonly dynamoDbLocal: DynamoDbLocal;
  readonly miniStack: MiniStack;
}

const CONTRACTS: Claims<Servers> = {
  "all adapters keep their contracts over MiniStack, and those on tables over DynamoDB Local": async (
    servers,
  ) => {
    const { dynamoDbLocal, miniStack } = servers;
    await Promise.all([holdOverDynamoDbLocal(dynamoDbLocal.url), holdOverMiniStack(miniStack.url)]);
  },
  "twenty seeded worlds end over DynamoDB as the oracle says": ({ dynamoDbLocal }) =>
    playOverDynamoDbLocal(dynamoDbLocal.url),
};

async function main(ends: AsyncDisposableStack): Promise<Count> {
  await install();
  const folder = await mkdtemp(join(tmpdir(), "counterfoil-aws-"));
  ends.defer(() => rm(folder, { recursive: true, force: true }));
  const dynamoDbLocal = await startDynamoDbLocal(folder);
  ends.defer(() => dynamoDbLocal.server.stop());
  const miniStack = await startMiniStack(folder);
  ends.defer(() => miniStack.stop());
  const ground = await groundAt(miniStack, folder, ends);
  const explain = (): string => `MiniStack's own words:\n${miniStack.server.tail(30)}`;
  const deploying = await hold(DEPLOYING, ground, explain);
  // Meanwhile the first minute of the schedules passes.
  const contracts = await hold(CONTRACTS, { dynamoDbLocal, miniStack }, explain);
  await dynamoDbLocal.server.stop();
  const soFar = added(deploying, contracts);
  if (deploying.failed > 0) return soFar;
  return added(
    soFar,
    await hold(
      { ...STORY, ...WATCHING, ...VOUCHING, ...INCIDENTS, ...FAULTS, ...CALLS, ...LEAVING },
      await setUp(ground),
      explain,
    ),
  );
}

const added = (one: Count, other: Count): Count => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
});

/** Ends everything, on a failure and on an interrupt too. */
async function runToItsEnd(): Promise<Count> {
  await using ends = new AsyncDisposableStack();
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => reject(new Error(signal)));
  });
  return await Promise.race([main(ends), interrupted]);
}

const beganMs = performance.now();
const { passed, failed } = await runToItsEnd().catch((error: unknown): Count => {
  console.log(error instanceof Error ? error.stack : error);
  return { passed: 0, failed: 1 };
});
console.log(`${passed} passed, ${failed} failed in ${((performance.now() - beganMs) / 1000).toFixed(0)} s`);
// Whatever an interrupt left under way in this process ends with it.
process.exit(failed === 0 && passed > 0 ? 0 : 1);
