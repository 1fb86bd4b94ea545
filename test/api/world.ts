/** A monitor's API with nothing behind it but ports, for one test. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { createApi } from "../../functions/api/api.ts";
import type { Problem } from "../../functions/api/problems.ts";
import type { ApiPorts, ApiSettings, Fault, Registration } from "../../functions/api/seams.ts";
import { mintKey } from "../../functions/records/credentials.ts";
import { type Kept, type MemoryPorts, memoryPorts } from "./memory-ports.ts";

export const A = "a".repeat(64);
export const B = "b".repeat(64);
export const SDIST = "six-1.17.0.tar.gz";
export const WHEEL = "six-1.17.0-py2.py3-none-any.whl";
/** Where others reach the monitor of these tests; nobody listens there. */
export const MONITOR_URL = "https://monitor.example";
export const QUIETENING_MS = 86_400_000;
export const STALE_AFTER_MS = 300_000;

/** What the API of these tests is told by its host. */
export const SETTINGS: ApiSettings = {
  version: "1.2.3",
  staleAfterMs: STALE_AFTER_MS,
  source: "journal",
  sweepMs: 86_400_000,
  rehashMs: 604_800_000,
  registration: "invitation",
  url: MONITOR_URL,
  quieteningMs: QUIETENING_MS,
  issuers: [],
  limits: null,
  addressOf: () => null,
  report: (fault) => assert.fail(String(fault.error)),
};

/** The one line to change for other ports. */
const openPorts = memoryPorts;

export interface World {
  readonly app: Hono;
  readonly ports: MemoryPorts;
  readonly kept: Kept;
  readonly faults: Fault[];
  readonly operator: string;
  /** Everything stored, as text: two equal ones have nothing between them. */
  stored(): string;
}

/** When a key was last used is noted whatever comes of the request. */
const replaceMaps = (name: string, value: unknown): unknown =>
  name === "lastUsedAt" ? undefined : value instanceof Map ? [...value] : value;

/** `through` stands between the API and the ports, for faults. */
export async function openWorld(
  through = (ports: ApiPorts): ApiPorts => ports,
  registration: Registration = "invitation",
): Promise<World> {
  const { ports, kept } = openPorts();
  const operator = mintKey("operator", { enrolment: null, project: null }, kept.now);
  await ports.enrolments.putOperator(operator.credential);
  const faults: Fault[] = [];
  const settings = { ...SETTINGS, registration, report: (fault: Fault) => void faults.push(fault) };
  const app = createApi(through(ports), settings);
  const stored = (): string => JSON.stringify(kept, replaceMaps);
  return { app, ports, kept, faults, operator: operator.key, stored };
}

export interface Asked {
  readonly key?: string | null;
  readonly accept?: string;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
}

const headersOf = ({ key, accept }: Asked): Record<string, string> => ({
  ...(key ? { Authorization: `Bearer ${key}` } : {}),
  ...(accept === undefined ? {} : { Accept: accept }),
});

export const post = async (world: World, path: string, asked: Asked): Promise<Response> =>
  world.app.request(path, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headersOf(asked) },
    ...(asked.body === undefined ? {} : { body: asked.body, duplex: "half" }),
  });

export const get = async (world: World, path: string, asked: Asked = {}): Promise<Response> =>
  world.app.request(path, { headers: headersOf(asked) });

/** An answer's body, as the test expects it to be. */
export const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

export interface Keys {
  readonly id: string;
  readonly maintainer: string;
  readonly ci: string;
}

/** Enrols through the API; `null` for a key as anybody, where registration is open. */
export async function enrolled(
  world: World,
  project = "six",
  key: string | null = world.operator,
): Promise<Keys> {
  const answer = await post(world, "/v1/enrolments", { key, body: JSON.stringify({ project }) });
  assert.equal(answer.status, 201);
  const { id, keys } = await jsonOf<{ id: string; keys: Omit<Keys, "id"> }>(answer);
  return { id, ...keys };
}

/** A refusal must be a problem of this code, must say whose fault it is by status, and must have stored nothing. */
export async function assertRefused(
  answer: Response,
  { code, status, line }: { code: string; status: number; line?: number },
): Promise<void> {
  assert.equal(answer.headers.get("Content-Type"), "application/problem+json");
  const { detail, title, type, ...rest } = await jsonOf<Problem>(answer);
  assert.deepEqual(rest, { code, status, ...(line === undefined ? {} : { line }) });
  assert.deepEqual([answer.status, type], [status, `${MONITOR_URL}/v1/problems/${code}`]);
  assert.ok(detail.length > 0 && title.length > 0);
}
