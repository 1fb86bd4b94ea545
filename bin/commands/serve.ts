import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Registration, staleAfterMs } from "../../functions/api/seams.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../functions/domain/settings.ts";
import { jsonLog } from "../../functions/embedded/log.ts";
import { postTo, runCommand } from "../../functions/embedded/topics.ts";
import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { isLoopbackOrigin } from "../../functions/pypi/origins.ts";
import { consoleSubscriber } from "../console.ts";
import { openFolder, operatorKey } from "../folder.ts";
import { follow } from "../follow.ts";
import { composeHost, type HostParts, listen } from "../host.ts";
import { interrupted } from "../interrupted.ts";
import { cryptoChance, systemClock } from "../machine.ts";
import { showProgress } from "../progress.ts";
import { homepageHere, versionHere } from "../version.ts";

/** What the command line says, parsed. Times in seconds, as they are typed. */
interface ServeOptions {
  readonly index: string;
  readonly filesOrigin: readonly string[];
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly poll: number;
  readonly confirm: number;
  readonly sweep: number;
  readonly rehash: number;
  readonly sweepBudget: number;
  readonly notify: readonly string[];
  readonly notifyCommand: readonly string[];
  readonly contact: string;
  readonly registration: Registration;
  readonly verbose?: boolean;
}

const DAY_SECONDS = 86_400;
const PYPI = "https://pypi.org";

export function register(program: Command): void {
  program
    .command("serve")
    .description("follow an index, serve the API, deliver alerts; until interrupted")
    .option("--index <url>", "the index to watch", PYPI)
    .option("--files-origin <origin>", "where its files may come from (repeatable)", collect, [])
    .option("--data <dir>", "the data folder", "counterfoil-data")
    .option("--host <address>", "the address to serve the API on", "127.0.0.1")
    .option("--port <n>", "the port to serve the API on; 0 picks one", count, 8080)
    .option("--poll <seconds>", "how often the journal is read", positive, 30)
    .option("--confirm <seconds>", "the confirmation window: how long a difference must last", positive, 120)
    .option(
      "--sweep <seconds>",
      "every project's page is looked at again within this time",
      positive,
      DAY_SECONDS,
    )
    .option(
      "--rehash <seconds>",
      "every artifact's bytes are hashed again within this time",
      positive,
      7 * DAY_SECONDS,
    )
    .option(
      "--sweep-budget <bytes>",
      "the most bytes re-hashing may fetch in a day",
      positive,
      DEFAULT_SETTINGS.sweepBudgetBytes,
    )
    .option("--notify <url>", "POST every alert there as JSON (repeatable)", collect, [])
    .option("--notify-command <cmd>", "run this for every alert, JSON on its input (repeatable)", collect, [])
    .option(
      "--contact <url>",
      "where the index's operator finds you; goes into the User-Agent",
      homepageHere(),
    )
    .addOption(
      new Option(
        "--registration <who>",
        "who may enrol: by invitation of the operator, or open to anybody, self-claimed until vouched for",
      )
        .choices(["invitation", "open"])
        .default("invitation"),
    )
    .option("--verbose", "log every step to stderr")
    .action(serve);
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("It must be a port.");
  return value;
}

async function serve(options: ServeOptions): Promise<void> {
  // First of all: whoever reads that it is up may stop it in the same instant.
  const end = interrupted();
  const { pollMs, settings } = paceOf(options);
  const folder = resolve(options.data);
  const opened = openFolder(folder, new URL(options.index).href);
  const clock = systemClock;
  const log = jsonLog(clock, (line) => void process.stderr.write(line), options.verbose ? "debug" : "warn");
  const filesOrigins = filesOriginsOf(options);
  const version = versionHere();
  const adapters = pypiAdapters(
    { index: options.index, filesOrigins, contact: options.contact, version },
    clock,
  );
  const parts: HostParts = {
    clock,
    chance: cryptoChance,
    index: adapters,
    settings,
    subscribers: subscribersOf(options),
    log,
    version,
    registration: options.registration,
  };
  const host = composeHost(opened.store, parts);
  const keyPath = await operatorKey(folder, host.ports.enrolments, opened.store, clock);
  const listening = await listen(host, options.host, options.port);
  host.loop.start();
  const following = follow(host, { pollMs, sweepMs: tickMs(settings) }, log);
  welcome(options, listening.url, folder, keyPath);
  const endProgress = showProgress(host.backlog, process.stderr);
  await end;
  endProgress();
  process.stdout.write("stopping: finishing what is in hand\n");
  const stopped = following.stop();
  // Ends what the index is slow to answer: the message goes back to its queue, for the next start.
  adapters.close();
  await stopped;
  await listening.close();
  await host.loop.stop();
  opened.close();
}

/** Good citizens: what is not on loopback is asked no more often than its operator would like. */
function paceOf(options: ServeOptions): { readonly pollMs: number; readonly settings: Settings } {
  const own = isLoopbackOrigin(options.index);
  const pollMs = Math.max(options.poll * 1000, own ? 0 : 2_000);
  return {
    pollMs,
    settings: {
      confirmMs: options.confirm * 1000,
      minLookMs: own ? 0 : DEFAULT_SETTINGS.minLookMs,
      sweepMs: options.sweep * 1000,
      rehashMs: options.rehash * 1000,
      sweepBudgetBytes: options.sweepBudget,
      staleMs: staleAfterMs(pollMs),
    },
  };
}

/** Often enough that no deadline of these settings is noticed late. */
const tickMs = ({ sweepMs, rehashMs, confirmMs }: Settings): number =>
  Math.max(50, Math.min(5_000, sweepMs / 10, rehashMs / 10, confirmMs / 4));

const filesOriginsOf = ({ index, filesOrigin }: ServeOptions): readonly string[] =>
  filesOrigin.length === 0 && index === PYPI ? ["https://files.pythonhosted.org"] : filesOrigin;

const subscribersOf = ({ notify, notifyCommand }: ServeOptions) => [
  consoleSubscriber((line) => void process.stdout.write(line), process.stdout.isTTY === true),
  ...notify.map(postTo),
  ...notifyCommand.map(runCommand),
];

function welcome(options: ServeOptions, url: string, folder: string, keyPath: string): void {
  const lines = [
    `counterfoil watches ${options.index}`,
    `  API           ${url}`,
    `  data          ${folder}`,
    `  operator key  ${keyPath}`,
    ...(options.registration === "open" ? ["  registration  open: whoever reaches the API may enrol"] : []),
    ...(isReachable(options)
      ? []
      : ["  contact       none: give --contact, so that the index's operator finds you before blocking you"]),
    "Interrupt to stop.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Nobody need be told who we are on our own machine. */
const isReachable = ({ contact, index }: ServeOptions): boolean =>
  contact !== homepageHere() || isLoopbackOrigin(index);
