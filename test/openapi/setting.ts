import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SandboxIndex, startIndex } from "../../bin/sandbox/index/server.ts";
import { freePort } from "../programs/ports.ts";
import { Server } from "../programs/server.ts";

const COUNTERFOIL = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));
const PROJECT = "lantern";
const FILE = "lantern-1.0-py3-none-any.whl";

/** A real monitor over the sandbox, with a project that has records, artifacts, findings and people. */
export interface Setting {
  readonly url: string;
  readonly project: string;
  readonly enrolment: string;
  readonly keys: Readonly<Record<"operator" | "maintainer" | "ci", string>>;
  readonly folder: string;
  end(): Promise<void>;
}

async function posted<T>(url: string, key: string, body: string): Promise<T> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, Accept: "application/json" },
    body,
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function started(index: SandboxIndex, folder: string): Promise<{ server: Server; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const at = [
    "--index",
    index.url,
    "--files-origin",
    index.filesOrigin,
    "--data",
    folder,
    "--port",
    String(port),
  ];
  const server = await Server.start({
    name: "the monitor",
    command: [
      process.execPath,
      COUNTERFOIL,
      "serve",
      ...at,
      "--poll",
      "0.2",
      "--confirm",
      "1",
      "--registration",
      "open",
    ],
    env: process.env,
    log: join(folder, "log.txt"),
    isUp: async () => (await fetch(`${url}/v1/problems/internal`)).ok,
  });
  return { server, url };
}

/** Starts everything, and waits until the project has something to list. */
export async function makeSetting(): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-openapi-"));
  const index = await startIndex();
  const { server, url } = await started(index, folder);
  const operator = readFileSync(join(folder, "operator.key"), "utf8").trim();
  const { id, keys } = await posted<{ id: string; keys: { maintainer: string; ci: string } }>(
    `${url}/v1/enrolments`,
    operator,
    JSON.stringify({ project: PROJECT }),
  );
  await posted(`${url}/v1/projects/${PROJECT}/records`, keys.maintainer, `${"a".repeat(64)}  ${FILE}\n`);
  writeFileSync(join(folder, "url.txt"), url);
  return {
    url,
    project: PROJECT,
    enrolment: id,
    keys: { operator, ...keys },
    folder,
    end: async () => {
      await server.stop();
      await index.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
