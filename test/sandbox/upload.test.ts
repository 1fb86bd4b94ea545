import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { page, started, storyFile } from "./started.ts";

const goodWheel = storyFile("lanternfish-1.0.0-py3-none-any.whl");
const basic = (user: string, secret: string) =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;

/** A form as twine fills it in, with some fields changed. */
function form(changed: Record<string, string> = {}, file = goodWheel): FormData {
  const fields = {
    ":action": "file_upload",
    protocol_version: "1",
    metadata_version: "2.4",
    name: "lanternfish",
    version: "1.0.0",
    filetype: "bdist_wheel",
    pyversion: "py3",
    requires_python: ">=3.9",
    sha256_digest: createHash("sha256").update(file.bytes).digest("hex"),
    ...changed,
  };
  const filled = new FormData();
  for (const [name, value] of Object.entries(fields)) filled.set(name, value);
  filled.set("content", new File([Buffer.from(file.bytes)], file.name));
  return filled;
}

function send(index: SandboxIndex, body: FormData, authorization = basic("__token__", "pypi-x")) {
  return fetch(`${index.url}/legacy/`, { method: "POST", headers: { Authorization: authorization }, body });
}

test("an upload is published and journalled", async (t) => {
  const index = await started(t);
  assert.equal((await send(index, form())).status, 200);
  assert.deepEqual(
    index.journal.rows.map(({ action }) => action),
    ["create", "add Owner owner", "new release", `add py3 file ${goodWheel.name}`],
  );
  assert.equal((await page(index, "lanternfish")).files[0]?.["requires-python"], ">=3.9");
});

test("the uploader becomes the owner: by name, or by the token's user", async (t) => {
  const named = await started(t);
  await send(named, form(), basic("ada", "secret"));
  assert.equal(named.journal.rows[1]?.action, "add Owner ada");
  const tokens = await started(t, { tokens: { "pypi-ada": "ada" } });
  await send(tokens, form(), basic("__token__", "pypi-ada"));
  assert.equal(tokens.journal.rows[1]?.action, "add Owner ada");
});

test("no credential and a wrong one are refused", async (t) => {
  const index = await started(t, { tokens: { "pypi-ada": "ada" } });
  assert.equal((await send(index, form(), "")).status, 403);
  assert.equal((await send(index, form(), basic("__token__", "pypi-eve"))).status, 403);
  assert.equal(index.journal.rows.length, 0);
});

test("the same file again is accepted without a row, other bytes are refused in PyPI's words", async (t) => {
  const index = await started(t);
  await send(index, form());
  assert.equal((await send(index, form())).status, 200);
  assert.equal(index.journal.rows.length, 4);
  const other = await send(index, form({}, { name: goodWheel.name, bytes: Buffer.from("other") }));
  assert.equal(other.status, 400);
  assert.match(
    other.statusText,
    /^File already exists \('lanternfish-1\.0\.0-py3-none-any\.whl', with blake2_256 hash '/,
  );
});

test("a deleted file's name is refused, whatever the bytes", async (t) => {
  const index = await started(t);
  await send(index, form());
  index.removeFile(goodWheel.name);
  const again = await send(index, form());
  assert.equal(again.status, 400);
  assert.match(again.statusText, /previously used by a file that has since been deleted/);
});

test("the same bytes under another name are refused", async (t) => {
  const index = await started(t);
  await send(index, form());
  const twin = { name: "lanternfish-1.0.0-1-py3-none-any.whl", bytes: goodWheel.bytes };
  assert.match(
    (await send(index, form({}, twin))).statusText,
    /^File already exists \('lanternfish-1\.0\.0-py3/,
  );
});

const refusals: readonly (readonly [string, FormData, RegExp])[] = [
  ["a wrong digest", form({ sha256_digest: "0".repeat(64) }), /digest supplied does not match/],
  ["a wrong BLAKE2", form({ blake2_256_digest: "0".repeat(64) }), /digest supplied does not match/],
  ["another project's file", form({ name: "tidewrack" }), /Start filename for 'tidewrack'/],
  ["an egg", form({}, { name: "lanternfish-1.0.0.egg", bytes: goodWheel.bytes }), /Invalid file extension/],
  ["a form without a version", form({ version: "" }), /^version: /],
  ["another action", form({ ":action": "submit" }), /Unsupported action/],
];

for (const [what, body, reason] of refusals) {
  test(`${what} is refused and leaves nothing behind`, async (t) => {
    const index = await started(t);
    const response = await send(index, body);
    assert.equal(response.status, 400);
    assert.match(response.statusText, reason);
    assert.equal(index.journal.rows.length, 0);
  });
}

test("archived and quarantined projects accept nothing", async (t) => {
  const index = await started(t);
  await send(index, form());
  index.archive("lanternfish");
  const sdist = storyFile("lanternfish-1.0.0.tar.gz");
  assert.equal((await send(index, form({ pyversion: "source" }, sdist))).status, 403);
});

test("a release takes no more files after fourteen days", async (t) => {
  let now = new Date("2026-01-01T00:00:00Z");
  const index = await started(t, { now: () => now });
  await send(index, form());
  now = new Date("2026-01-15T00:00:01Z");
  const sdist = storyFile("lanternfish-1.0.0.tar.gz");
  const late = await send(index, form({ pyversion: "source" }, sdist));
  assert.match(late.statusText, /more than 14 days old/);
});
