import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { CREDENTIALS, withoutAws } from "./ministack.ts";

const folder = fileURLToPath(new URL("./", import.meta.url));
const ON_DYNAMODB = ["dynamodb.aws.ts", "submissions.aws.ts", "scale.aws.ts"];

/** Seeded worlds on the DynamoDB adapters, judged by the oracle. */
export async function playOverDynamoDbLocal(url: string): Promise<void> {
  await holdFiles(["worlds.dynamodb.ts"], {
    COUNTERFOIL_TEST_NAME: "DynamoDB Local",
    COUNTERFOIL_TEST_DYNAMODB: url,
  });
}

/** The contract suites of the DynamoDB adapters, and what is theirs alone, over Amazon's own DynamoDB Local. */
export async function holdOverDynamoDbLocal(url: string): Promise<void> {
  await holdFiles(ON_DYNAMODB, {
    COUNTERFOIL_TEST_NAME: "DynamoDB Local",
    COUNTERFOIL_TEST_DYNAMODB: url,
  });
}

/** The contract suites of all adapters over MiniStack. */
export async function holdOverMiniStack(url: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".aws.ts"));
  if (!ON_DYNAMODB.every((name) => files.includes(name)) || files.length <= ON_DYNAMODB.length)
    throw new Error(`found only ${files.join(", ")}`);
  await holdFiles(files, {
    COUNTERFOIL_TEST_NAME: "MiniStack",
    COUNTERFOIL_TEST_DYNAMODB: url,
    COUNTERFOIL_TEST_AWS: url,
  });
}

/** A run that passes without having run a test is a failure too. */
async function holdFiles(files: readonly string[], more: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...withoutAws(), ...CREDENTIALS, ...more };
  const quietly = ["--test", "--test-reporter=spec", "--test-timeout=120000"];
  const said = await run([process.execPath, ...quietly, ...files], { cwd: folder, env });
  const passed = Number(/ pass (\d+)/.exec(said)?.[1] ?? 0);
  const skipped = Number(/ (?:skipped|todo) ([1-9]\d*)/.exec(said)?.[1] ?? 0);
  if (passed === 0 || skipped > 0) throw new Error(`${passed} tests ran, ${skipped} were skipped:\n${said}`);
  console.log(`        ${passed} tests over ${more["COUNTERFOIL_TEST_NAME"]}`);
}
