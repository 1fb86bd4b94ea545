import { Command, CommanderError } from "commander";
import { ApiRefused } from "../functions/client/errors.ts";
import { register as artifacts } from "./commands/artifacts.ts";
import { register as cursor } from "./commands/cursor.ts";
import { register as enrol } from "./commands/enrol.ts";
import { register as findings } from "./commands/findings.ts";
import { register as health } from "./commands/health.ts";
import { register as operatorKey } from "./commands/operator-key.ts";
import { register as record } from "./commands/record.ts";
import { register as replay } from "./commands/replay.ts";
import { register as sandbox } from "./commands/sandbox.ts";
import { register as serve } from "./commands/serve.ts";
import { register as story } from "./commands/story.ts";
import { register as testAlert } from "./commands/test-alert.ts";
import { register as vouch } from "./commands/vouch.ts";
import { AwsError } from "./deployed/aws-errors.ts";
import { versionHere } from "./version.ts";

/** In the order in which a newcomer meets them. */
const COMMANDS = [
  story,
  serve,
  enrol,
  vouch,
  record,
  artifacts,
  findings,
  health,
  cursor,
  operatorKey,
  testAlert,
  replay,
  sandbox,
];

const EXITS = `
Exit codes: 0 ok, 1 a finding, 2 wrong usage or refused, 3 could not tell.`;

function commandLine(): Command {
  const program = new Command("counterfoil")
    .description("Is PyPI currently publishing what the developer of this project released?")
    .version(versionHere())
    .addHelpText("after", EXITS)
    .exitOverride();
  for (const register of COMMANDS) register(program);
  return program;
}

/** What an error means to the shell. Commander has printed its own already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 1 ? 2 : error.exitCode;
  process.stderr.write(`counterfoil: ${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof AwsError) return error.exitCode;
  return error instanceof ApiRefused ? 2 : 3;
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
