import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { enrolments } from "../../functions/embedded/enrolments.ts";
import { cursors } from "../../functions/embedded/journal-state.ts";
import { ledger } from "../../functions/embedded/ledger.ts";
import { deadlines } from "../../functions/embedded/schedule.ts";
import { restartCursor } from "../../functions/feed/restart.ts";
import type { Cursor } from "../../functions/ports.ts";
import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { CREDENTIALS, type StackOptions } from "../deployed/options.ts";
import { openFolder } from "../folder.ts";
import { systemClock } from "../machine.ts";
import { homepageHere, versionHere } from "../version.ts";

interface RestartOptions extends Partial<StackOptions> {
  readonly data: string;
  readonly contact: string;
}

const EXAMPLES = `
A monitor with a data folder must be stopped first; one on AWS goes on polling, in the new epoch.
${CREDENTIALS}

Examples:
  $ counterfoil cursor restart --data counterfoil-data
  $ counterfoil cursor restart --stack Counterfoil --region eu-west-1`;

const BY = "the operator, by `counterfoil cursor restart`";

export function register(program: Command): void {
  const cursor = program.command("cursor").description("the last serial whose changes are all queued");
  cursor
    .command("restart")
    .description(
      "begin a new epoch at the journal's head, after the index was restored or exchanged; sweeps everything",
    )
    .option("--data <dir>", "the data folder of a monitor that is stopped", "counterfoil-data")
    .option("--contact <url>", "where the index's operator finds you", homepageHere())
    .addOption(new Option("--stack <name>", "the CloudFormation stack of a monitor on AWS").conflicts("data"))
    .option("--region <region>", "the AWS region it is in (default: as the AWS CLI finds it)")
    .addHelpText("after", EXAMPLES)
    .action((options: RestartOptions) =>
      options.stack === undefined ? restart(options) : restartDeployed({ ...options, stack: options.stack }),
    );
}

async function restartDeployed(options: RestartOptions & { readonly stack: string }): Promise<void> {
  const { inWords } = await import("../deployed/aws-errors.ts");
  const { deployed } = await import("../deployed/stack.ts");
  const { portsOf, whoAsks } = await import("../deployed/ports.ts");
  await inWords(async () => {
    const stack = await deployed({ ...options, json: false });
    const { Index: index, Contact: contact } = stack.outputs;
    const asked = { index, filesOrigins: [], contact, version: versionHere() };
    const adapters = pypiAdapters(asked, systemClock);
    try {
      const ports = { ...portsOf(stack), journal: adapters.journal };
      begun(await restartCursor(ports, `${BY}, with ${await whoAsks(stack)}`));
    } finally {
      adapters.close();
    }
  });
}

const begun = ({ epoch, serial }: Cursor): void =>
  void process.stdout.write(`epoch ${epoch} begins at serial ${serial}; every project is looked at again\n`);

async function restart(options: RestartOptions): Promise<void> {
  const clock = systemClock;
  const folder = resolve(options.data);
  if (!existsSync(join(folder, "counterfoil.sqlite"))) throw new Error(`${folder} holds no monitor's data`);
  const opened = openFolder(folder, null);
  const { store } = opened;
  const index = store.get<{ value: string }>("SELECT value FROM meta WHERE name = 'index'")?.value;
  if (index === undefined) throw new Error(`${options.data} holds no monitor's data`);
  const adapters = pypiAdapters(
    { index, filesOrigins: [], contact: options.contact, version: versionHere() },
    clock,
  );
  try {
    const ports = {
      clock,
      journal: adapters.journal,
      cursors: cursors(store),
      ledger: ledger(store, clock),
      deadlines: deadlines(store),
      enrolments: enrolments(store),
    };
    const cursor = await restartCursor(ports, BY);
    store.flush();
    begun(cursor);
  } finally {
    adapters.close();
    opened.close();
  }
}
