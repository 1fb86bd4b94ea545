import { resolve } from "node:path";
import type { Command } from "commander";
import { staleAfterMs } from "../functions/api/seams.ts";
import { DEFAULT_SETTINGS, type Settings } from "../functions/domain/settings.ts";
import { userAgent } from "../functions/domain/user-agent.ts";
import { jsonLog } from "../functions/embedded/log.ts";
import { parseSmtp } from "../functions/embedded/smtp.ts";
import type { Store } from "../functions/embedded/store.ts";
import { postTo, runCommand } from "../functions/embedded/topics.ts";
import { pypiAdapters } from "../functions/pypi/adapters.ts";
import { isLoopbackOrigin } from "../functions/pypi/origins.ts";
import { readSources } from "../functions/pypi/sources.ts";
import { consoleSubscriber } from "./console.ts";
import { openFolder, operatorKey } from "./folder.ts";
import { follow } from "./follow.ts";
import { composeHost, type Host, type HostParts, kept, listen } from "./host.ts";
import { interrupted } from "./interrupted.ts";
import { cryptoChance, systemClock } from "./machine.ts";
import { showProgress } from "./progress.ts";
import { PYPI, type ServeOptions } from "./serve-options.ts";
import type { Reach } from "./telling.ts";
import { examineUnder } from "./trusting.ts";
import { homepageHere, versionHere } from "./version.ts";

const HOUR_MS = 3_600_000;

/** Follows an index, serves the API and delivers alerts, until it is interrupted. */
export async function serve(options: ServeOptions, command: Command): Promise<void> {
  // First of all: whoever reads that it is up may stop it in the same instant.
  const end = interrupted();
  const reach = reachOf(options, command);
  const { pollMs, settings } = paceOf(options);
  const examine = examineUnder(options.trustedRoot, command);
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
  const keyPath = await operatorKey(folder, kept(opened.store, clock).enrolments, opened.store, clock);
  const { host, listening } = await composedAt(options, opened.store, {
    clock,
    chance: cryptoChance,
    index: {
      ...adapters,
      sources: adapters.sources(readSources),
      provenances: adapters.provenances(examine),
    },
    settings,
    subscribers: subscribersOf(options),
    log,
    version,
    registration: options.registration,
    quieteningMs: options.quietening * HOUR_MS,
    issuers: options.oidcIssuer,
    reach,
  });
  host.loop.start();
  const following = follow(host, { ...pacesOf(settings), pollMs: followed(pollMs, settings) }, log);
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

/** A host that knows where it is served: also when the port is whichever is free. */
async function composedAt(options: ServeOptions, store: Store, parts: HostParts) {
  const listening = await listen(() => host.api, options.host, options.port);
  let host: Host;
  try {
    host = composeHost(store, { ...parts, url: options.publicUrl ?? listening.url });
  } catch (error) {
    await listening.close();
    throw error;
  }
  return { host, listening };
}

/** How contacts are reached. Half of what mail needs is refused: silence would look like mail. */
function reachOf({ smtp, mailFrom, contact, allowPrivateContacts }: ServeOptions, command: Command): Reach {
  const webhooks = {
    userAgent: userAgent({ version: versionHere(), contact }),
    allowPrivate: allowPrivateContacts === true,
  };
  if (smtp === undefined && mailFrom === undefined) return { webhooks, mail: null };
  if (smtp === undefined)
    command.error(
      "error: --mail-from needs --smtp (or COUNTERFOIL_SMTP_URL): the server that takes the mail",
    );
  if (mailFrom === undefined)
    command.error("error: --smtp needs --mail-from (or COUNTERFOIL_MAIL_FROM): from whom the mail is");
  try {
    return { webhooks, mail: { smtp: parseSmtp(smtp), from: mailFrom } };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    command.error(`error: the URL of --smtp (or COUNTERFOIL_SMTP_URL) is invalid. ${error.message}`);
  }
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
      sweepPerSecond: own ? 0 : options.sweepRate,
      staleMs: staleAfterMs(pollMs),
      source: options.source,
      ...crossCheckPaces(own ? pollMs : Number.POSITIVE_INFINITY),
    },
  };
}

/** Our own index may be looked at as often as its journal is; at thirty seconds that comes to the defaults. */
function crossCheckPaces(pollMs: number): Pick<Settings, "listMs" | "carryingListMs" | "rssMs"> {
  const { listMs, carryingListMs, rssMs } = DEFAULT_SETTINGS;
  return {
    listMs: Math.min(listMs, 120 * pollMs),
    carryingListMs: Math.min(carryingListMs, 10 * pollMs),
    rssMs: Math.min(rssMs, 2 * pollMs),
  };
}

const followed = (pollMs: number, { source }: Settings): number | null =>
  source === "journal" ? pollMs : null;

const pacesOf = (settings: Settings): { readonly turnMs: number; readonly sweepMs: number } => ({
  turnMs: Math.max(50, Math.min(5_000, settings.rssMs / 2)),
  sweepMs: tickMs(settings),
});

/** Often enough that no deadline of these settings is noticed late. */
const tickMs = ({ sweepMs, rehashMs, confirmMs }: Settings): number =>
  Math.max(50, Math.min(5_000, sweepMs / 10, rehashMs / 10, confirmMs / 4));

const filesOriginsOf = ({ index, filesOrigin }: ServeOptions): readonly string[] =>
  filesOrigin.length === 0 && index === PYPI ? ["https://files.pythonhosted.org"] : filesOrigin;

const subscribersOf = ({ notify, notifyCommand, contact }: ServeOptions) => [
  consoleSubscriber((line) => void process.stdout.write(line), process.stdout.isTTY === true),
  ...notify.map((url) => postTo(url, userAgent({ version: versionHere(), contact }))),
  ...notifyCommand.map(runCommand),
];

function welcome(options: ServeOptions, url: string, folder: string, keyPath: string): void {
  const lines = [
    `counterfoil watches ${options.index}`,
    `  API           ${url}`,
    ...(options.publicUrl === undefined ? [] : [`  public URL    ${options.publicUrl}`]),
    `  data          ${folder}`,
    `  operator key  ${keyPath}`,
    ...(options.registration === "open" ? ["  registration  open: whoever reaches the API may enrol"] : []),
    ...(options.smtp === undefined ? ["  mail          none: contacts are reached by webhook only"] : []),
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
