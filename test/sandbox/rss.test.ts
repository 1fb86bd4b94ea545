import assert from "node:assert/strict";
import test from "node:test";
import { SaxesParser } from "saxes";
import { get, lighthouse, started, storyFile } from "./started.ts";

/** The items of a feed, each as its elements' texts by name; throws when the feed is not well formed. */
function items(feed: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const parser = new SaxesParser();
  let text = "";
  parser.on("opentag", ({ name }) => {
    text = "";
    if (name === "item") found.push({});
  });
  parser.on("text", (more) => {
    text += more;
  });
  parser.on("closetag", ({ name }) => {
    const item = found.at(-1);
    if (item !== undefined && name !== "item") item[name] = text;
  });
  parser.write(feed).close();
  return found;
}

test("the newest releases come first, without guid and without files", async (t) => {
  const index = await lighthouse(t);
  const at = new Date("2030-01-02T03:04:05.678Z");
  const file = storyFile("lanternfish-1.0.0-py3-none-any.whl");
  index.publish({ project: "Lantern.Fish", version: "1.0.0", at, files: [file] });
  const feed = await get(`${index.url}/rss/updates.xml`);
  assert.match(feed.headers.get("Content-Type") ?? "", /^text\/xml/);
  const [newest, ...rest] = items(await feed.text());
  assert.deepEqual(newest, {
    title: "Lantern.Fish 1.0.0",
    link: "https://pypi.org/project/lantern-fish/1.0.0/",
    description: "A lure that shines in the deep",
    author: "The Counterfoil authors <story@counterfoil.example>",
    pubDate: "Wed, 02 Jan 2030 03:04:05 GMT",
  });
  assert.equal(rest[0]?.["title"], "Lighthouse 1.0");
});

test("a feed of updates ends at a hundred, of projects at forty", async (t) => {
  const index = await started(t);
  for (let n = 0; n < 120; n += 1) {
    const files = [{ name: `buoy_${n}-1.0.tar.gz`, bytes: Buffer.from(String(n)) }];
    index.publish({ project: `buoy-${n}`, version: "1.0", files });
  }
  assert.equal(items(await (await get(`${index.url}/rss/updates.xml`)).text()).length, 100);
  assert.equal(items(await (await get(`${index.url}/rss/packages.xml`)).text()).length, 40);
});

test("new projects have a guid; a project's own feed has bare versions", async (t) => {
  const index = await lighthouse(t);
  const [project] = items(await (await get(`${index.url}/rss/packages.xml`)).text());
  assert.equal(project?.["guid"], "https://pypi.org/project/lighthouse/");
  assert.equal(project?.["title"], "Lighthouse added to PyPI");
  const [release] = items(await (await get(`${index.url}/rss/project/lighthouse/releases.xml`)).text());
  assert.equal(release?.["title"], "1.0");
});

test("a feed known by its tag is 304, and its copies say nothing of caching", async (t) => {
  const index = await lighthouse(t);
  const first = await get(`${index.url}/rss/updates.xml`);
  assert.equal(first.headers.get("Cache-Control"), null);
  const again = await get(`${index.url}/rss/updates.xml`, {
    "If-None-Match": first.headers.get("ETag") ?? "",
  });
  assert.equal(again.status, 304);
});

test("yanked and quarantined releases stay in the feed", async (t) => {
  const index = await lighthouse(t);
  index.yank("lighthouse", "1.0");
  index.quarantineProject("lighthouse");
  assert.equal(items(await (await get(`${index.url}/rss/updates.xml`)).text()).length, 1);
});
