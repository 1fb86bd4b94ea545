import assert from "node:assert/strict";
import type { Called } from "./called.ts";
import type { Claims } from "./claims.ts";
import { type Grant, grantsIn } from "./grants.ts";
import type { Setting } from "./setting.ts";

/** The whole run's calls, as the wire noted them, against the policies that were deployed. */
export const CALLS: Claims<Setting> = {
  "AWS refused no call of a stage: IAM policies are evaluated": nothingWasRefused,
  "every call that a stage made is granted by name": everyCallIsGranted,
  "every grant was used, or is listed here with the reason": everyGrantIsUsed,
};

/** Grants that no call on the wire can use, and why they are needed all the same. */
const UNSEEN: readonly { readonly grants: RegExp; readonly why: string }[] = [
  {
    grants: /^\w+ sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) /,
    why: "the event source calls with the function's role, inside AWS",
  },
  {
    grants: /^copy dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams) /,
    why: "the event source reads the stream with the function's role, inside AWS",
  },
  {
    grants: /^copy sqs:SendMessage /,
    why: "what the event source gives up it sends with the function's role, inside AWS",
  },
  {
    grants: /^(survey|compare|sweep) dynamodb:Query \S*-StoresPages/,
    why: "only pages of thousands of files lie in parts; the contract suite reads them so",
  },
  { grants: /^\w+ logs:/, why: "Lambda writes the function's output with its role, inside AWS" },
  { grants: /^alert kms:/, why: "SNS encrypts with the publisher's rights, inside AWS" },
];

const told = ({ stage, action, resource }: Called | Grant): string => `${stage} ${action} ${resource}`;

/** The parts of a grant are names, as those of a call are; a policy with a pattern in it would be too wide. */
const grants = (grant: Grant, called: Called): boolean => told(grant) === told(called);

async function nothingWasRefused({ miniStack }: Setting): Promise<void> {
  assert.deepEqual(miniStack.wire.refusals, []);
}

async function everyCallIsGranted(setting: Setting): Promise<void> {
  const { called, granted } = await seen(setting);
  const bare = called.filter((each) => !granted.some((grant) => grants(grant, each)));
  assert.deepEqual(bare.map(told), []);
}

async function everyGrantIsUsed(setting: Setting): Promise<void> {
  const { called, granted } = await seen(setting);
  const unused = granted.filter((grant) => !called.some((each) => grants(grant, each))).map(told);
  assert.deepEqual(
    unused.filter((grant) => !UNSEEN.some(({ grants: row }) => row.test(grant))),
    [],
  );
  const idle = UNSEEN.filter(({ grants: row }) => !unused.some((grant) => row.test(grant)));
  assert.deepEqual(idle, [], "a reason for nothing");
}

async function seen({ miniStack, operator, deployed }: Setting) {
  const stages = new Set(deployed.functions.keys());
  const called = miniStack.wire.calls
    .map((tally) => tally.called)
    .filter(({ stage }) => stages.has(stage ?? ""));
  const granted = grantsIn(await operator.template(), deployed);
  const silent = [...stages].filter((stage) => !called.some((each) => each.stage === stage));
  assert.deepEqual(silent, [], "stages that called nothing");
  assert.ok(granted.length > 40, `found only ${granted.length} grants`);
  return { called, granted };
}
