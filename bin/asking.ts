import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Connection } from "../functions/client/asking.ts";
import { type Client, createClient } from "../functions/client/client.ts";
import { isProjectName, normalizeProject, type ProjectName } from "../functions/domain/names.ts";
import { quoted } from "../functions/records/quoted.ts";
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

/** The key to ask with, from a file or the environment. Throws `Misused`. */
export const keyFor = ({ keyFile }: Pick<AskingOptions, "keyFile">): string | null => {
  const key = keyFile === undefined ? process.env["COUNTERFOIL_KEY"]?.trim() : textIn(keyFile, "key file");
  return key || null;
};

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
