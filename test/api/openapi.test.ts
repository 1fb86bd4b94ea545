import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { openApiDocument } from "../../bin/openapi/document.ts";
import { versionHere } from "../../bin/version.ts";
import { PROBLEMS } from "../../functions/api/problems.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { get, jsonOf, MONITOR_URL, openWorld } from "./world.ts";

const FILE = new URL("../../functions/api/openapi.json", import.meta.url);
const DOCS = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

describe("the document of the API", () => {
  it("is what the routes say of themselves: `npm run openapi` writes it anew", () => {
    assert.deepEqual(JSON.parse(readFileSync(FILE, "utf8")), openApiDocument(versionHere()));
  });

  it("is served, with the address that others reach this monitor at", async () => {
    const document = await jsonOf<Document>(await get(await openWorld(), "/openapi.json"));
    assert.match(document.openapi, /^3\.1\./);
    assert.deepEqual(document.servers, [{ url: MONITOR_URL }]);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    assert.deepEqual(ids.sort(), ROUTES.map(({ id }) => id).sort());
    assert.equal(new Set(ids).size, ids.length);
  });

  it("names no refusal that nobody knows", () => {
    for (const { refuses } of ROUTES) for (const code of refuses) assert.ok(code in PROBLEMS, code);
  });

  it("has every route that docs/api.md has, and no other", () => {
    const documented = [...DOCS.matchAll(/^\| `(GET|POST|PATCH|DELETE) (\S+?)`/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    assert.deepEqual(documented.sort(), ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  });
});
