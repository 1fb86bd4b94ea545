import { type Command, InvalidArgumentError, Option } from "commander";
import type { ApiSettings, Registration } from "../functions/api/seams.ts";
import { isOwnMachine } from "../functions/domain/addresses.ts";
import { DEFAULT_SETTINGS } from "../functions/domain/settings.ts";
import type { ChosenSource } from "../functions/domain/sources.ts";
import { isMailAddress } from "../functions/embedded/mail.ts";
import { homepageHere } from "./version.ts";

/** What the command line and the environment say, parsed. Times in seconds or hours, as they are typed. */
export interface ServeOptions {
  readonly index: string;
  readonly filesOrigin: readonly string[];
  readonly source: ChosenSource;
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly poll: number;
  readonly confirm: number;
  readonly sweep: number;
  readonly rehash: number;
  readonly sweepBudget: number;
  readonly sweepRate: number;
  readonly quietening: number;
  readonly notify: readonly string[];
  readonly notifyCommand: readonly string[];
  readonly contact: string;
  readonly trustedRoot?: string;
  readonly registration: Registration;
  readonly oidcIssuer: ApiSettings["issuers"];
  /** Not parsed here: a parser's complaint would repeat the password in it. */
  readonly smtp?: string;
  readonly mailFrom?: string;
  readonly allowPrivateContacts?: boolean;
  readonly verbose?: boolean;
}

export const PYPI = "https://pypi.org";
const DAY_SECONDS = 86_400;
const MOST_QUIETENING_HOURS = 720;

/** Adds the options to the command. Each may come from the environment instead; what is typed wins. */
export function addServeOptions(command: Command): Command {
  for (const option of [...watching(), ...serving(), ...telling()]) command.addOption(withEnv(option));
  return command;
}

/** It holds a URL, as everybody's variable of this name does. */
const OWN_NAMES: Readonly<Record<string, string>> = { smtp: "SMTP_URL" };

/** `--files-origin` is `COUNTERFOIL_FILES_ORIGIN`, and so on. An empty variable says nothing. */
function withEnv(option: Option): Option {
  const name = OWN_NAMES[option.name()] ?? option.name().toUpperCase().replaceAll("-", "_");
  const variable = `COUNTERFOIL_${name}`;
  return process.env[variable] === "" ? option : option.env(variable);
}

const option = (flags: string, description: string, parse?: (text: string) => unknown): Option =>
  parse === undefined ? new Option(flags, description) : new Option(flags, description).argParser(parse);

const watching = (): Option[] => [
  option("--index <url>", "the index to watch").default(PYPI),
  several("--files-origin <origin>", "where its files may come from (repeatable)", words),
  option("--data <dir>", "the data folder").default("counterfoil-data"),
  new Option(
    "--source <which>",
    "by what it is followed: its journal, or without one the list of all projects (up to 35 minutes late) or RSS (new releases only)",
  )
    .choices(["journal", "list", "rss"])
    .default(DEFAULT_SETTINGS.source),
  option("--poll <seconds>", "how often the journal is read", positive).default(30),
  option("--confirm <seconds>", "the confirmation window: how long a difference must last", positive).default(
    120,
  ),
  option("--sweep <seconds>", "every project's page is looked at again within this time", positive).default(
    DAY_SECONDS,
  ),
  option("--rehash <seconds>", "every artifact's bytes are hashed again within this time", positive).default(
    7 * DAY_SECONDS,
  ),
  option("--sweep-budget <bytes>", "the most bytes re-hashing may fetch in a day", positive).default(
    DEFAULT_SETTINGS.sweepBudgetBytes,
  ),
  option("--sweep-rate <n>", "how many requests a second the sweep makes, on average", positive).default(
    DEFAULT_SETTINGS.sweepPerSecond,
  ),
  option(
    "--trusted-root <file>",
    "by whom provenance must be signed, in place of the public Sigstore's trusted_root.json",
  ),
  option("--contact <url>", "where you are found by those whom it asks; goes into the User-Agent").default(
    homepageHere(),
  ),
];

const serving = (): Option[] => [
  option("--host <address>", "the address to serve the API on").default("127.0.0.1"),
  option("--port <n>", "the port to serve the API on; 0 picks one", count).default(8080),
  option("--public-url <url>", "the API's address as others reach it (default: as it is served)", publicUrl),
  new Option(
    "--registration <who>",
    "who may enrol: by invitation of the operator, or open to anybody, self-claimed until vouched for",
  )
    .choices(["invitation", "open"])
    .default("invitation"),
  option(
    "--quietening <hours>",
    "how long what makes the monitor quieter waits before it acts",
    quietening,
  ).default(24),
  several(
    "--oidc-issuer <provider=url>",
    "a CI server of your own whose tokens are taken: github=URL or gitlab=URL, its exact `iss` (repeatable)",
    (text) => words(text).map(issuer),
  ),
];

const telling = (): Option[] => [
  several("--notify <url>", "POST every alert there as JSON (repeatable)", words),
  several("--notify-command <cmd>", "run this for every alert, JSON on its input (repeatable)", (text) => [
    text,
  ]),
  option("--smtp <url>", "the server that takes mail to contacts, as smtps://USER:PASSWORD@HOST"),
  option("--mail-from <address>", "from whom mail to contacts is", mailAddress),
  flag("--allow-private-contacts", "let contacts' webhooks be http, or inside your own network"),
  flag("--verbose", "log every step to stderr"),
];

/** In the environment it is `yes` or `no`: there, being set to nothing in particular must not lift a guard. */
const flag = (name: string, description: string): Option =>
  option(`${name} [yes|no]`, description, yesOrNo).preset("yes");

/** A repeatable one; in the environment, those without spaces in them stand side by side. */
const several = (flags: string, description: string, parse: (text: string) => readonly unknown[]): Option =>
  new Option(flags, description)
    .argParser((text: string, before: readonly unknown[]) => [...before, ...parse(text)])
    .default([], "none");

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

function yesOrNo(text: string): boolean {
  if (/^(yes|true|1)$/i.test(text)) return true;
  if (/^(no|false|0)$/i.test(text)) return false;
  throw new InvalidArgumentError("It must be yes or no.");
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function quietening(text: string): number {
  const value = positive(text);
  if (value > MOST_QUIETENING_HOURS)
    throw new InvalidArgumentError(`It must be at most ${MOST_QUIETENING_HOURS} hours.`);
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError("It must be a port.");
  return value;
}

/** With a slash at the end, links would have two. */
function publicUrl(text: string): string {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (!isPlain || url.username !== "" || url.password !== "")
    throw new InvalidArgumentError("It must be an http(s) URL without query, fragment and credentials.");
  return url.href.replace(/\/+$/, "");
}

function issuer(text: string): ApiSettings["issuers"][number] {
  const [, provider, address = ""] = /^(github|gitlab)=(.+)$/.exec(text) ?? [];
  const url = URL.parse(address);
  const isSafe =
    url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isOwnMachine(url)));
  if (provider === undefined || !isSafe || url.username !== "" || url.hash !== "")
    throw new InvalidArgumentError("It must be github=URL or gitlab=URL, with https.");
  // As it was typed: a token's `iss` is compared letter by letter.
  return { provider: provider as "github" | "gitlab", issuer: address };
}

function mailAddress(text: string): string {
  if (!isMailAddress(text)) throw new InvalidArgumentError("It must be a plain mail address.");
  return text;
}
