import { mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../programs/ports.ts";
import { Server } from "../programs/server.ts";
import { ministack } from "./installed.ts";
import { Wire } from "./wire.ts";

/** Concurrent executions that a new AWS account has until its limit is raised. */
export const CONCURRENCY = 10;
export const REGION = "us-east-1";

/** The root's credentials there. Everybody else needs a policy: MiniStack evaluates them. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: REGION,
} as const;

/** A running MiniStack: AWS on loopback, with nothing kept once it has stopped. */
export interface MiniStack {
  /** Where everybody calls it: at the wire in front of it. */
  readonly url: string;
  readonly wire: Wire;
  readonly server: Server;
  stop(): Promise<void>;
}

/** Where it listens: beside the address that it believes to be its own, which is the wire's. */
const BEHIND = "127.0.0.2";

/** IAM policies are evaluated, and as many Lambdas run at once as in a new account. */
export async function startMiniStack(folder: string): Promise<MiniStack> {
  const port = await freePort();
  const wire = await Wire.start(BEHIND, port);
  const { url } = wire;
  const temporary = `${folder}/ministack`;
  mkdirSync(temporary, { recursive: true });
  const server = await Server.start({
    name: "MiniStack",
    command: [ministack],
    cwd: temporary,
    env: { ...withoutAws(), ...settingsFor(port, url, temporary) },
    log: `${folder}/ministack.log`,
    isUp: async () => (await fetch(`${url}/_ministack/ready`)).ok,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    wire.stop();
  };
  return { url, wire, server, stop };
}

function settingsFor(port: number, endpoint: string, temporary: string): NodeJS.ProcessEnv {
  return {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL: endpoint,
    BIND_HOST: BEHIND,
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: "127.0.0.1",
    AUTH: "true",
    LAMBDA_ACCOUNT_CONCURRENCY: String(CONCURRENCY),
    // Deployed functions run on the Node of this process.
    PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
    NODE_OPTIONS: "",
    NODE_PATH: runtimeIn(temporary),
    TMPDIR: temporary,
    STATE_DIR: `${temporary}/state`,
    S3_DATA_DIR: `${temporary}/s3`,
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    LOG_LEVEL: "INFO",
  };
}

/** What AWS's own Node runtime brings along, and CDK's functions rely on: the SDK. Ours bring theirs in their bundles. */
function runtimeIn(temporary: string): string {
  const folder = `${temporary}/runtime/node_modules`;
  mkdirSync(folder, { recursive: true });
  symlinkSync(fileURLToPath(new URL("../../node_modules/@aws-sdk", import.meta.url)), `${folder}/@aws-sdk`);
  return folder;
}

/** An operator's own AWS settings have no business here. */
export function withoutAws(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
}
