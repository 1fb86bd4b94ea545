import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";

/** The bench cannot say anything honest here; the sentence tells what is missing. */
export class CannotMeasure extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "CannotMeasure";
  }
}

/** What is measured has one core for itself; whoever serves it has the other. */
export type Core = "measured" | "serving";
const CORES: Readonly<Record<Core, string>> = { measured: "0", serving: "1" };

/** Whether processes can be kept on a core each. Without, they share whatever there is, and the output says so. */
export const canPin = availableParallelism() > 1 && !spawnSync("taskset", ["--version"]).error;

/** A command line that runs on that core. */
export const on = (core: Core, command: readonly string[]): readonly [string, ...string[]] =>
  canPin ? ["taskset", "-c", CORES[core], ...command] : ["env", ...command];

/** Keeps this very process off the measured core. */
export function stepAside(): void {
  if (canPin) execFileSync("taskset", ["-acp", CORES.serving, String(process.pid)], { stdio: "ignore" });
}

/** Runs a command to its end and answers how long it took and what it printed. Throws when it fails. */
export async function timed(
  core: Core,
  command: readonly string[],
): Promise<{ seconds: number; stdout: string }> {
  const [program, ...args] = on(core, command);
  const began = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => {
    said.stdout += piece.toString();
  });
  child.stderr.on("data", (piece: Buffer) => {
    said.stderr += piece.toString();
  });
  const [code] = await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${said.stderr.slice(-500)}`);
  return { seconds, stdout: said.stdout };
}

/** A Node process of the bench that answers questions until it is ended. */
export interface Worker {
  /** Asks for what the worker calls `name`; what it throws is thrown here. */
  ask<Result>(name: string, body?: unknown): Promise<Result>;
  end(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts a script of the bench in a process of its own. Its side of the conversation is `answerAs`. */
export function startWorker(core: Core, script: URL, flags: readonly string[] = []): Worker {
  const [program, ...args] = on(core, [process.execPath, ...flags, script.pathname]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on("message", (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) asked?.resolve(reply.result);
    else asked?.reject(new Error(reply.error));
  });
  child.on("close", (code) => {
    for (const asked of waiting.values()) asked.reject(new Error(`${script.pathname} ended with ${code}`));
  });
  let last = 0;
  return {
    async ask<Result>(name: string, body?: unknown) {
      const asked = Promise.withResolvers<unknown>();
      last += 1;
      waiting.set(last, asked);
      child.send({ id: last, name, body });
      return (await asked.promise) as Result;
    },
    end: () => ended(child, "SIGKILL"),
  };
}

/** Ends a process and waits until it is gone. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill(signal);
  await closed;
}
