import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Monitor } from "./monitor.ts";

/** How the story starts the monitor under test: the real process, as its users start it. */
export interface ServingOptions {
  readonly program: string;
  readonly folder: string;
  readonly index: string;
  readonly filesOrigin: string;
  readonly notify: string;
}

/** A monitor in a process of its own. */
export interface Serving {
  readonly monitor: Monitor;
  stop(): Promise<void>;
}

/** Starts `counterfoil serve`. It answers once this has resolved. */
export async function serve(options: ServingOptions): Promise<Serving> {
  const pace = ["--poll", "0.2", "--confirm", "1.5", "--sweep", "3", "--rehash", "3"];
  const where = ["--index", options.index, "--files-origin", options.filesOrigin, "--data", options.folder];
  const args = [options.program, "serve", ...where, ...pace, "--port", "0", "--notify", options.notify];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await announcedUrl(child);
  const operatorKey = readFileSync(join(options.folder, "operator.key"), "utf8").trim();
  return { monitor: new Monitor(url, operatorKey), stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.kill("SIGTERM")) await ended;
}

/** The address that the monitor prints when it is up. */
function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      const url = /API +(http:\S+)/.exec(printed)?.[1];
      if (url !== undefined && printed.includes("Interrupt to stop")) resolve(url);
    });
    child.once("exit", (code) => reject(new Error(`the monitor ended with ${code} before it was up`)));
  });
}
