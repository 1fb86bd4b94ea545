import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { CREDENTIALS, REGION, withoutAws } from "./ministack.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const ACCOUNT = "000000000000";
export const STACK = "Counterfoil";

/** Context of the app, as an operator gives it with `-c`. */
export type Context = Readonly<Record<string, string>>;

/** The operator's machine: a checkout, credentials, and the address of AWS. */
export class Operator {
  readonly #url: string;
  readonly #folder: string;

  constructor(url: string, folder: string) {
    this.#url = url;
    this.#folder = folder;
  }

  /** Once for each account and region. */
  async bootstrap(context: Context): Promise<void> {
    await this.#cdk("bootstrap", [`aws://${ACCOUNT}/${REGION}`], context);
  }

  async deploy(context: Context): Promise<void> {
    await this.#cdk("deploy", ["--require-approval", "never"], context);
  }

  async destroy(context: Context): Promise<void> {
    await this.#cdk("destroy", ["--force"], context);
  }

  /** A template as it was deployed last. */
  async template(): Promise<unknown> {
    return JSON.parse(await readFile(`${this.#folder}/cdk.out/${STACK}.template.json`, "utf8"));
  }

  /** `counterfoil …`. Answers what it printed. */
  counterfoil(...parameters: readonly string[]): Promise<string> {
    return run([process.execPath, "bin/counterfoil.js", ...parameters], {
      cwd: ROOT,
      env: this.env,
      timeout: 60_000,
    });
  }

  /** What a program needs to reach this AWS. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...withoutAws(),
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: this.#url,
      AWS_ENDPOINT_URL_S3: this.#url,
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      CDK_DISABLE_CLI_TELEMETRY: "true",
      CDK_DISABLE_VERSION_CHECK: "true",
      // Bundled and checked already by `npm test`, and seconds of every synth.
      CDK_VALIDATION: "false",
    };
  }

  async #cdk(command: string, parameters: readonly string[], context: Context): Promise<void> {
    const chosen = Object.entries(context).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
    const quietly = ["--no-notices", "--ci", "--output", `${this.#folder}/cdk.out`];
    const cdk = `${ROOT}node_modules/aws-cdk/bin/cdk`;
    await run([process.execPath, cdk, command, ...parameters, ...quietly, ...chosen], {
      cwd: ROOT,
      env: this.env,
      timeout: 120_000,
    });
  }
}
