import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import { type IndexOptions, type SandboxIndex, startIndex } from "../../bin/sandbox/index/server.ts";

/** A sandbox that ends with the test. */
export async function started(t: TestContext, options: IndexOptions = {}): Promise<SandboxIndex> {
  const index = await startIndex({ firstSerial: 1000, ...options });
  t.after(() => index.close());
  return index;
}

/** A sandbox with one small release: `lighthouse` 1.0, a wheel and an sdist of made-up bytes. */
export async function lighthouse(t: TestContext, options: IndexOptions = {}): Promise<SandboxIndex> {
  const index = await started(t, options);
  index.publish({ project: "Lighthouse", version: "1.0", files: [sdist, wheel] });
  return index;
}

export const wheel = { name: "lighthouse-1.0-py3-none-any.whl", bytes: Buffer.from("a wheel, more or less") };
export const sdist = { name: "lighthouse-1.0.tar.gz", bytes: Buffer.from("a source distribution, nearly") };

/** One of the story's committed files. */
export function storyFile(name: string): { name: string; bytes: Uint8Array } {
  return { name, bytes: readFileSync(new URL(`../fixtures/story/${name}`, import.meta.url)) };
}

export const simpleJson = "application/vnd.pypi.simple.v1+json";

/** A GET that neither follows redirects nor asks for packing. */
export function get(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", headers: { "Accept-Encoding": "identity", ...headers } });
}

/** A project's page as JSON, typed by the caller's trust in the sandbox. */
export async function page(index: SandboxIndex, project: string): Promise<SimplePage> {
  const response = await get(`${index.url}/simple/${project}/`, { Accept: simpleJson });
  return (await response.json()) as SimplePage;
}

export interface SimplePage {
  readonly meta: { readonly "_last-serial": number; readonly "api-version": string };
  readonly name: string;
  readonly "project-status": { readonly status: string };
  readonly versions: readonly string[];
  readonly files: readonly SimpleFile[];
}

export interface SimpleFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes: { readonly sha256: string };
  readonly "core-metadata": false | { readonly sha256: string };
  readonly "requires-python": string | null;
  readonly size: number;
  readonly yanked: boolean | string;
}

/** The body behind a file's address. */
export async function bytesAt(url: string): Promise<Buffer> {
  return Buffer.from(await (await get(url)).arrayBuffer());
}
