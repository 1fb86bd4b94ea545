import assert from "node:assert/strict";
import test from "node:test";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { get, lighthouse, sdist, started, storyFile, wheel } from "./started.ts";

interface ProjectJson {
  readonly info: { readonly name: string; readonly version: string; readonly summary: string | null };
  readonly last_serial: number;
  readonly ownership: { readonly roles: readonly { role: string; user: string }[] };
  readonly releases?: Readonly<Record<string, readonly FileJson[]>>;
  readonly urls: readonly FileJson[];
}

interface FileJson {
  readonly filename: string;
  readonly digests: Readonly<Record<string, string>>;
  readonly packagetype: string;
  readonly python_version: string;
  readonly upload_time: string;
  readonly upload_time_iso_8601: string;
  readonly yanked: boolean;
  readonly yanked_reason: string | null;
}

async function json(index: SandboxIndex, path: string): Promise<ProjectJson> {
  const response = await get(`${index.url}/pypi/${path}/json`);
  assert.equal(response.status, 200);
  return (await response.json()) as ProjectJson;
}

const now = () => new Date("2026-01-02T03:04:05.678Z");

test("a project shows its releases, its files with three digests, and its owners", async (t) => {
  const index = await lighthouse(t, { now });
  const shown = await json(index, "LightHouse");
  assert.equal(shown.info.name, "Lighthouse");
  assert.equal(shown.last_serial, 1004);
  assert.deepEqual(shown.ownership.roles, [{ role: "Owner", user: "owner" }]);
  assert.deepEqual(
    shown.releases?.["1.0"]?.map((file) => file.filename),
    [wheel.name, sdist.name],
  );
  const { content } = index.artifact(sdist.name);
  const file = shown.urls.find(({ filename }) => filename === sdist.name);
  assert.deepEqual(file?.digests, {
    blake2b_256: content.blake2b256,
    md5: content.md5,
    sha256: content.sha256,
  });
  assert.deepEqual([file?.packagetype, file?.python_version], ["sdist", "source"]);
  assert.equal(file?.upload_time, "2026-01-02T03:04:05");
  assert.equal(file?.upload_time_iso_8601, "2026-01-02T03:04:05.678000Z");
});

test("a release is found by any spelling of its version and lists no others", async (t) => {
  const index = await lighthouse(t);
  const shown = await json(index, "lighthouse/1.0.0");
  assert.equal(shown.info.version, "1.0");
  assert.equal(shown.releases, undefined);
});

test("the latest release is final and not yanked, whatever its number", async (t) => {
  const index = await lighthouse(t);
  for (const version of ["2.0", "3.0rc1"]) {
    const name = `lighthouse-${version}.tar.gz`;
    index.publish({ project: "lighthouse", version, files: [{ name, bytes: Buffer.from(version) }] });
  }
  assert.equal((await json(index, "lighthouse")).info.version, "2.0");
  index.yank("lighthouse", "2.0", "broken");
  assert.equal((await json(index, "lighthouse")).info.version, "1.0");
  const [yanked] = (await json(index, "lighthouse/2.0")).urls;
  assert.deepEqual([yanked?.yanked, yanked?.yanked_reason], [true, "broken"]);
});

test("the summary is read from the wheel", async (t) => {
  const index = await started(t);
  const files = [storyFile("lanternfish-1.0.0-py3-none-any.whl")];
  index.publish({ project: "lanternfish", version: "1.0.0", files });
  assert.equal((await json(index, "lanternfish")).info.summary, "A lure that shines in the deep");
});

test("a release without files is a key with nothing in it", async (t) => {
  const index = await lighthouse(t);
  index.removeFile(wheel.name);
  index.removeFile(sdist.name);
  assert.deepEqual((await json(index, "lighthouse")).releases, { "1.0": [] });
});

test("quarantined and unknown projects are 404 in JSON, a slash at the end is redirected", async (t) => {
  const index = await lighthouse(t);
  assert.equal((await get(`${index.url}/pypi/lighthouse/json/`)).status, 301);
  index.quarantineRelease("lighthouse", "1.0");
  assert.equal((await get(`${index.url}/pypi/lighthouse/1.0/json`)).status, 404);
  index.quarantineProject("lighthouse");
  for (const name of ["lighthouse", "nobody"]) {
    const response = await get(`${index.url}/pypi/${name}/json`);
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), { message: "Not Found" });
  }
});
