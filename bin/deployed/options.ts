import { type Command, Option } from "commander";

/** What every command that reaches a deployed stack takes. */
export interface StackOptions {
  readonly stack: string;
  readonly region?: string;
  readonly json: boolean;
}

/** A command to run next, against the same stack: what is not a default is written out. */
export const next = (command: string, { stack, region }: Pick<StackOptions, "stack" | "region">): string =>
  `counterfoil ${command}${stack === "Counterfoil" ? "" : ` --stack ${stack}`}${region === undefined ? "" : ` --region ${region}`}`;

/** Adds `--stack` and `--region`. */
export const stackOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--stack <name>", "the monitor's CloudFormation stack")
        .env("COUNTERFOIL_STACK")
        .default("Counterfoil"),
    )
    .option("--region <region>", "the AWS region it is in (default: as the AWS CLI finds it)");

/** What `--help` says of how AWS is asked. */
export const CREDENTIALS = `
Asks AWS with your own credentials, found as the AWS CLI finds them (AWS_PROFILE, AWS_REGION, aws sso login).`;
