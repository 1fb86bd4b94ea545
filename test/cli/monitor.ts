/** A monitor's API on a real port, and the real command line beside it. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import type { Registration } from "../../functions/api/seams.ts";
import { openWorld, type World } from "../api/world.ts";

const ENTRY = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `counterfoil …` as a shell would, with nothing of this process's environment but the path. */
export function counterfoil(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env["PATH"] ?? "", ...env };
    const child = execFile(process.execPath, [ENTRY, ...args], { env: environment }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

export interface Monitor {
  readonly world: World;
  readonly url: string;
  /** A folder of its own, gone after the test. */
  readonly folder: string;
  readonly operatorKeyFile: string;
}

export async function openMonitor(t: TestContext, registration?: Registration): Promise<Monitor> {
  const world = await openWorld(undefined, registration);
  const server = createAdaptorServer({ fetch: world.app.fetch }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-cli-"));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  const operatorKeyFile = join(folder, "operator.key");
  writeFileSync(operatorKeyFile, `${world.operator}\n`);
  const { port } = server.address() as AddressInfo;
  return { world, url: `http://127.0.0.1:${port}`, folder, operatorKeyFile };
}
