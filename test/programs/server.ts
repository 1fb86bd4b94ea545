import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** How to start a server, and how to see that it is up. */
export interface ServerAsked {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** Where its output goes; told when it does not come up. */
  readonly log: string;
  /** Whether it answers. */
  readonly isUp: () => Promise<boolean>;
  readonly cwd?: string;
}

const PATIENCE_MS = 60_000;
const GRACE_MS = 10_000;

/** A server in a process group of its own, so that stopping it ends everything that it started. */
export class Server {
  readonly #child: ChildProcess;
  readonly #asked: ServerAsked;

  private constructor(child: ChildProcess, asked: ServerAsked) {
    this.#child = child;
    this.#asked = asked;
  }

  /** Resolves once it answers. */
  static async start(asked: ServerAsked): Promise<Server> {
    const [program, ...parameters] = asked.command;
    const log = openSync(asked.log, "a");
    const { env, cwd } = asked;
    const stdio: ["ignore", number, number] = ["ignore", log, log];
    const child = spawn(program, parameters, { env, stdio, detached: true, ...(cwd && { cwd }) });
    const server = new Server(child, asked);
    process.once("exit", server.#killAtExit);
    child.once("error", (error) => console.log(`${asked.name}: ${error.message}`));
    await server.#up();
    return server;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#asked.name} was never started`);
    return this.#child.pid;
  }

  /** The last of what it printed. */
  tail(lines = 60): string {
    return readFileSync(this.#asked.log, "utf8").split("\n").slice(-lines).join("\n");
  }

  /** Asks it to stop, then insists, and ends whatever of its group is left. */
  async stop(): Promise<void> {
    if (this.#running()) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await Promise.race([ended, pause(GRACE_MS, undefined, { ref: false })]);
    }
    this.#killAtExit();
    process.off("exit", this.#killAtExit);
  }

  readonly #killAtExit = (): void => {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Nobody of the group is left.
    }
  };

  #running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #up(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (this.#child.pid !== undefined && this.#running() && Date.now() < end) {
      if (await this.#asked.isUp().catch(() => false)) return;
      await pause(100);
    }
    await this.stop();
    throw new Error(`${this.#asked.name} did not come up:\n${this.tail()}`);
  }
}
