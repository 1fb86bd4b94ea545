import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Connection } from "../functions/client/asking.ts";
import { type Client, createClient } from "../functions/client/client.ts";

/** What every command that asks the API takes. */
export interface AskingOptions {
  readonly url: string;
  readonly keyFile?: string;
  readonly json: boolean;
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
    .option("--json", "print the answer as JSON", false);

function keyIn(path: string, command: Command): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return command.error(`counterfoil: the key file ${path} cannot be read`, { exitCode: 2 });
  }
}

function connectionFor(options: AskingOptions, command: Command): Connection {
  if (!URL.canParse(options.url))
    command.error(`counterfoil: --url ${options.url} is not an address like http://127.0.0.1:8080`, {
      exitCode: 2,
    });
  const key =
    options.keyFile === undefined ? process.env["COUNTERFOIL_KEY"]?.trim() : keyIn(options.keyFile, command);
  return { url: options.url, key: key || null, timeoutMs: TIMEOUT_MS };
}

/** The API's caller that a command's options ask for. */
export const clientFor = (options: AskingOptions, command: Command): Client =>
  createClient(connectionFor(options, command));
