import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Connection } from "../functions/client/asking.ts";
import { type Client, createClient } from "../functions/client/client.ts";
import { isProjectName, normalizeProject, type ProjectName } from "../functions/domain/names.ts";
import { inert, quoted } from "../functions/records/quoted.ts";
import { Misused } from "./misused.ts";

/** What every command that asks the API takes. */
export interface AskingOptions {
  readonly url: string;
  readonly keyFile?: string;
  readonly json?: true;
}

const TIMEOUT_MS = 30_000;

/** Adds `--url`, `--key-file` and `--json`. The key itself is never an argument: those are seen by every process. */
export const askingOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--url <url>", "the monitor's address")
        .env("COUNTERFOIL_URL")
        .default("http://127.0.0.1:8080"),
    )
    .option("--key-file <path>", "file with the key to ask with (or the key itself in COUNTERFOIL_KEY)")
    .option("--json", "print the answer as JSON and nothing else");

/** A small text file that was named on the command line. Throws `Misused`. */
export function textIn(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new Misused(`the ${what} ${path} cannot be read`, cause);
  }
}

const KEY = /\bcf_[a-z]+_[0-9a-f]{16}_[0-9a-f]{64}\b/g;

/** The one key in a text that may say more, as `counterfoil invite` prints it; or a CI provider's token. Throws `Misused`. */
function keyIn(text: string, source: string): string {
  const keys = new Set(text.match(KEY));
  if (keys.size > 1) throw new Misused(`${source} holds several keys: keep each in a file of its own`);
  const [key = text.trim()] = keys;
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Misused(`${source} holds no key`);
  return key;
}

/** The key in a file. Throws `Misused`. */
export const keyAt = (path: string, what = "key file"): string =>
  keyIn(textIn(path, what), `the ${what} ${inert(path)}`);

/** The key in a variable of the environment, or `null`. Throws `Misused`. */
export function keyOf(variable: string): string | null {
  const text = process.env[variable]?.trim();
  return text === undefined || text === "" ? null : keyIn(text, variable);
}

/** The key to ask with, from a file or the environment. Throws `Misused`. */
export const keyFor = ({ keyFile }: Pick<AskingOptions, "keyFile">): string | null =>
  keyFile === undefined ? keyOf("COUNTERFOIL_KEY") : keyAt(keyFile);

/** How to reach the monitor that a command's options name. Throws `Misused`. */
export function connectionFor(options: AskingOptions, key: string | null = keyFor(options)): Connection {
  const { url } = options;
  if (!["http:", "https:"].includes(URL.parse(url)?.protocol ?? ""))
    throw new Misused(`--url ${url} is not an address like http://127.0.0.1:8080`);
  return { url, key, timeoutMs: TIMEOUT_MS };
}

/** The API's caller that a command's options ask for. Throws `Misused`. */
export const clientFor = (options: AskingOptions): Client => createClient(connectionFor(options));

/** A project's name as it was typed, normalised. Throws `Misused`. */
export function projectTyped(typed: string): ProjectName {
  if (isProjectName(typed)) return normalizeProject(typed);
  throw new Misused(`${quoted(typed)} cannot be a project's name`);
}
