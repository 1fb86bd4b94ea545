import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { cursors } from "../../functions/embedded/journal-state.ts";
import { ledger } from "../../functions/embedded/ledger.ts";
import { deadlines } from "../../functions/embedded/schedule.ts";
import { enrolments } from "../../functions/embedded/watchers.ts";
import { restartCursor } from "../../functions/feed/restart.ts";
import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { openFolder } from "../folder.ts";
import { systemClock } from "../machine.ts";
import { homepageHere, versionHere } from "../version.ts";

interface RestartOptions {
  readonly data: string;
  readonly contact: string;
}

export function register(program: Command): void {
  const cursor = program.command("cursor").description("the last serial whose changes are all queued");
  cursor
    .command("restart")
    .description(
      "begin a new epoch at the journal's head, after the index was restored or exchanged; sweeps everything",
    )
    .option("--data <dir>", "the data folder of a monitor that is stopped", "counterfoil-data")
    .option("--contact <url>", "where the index's operator finds you", homepageHere())
    .action(restart);
}

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
    const cursor = await restartCursor(ports, "the operator, by `counterfoil cursor restart`");
    store.flush();
    process.stdout.write(
      `epoch ${cursor.epoch} begins at serial ${cursor.serial}; every project is looked at again\n`,
    );
  } finally {
    adapters.close();
    opened.close();
  }
}
