import assert from "node:assert/strict";
import { SCENES } from "../../bin/sandbox/scenes.ts";
import { type Deployed, deployedAt } from "./deployed.ts";
import { judged, publish, record, releaseOf } from "./releases.ts";
import type { Setting } from "./setting.ts";

/** What holds data; everything else may be made anew. */
const KEEPING = /^AWS::(DynamoDB::|S3::Bucket$|SNS::Topic$|SQS::Queue$|KMS::Key$)/;

/**
 * The same stack with another choice of the operator's, over what the story left. Once there is a release, its template is
 * what is deployed first.
 */
export async function redeployed(setting: Setting): Promise<void> {
  const { operator, context, clients, deployed, monitor } = setting;
  await operator.deploy({ ...context, logRetentionDays: "30", sweepBudgetGigabytes: "40" });
  const now = await deployedAt(clients);
  const keeping = [...deployed.resources].filter(([, { type }]) => KEEPING.test(type));
  assert.ok(keeping.length > 20, `only ${keeping.length} resources keep data`);
  for (const [logical, { id }] of keeping) assert.equal(now.resources.get(logical)?.id, id, logical);
  assert.deepEqual(addressesOf(now), addressesOf(deployed));
  assert.notDeepEqual(now.functions.get("sweep")?.Environment, deployed.functions.get("sweep")?.Environment);
  for (const { project, artifact, acts } of SCENES)
    assert.equal(await monitor.verdict(project, artifact), acts.at(-1)?.expected, artifact);
  const release = releaseOf("lanternfish", "1.0.2");
  await record(setting, release);
  publish(setting, release);
  await judged(setting, [release], "match");
}

/** What the operator's commands and everybody's clients go by; the advice on what to do next may change. */
const addressesOf = ({ outputs }: Deployed): readonly (readonly [string, string])[] =>
  [...outputs].filter(([name]) => !/^Next\d/.test(name)).sort();
