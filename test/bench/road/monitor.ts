import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Client, createClient } from "../../../functions/client/client.ts";
import { ended, on } from "../processes.ts";
import type { Origins } from "./index.ts";

/** The real monitor, as `counterfoil serve` runs it, on the measured core. */
export interface Monitor {
  readonly operator: Client;
  holding(key: string): Client;
  /** Waits until every entry up to the serial is read and nothing is left to do. */
  settled(serial: number): Promise<void>;
  /** Processor time so far; `null` where the system does not tell. */
  cpuMs(): number | null;
  close(): Promise<void>;
}

export interface MonitorAsked {
  readonly index: Origins;
  readonly notify: string;
  readonly pollSeconds: number;
  /** Where to write a profile of the processor's time, if anywhere. */
  readonly profile: string | null;
}

const ENTRY = new URL("../../../bin/counterfoil.js", import.meta.url).pathname;
const SETTLED_MS = 120_000;

export async function startMonitor({ index, notify, pollSeconds, profile }: MonitorAsked): Promise<Monitor> {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-bench-"));
  const flags = profile === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const asked = ["--index", index.url, "--files-origin", index.filesOrigin, "--notify", notify];
  const options = ["--data", folder, "--port", "0", "--poll", String(pollSeconds)];
  const [program, ...args] = on("measured", [
    process.execPath,
    ...flags,
    ENTRY,
    "serve",
    ...asked,
    ...options,
  ]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await addressIn(child.stdout);
  const key = readFileSync(join(folder, "operator.key"), "utf8").trim();
  const holding = (held: string) => createClient({ url, key: held, timeoutMs: 30_000 });
  const operator = holding(key);
  return {
    operator,
    holding,
    settled: (serial) => settled(operator, serial),
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    close: async () => {
      await ended(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Reads what the monitor says when it starts, and goes on reading: a full pipe would stop it. */
function addressIn(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    stdout.on("data", (piece: Buffer) => {
      if (said.includes("Interrupt")) return;
      said += piece.toString();
      const url = /API +(\S+)/.exec(said)?.[1];
      if (url !== undefined && said.includes("Interrupt")) resolve(url);
    });
    stdout.on("end", () => reject(new Error(`the monitor ended: ${said}`)));
  });
}

async function settled(client: Client, serial: number): Promise<void> {
  const until = performance.now() + SETTLED_MS;
  for (;;) {
    const { cursor, queues } = await client.health();
    const left = queues.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
    if (left === 0 && cursor !== null && cursor.serial >= serial) return;
    if (performance.now() > until) throw new Error(`the monitor did not settle: ${JSON.stringify(queues)}`);
    await setTimeout(50);
  }
}

/** User and system time in hundredths of a second, from proc(5). */
function cpuMsOf(pid: number): number | null {
  try {
    const [user = "", system = ""] =
      readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ").slice(11) ?? [];
    return (Number(user) + Number(system)) * 10;
  } catch {
    return null;
  }
}
