import { Command, CommanderError } from "commander";
import { ApiRefused } from "../functions/client/errors.ts";
import { SubmissionRefused } from "../functions/records/refusals.ts";
import { SignatureRefused } from "../functions/records/ssh/refusals.ts";
import { register as ack } from "./commands/ack.ts";
import { register as artifacts } from "./commands/artifacts.ts";
import { register as cancel } from "./commands/cancel.ts";
import { register as contact } from "./commands/contact.ts";
import { register as cursor } from "./commands/cursor.ts";
import { register as drill } from "./commands/drill.ts";
import { register as enrol } from "./commands/enrol.ts";
import { register as enrolment } from "./commands/enrolment.ts";
import { register as evidence } from "./commands/evidence.ts";
import { register as explain } from "./commands/explain.ts";
import { register as findings } from "./commands/findings.ts";
import { register as health } from "./commands/health.ts";
import { register as history } from "./commands/history.ts";
import { register as invite } from "./commands/invite.ts";
import { register as key } from "./commands/key.ts";
import { register as operatorKey } from "./commands/operator-key.ts";
import { register as policy } from "./commands/policy.ts";
import { register as publisher } from "./commands/publisher.ts";
import { register as record } from "./commands/record.ts";
import { register as records } from "./commands/records.ts";
import { register as replay } from "./commands/replay.ts";
import { register as resolve } from "./commands/resolve.ts";
import { register as sandbox } from "./commands/sandbox.ts";
import { register as serve } from "./commands/serve.ts";
import { register as story } from "./commands/story.ts";
import { register as testAlert } from "./commands/test-alert.ts";
import { register as unenrol } from "./commands/unenrol.ts";
import { register as verify } from "./commands/verify.ts";
import { register as vouch } from "./commands/vouch.ts";
import { register as withdraw } from "./commands/withdraw.ts";
import { AwsError } from "./deployed/aws-errors.ts";
import { Misused } from "./misused.ts";
import { NotSigned } from "./signing.ts";
import { versionHere } from "./version.ts";

/** By whom they are used, and in the order in which a newcomer meets them. */
const COMMANDS: Readonly<Record<string, readonly ((program: Command) => void)[]>> = {
  "For anybody:": [story, verify, artifacts, findings, explain, records, health],
  "For developers:": [enrol, record, drill, withdraw, ack, resolve, evidence],
  "For developers, their enrolment:": [enrolment, policy, key, contact, publisher, cancel, history, unenrol],
  "For operators:": [serve, invite, vouch, operatorKey, testAlert, replay, cursor, sandbox],
};

const AFTER = `
Exit codes: 0 ok, 1 a finding, 2 wrong usage or refused, 3 could not tell.
Environment: COUNTERFOIL_URL (the monitor), COUNTERFOIL_KEY (the key to ask with), NO_COLOR.

First steps:
  $ counterfoil story                              see it catch six things, without a network
  $ counterfoil verify dist/*.whl                  check files, without an account
  $ counterfoil COMMAND --help                     examples for each command`;

function commandLine(): Command {
  const program = new Command("counterfoil")
    .description("Is PyPI currently publishing what the developer of this project released?")
    .version(versionHere())
    .addHelpText("after", AFTER)
    .exitOverride();
  program.commandsGroup("For anybody:").helpCommand("help [command]", "say more about a command");
  for (const [group, registers] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    for (const register of registers) register(program);
  }
  return program;
}

/** What was typed, or asked for, cannot be done; anything else that goes wrong leaves us not knowing. */
const REFUSALS = [ApiRefused, Misused, NotSigned, SignatureRefused, SubmissionRefused];

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ApiRefused && error.code === "missing-key")
    return `${error.message} Name the key's file with --key-file, or put the key into COUNTERFOIL_KEY.`;
  const line = error instanceof SubmissionRefused ? error.line : null;
  return line === null ? error.message : `line ${line}: ${error.message}`;
}

/** Mistyped rather than refused: what the command takes is the answer. */
const MISTYPED = new Set([
  "commander.excessArguments",
  "commander.missingArgument",
  "commander.missingMandatoryOptionValue",
  "commander.optionMissingArgument",
  "commander.unknownCommand",
  "commander.unknownOption",
]);

/** What an error means to the shell. Commander has printed its own already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (MISTYPED.has(error.code)) process.stderr.write("With --help it says what it takes, with examples.\n");
    return error.exitCode === 1 ? 2 : error.exitCode;
  }
  process.stderr.write(`counterfoil: ${sentenceOf(error)}\n`);
  if (error instanceof AwsError) return error.exitCode;
  return REFUSALS.some((kind) => error instanceof kind) ? 2 : 3;
}

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await commandLine().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
