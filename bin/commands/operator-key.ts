import type { Command } from "commander";
import type { KeyMade } from "../deployed/operator-key.ts";
import { CREDENTIALS, next, type StackOptions, stackOptions } from "../deployed/options.ts";
import { systemClock } from "../machine.ts";
import { say, sayJson } from "../printing.ts";

const EXAMPLES = `
The key enrols projects and vouches for watchers; it cannot submit records. It is printed once and kept nowhere: where it is
lost, --rotate makes another, and the old one stops working. Each key made is an entry of the ledger and a notice on health.
${CREDENTIALS}

Examples:
  $ (umask 077; counterfoil operator-key > operator.key)
  $ (umask 077; counterfoil operator-key --rotate --region eu-west-1 > operator.key)`;

interface KeyOptions extends StackOptions {
  readonly rotate?: boolean;
}

/** `counterfoil operator-key` */
export function register(program: Command): void {
  stackOptions(program.command("operator-key"))
    .option("--rotate", "replace the key there is; the old one stops working at once")
    .option("--json", "print the key as JSON", false)
    .summary("make the operator's key of a deployed monitor (AWS)")
    .description("Make the operator's key of a deployed monitor, and print it once.")
    .addHelpText("after", EXAMPLES)
    .action(act);
}

async function act(options: KeyOptions, command: Command): Promise<void> {
  const { inWords } = await import("../deployed/aws-errors.ts");
  const { KeyExists } = await import("../deployed/operator-key.ts");
  try {
    const made = await inWords(() => make(options));
    if (options.json) sayJson(made);
    else say(made.key);
    process.stderr.write(`counterfoil: ${advice(made)}\nNext: ${next("test-alert", options)}\n`);
  } catch (error) {
    if (!(error instanceof KeyExists)) throw error;
    command.error(
      `counterfoil: ${error.message}\nNext, if it is lost: ${next("operator-key --rotate", options)}`,
      { exitCode: 2 },
    );
  }
}

async function make(options: KeyOptions): Promise<KeyMade> {
  const { deployed } = await import("../deployed/stack.ts");
  const { makeOperatorKey } = await import("../deployed/operator-key.ts");
  const { alertsOf, portsOf, whoAsks } = await import("../deployed/ports.ts");
  const stack = await deployed(options);
  const { ledger, enrolments } = portsOf(stack);
  const ports = { clock: systemClock, ledger, enrolments, alerts: alertsOf(stack) };
  return makeOperatorKey(ports, { rotate: options.rotate === true, by: await whoAsks(stack) });
}

const advice = ({ replaces }: KeyMade): string =>
  `${replaces === null ? "" : "The old key has stopped working. "}Keep this key in a password manager or in a file that only you can read, and nowhere that a CI job sees: it is not shown again.`;
