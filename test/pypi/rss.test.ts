import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { startIndex } from "../../bin/sandbox/index/server.ts";
import type { Shown } from "../../functions/domain/sources.ts";
import type { Source } from "../../functions/ports.ts";
import { readSources } from "../../functions/pypi/sources.ts";
import { type Answering, adapters, answerWith, fixture, reading } from "./serving.ts";
import { unavailableAs } from "./writing.ts";

const TYPED = { "Content-Type": "text/xml; charset=UTF-8" };
const AT = "Fri, 17 Jan 2025 21:57:58 GMT";

const item = (link: string, more = "<description>A lamp</description>"): string =>
  `<item><title>whatever</title><link>${link}</link>${more}<pubDate>${AT}</pubDate></item>`;
const feed = (...items: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>t</title><link>https://pypi.org/</link>${items.join("")}</channel></rss>\n`;
const lantern = (version: string): string => item(`https://pypi.org/project/lantern/${version}/`);

async function readAll(source: Source, etag: string | null = null) {
  const shown: Shown[] = [];
  const looked = await source.look(etag, async (batch) => void shown.push(...batch));
  return { shown, looked };
}

const read = async (t: TestContext, answering: Answering): Promise<string[]> => {
  const sources = (await reading(t, answering)).sources(readSources);
  const { shown } = await readAll(sources.updates);
  return shown.map(({ project, release }) => `${project} ${release}`);
};

describe("a feed", () => {
  it("of newest projects, as PyPI had it, names each by its link", async (t) => {
    const body = fixture("rss/packages.pypiwrap.2025-01-17.xml");
    const { sources: read, serving } = await reading(t, answerWith({ ...TYPED, ETag: '"e1"' }, body));
    const sources = read(readSources);
    const { shown, looked } = await readAll(sources.projects);
    assert.deepEqual(looked, { kind: "whole", etag: '"e1"', serial: null });
    assert.equal(shown.length, body.toString().split("<item>").length - 1);
    assert.deepEqual(shown.slice(0, 3), [
      { project: "david-cointegration-package", serial: null, release: null, published: AT },
      { project: "anndict", serial: null, release: null, published: "Fri, 17 Jan 2025 21:52:42 GMT" },
      { project: "scalerpy", serial: null, release: null, published: "Fri, 17 Jan 2025 21:48:37 GMT" },
    ]);
    assert.equal(serving.seen[0]?.url, "/rss/packages.xml");
  });

  it("of newest releases in the layout of 2021, with display names in its links, is read all the same", async (t) => {
    const body = fixture("rss/updates.package-feeds.synthetic.xml");
    assert.deepEqual(await read(t, answerWith(TYPED, body)), ["foopackage 0.0.2", "barpackage 0.7a2"]);
  });

  it("of the sandbox is read, with versions that must be encoded in an address", async (t) => {
    const index = await startIndex({});
    t.after(() => index.close());
    const files = (version: string) => [
      { name: `lantern-${version}.tar.gz`, bytes: new TextEncoder().encode(version) },
    ];
    index.publish({ project: "Lantern", version: "1.0", files: files("1.0") });
    index.publish({ project: "Lantern", version: "1!2.0+up", files: files("1!2.0+up") });
    const sources = adapters(t, index.url).sources(readSources);
    const { shown, looked } = await readAll(sources.updates);
    assert.deepEqual(shown.map(({ release }) => release).sort(), ["1!2.0+up", "1.0"]);
    assert.ok(looked.kind === "whole" && looked.etag !== null);
    assert.deepEqual((await readAll(sources.updates, looked.etag)).looked, { kind: "unchanged" });
    assert.deepEqual(
      (await readAll(sources.projects)).shown.map(({ project, release }) => [project, release]),
      [["lantern", null]],
    );
  });

  const spoiling: readonly (readonly [string, string])[] = [
    [
      "a character that XML does not allow",
      item("https://pypi.org/project/a/1/", "<description>\u0001\uffff</description>"),
    ],
    ["an entity nobody declared", item("https://pypi.org/project/a/1/", "<description>&nbsp;</description>")],
    ["a tag that nobody closes", item("https://pypi.org/project/a/1/", "<description><b></description>")],
    ["a closing tag without an opening one", item("https://pypi.org/project/a/1/", "</b>")],
    [
      "an ampersand by itself",
      item("https://pypi.org/project/a/1/", "<description>this & that</description>"),
    ],
  ];
  for (const [what, spoilt] of spoiling)
    it(`with ${what} in one item shows that item and all others`, async (t) => {
      const body = feed(lantern("1.0"), spoilt, lantern("2.0"));
      assert.deepEqual(await read(t, answerWith(TYPED, body)), ["lantern 1.0", "a 1", "lantern 2.0"]);
    });

  const pointless = [
    "https://pypi.org/",
    "no address",
    "",
    "https://pypi.org/project/",
    "https://pypi.org/project/%00/1/",
    `https://pypi.org/project/${"x".repeat(300)}/1/`,
    "https://pypi.org/project/a/1/2/3/",
  ];
  it("hides nothing behind items that lead nowhere", async (t) => {
    const body = feed(lantern("1.0"), ...pointless.map((link) => item(link)), "<item/>", lantern("2.0"));
    assert.deepEqual(await read(t, answerWith(TYPED, body)), ["lantern 1.0", "lantern 2.0"]);
  });

  it("keeps a version that is encoded badly, and one of half a character, as text that can be told", async (t) => {
    const body = feed(
      lantern("1%zz"),
      lantern("%F0%9F"),
      item(`https://pypi.org/project/b/${"9".repeat(900)}/`),
    );
    const versions = await read(t, answerWith(TYPED, body));
    assert.deepEqual(versions, ["lantern 1%zz", "lantern %F0%9F", `b ${"9".repeat(200)}`]);
  });

  it("does not take what a summary says for its link", async (t) => {
    const nested = "<description><link>https://pypi.org/project/mallory/6.6.6/</link></description>";
    const body = feed(`<item>${nested}<link>https://pypi.org/project/lantern/1.0/</link></item>`);
    assert.deepEqual(await read(t, answerWith(TYPED, body)), ["lantern 1.0"]);
  });

  it("asks for no entity's content", async (t) => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "${"x".repeat(1000)}">]>`;
    const body = feed(item("https://pypi.org/project/a/1/", "<description>&a;&a;</description>"));
    assert.deepEqual(await read(t, answerWith(TYPED, body.replace(/^<\?xml.*\?>/, bomb))), ["a 1"]);
  });

  it("packed by gzip is unpacked", async (t) => {
    const packed = answerWith({ ...TYPED, "Content-Encoding": "gzip" }, gzipSync(feed(lantern("1.0"))));
    assert.deepEqual(await read(t, packed), ["lantern 1.0"]);
  });

  const html = { "Content-Type": "text/html" };
  const unreadable: readonly (readonly [string, Parameters<typeof unavailableAs>[0], Answering])[] = [
    ["an outage's page", "unreachable", answerWith(html, "<html>503</html>", 503)],
    ["HTML with status 200", "garbled", answerWith(html, "<html></html>")],
    ["another document", "garbled", answerWith(TYPED, "<html></html>")],
    ["nothing", "garbled", answerWith(TYPED, "")],
    ["half a feed", "garbled", answerWith(TYPED, feed(lantern("1.0")).slice(0, -20))],
    [
      "a feed of attributes",
      "garbled",
      answerWith(TYPED, feed(`<item ${Array.from({ length: 10_001 }, (_, at) => `a${at}="1"`).join(" ")}/>`)),
    ],
    ["more than any feed", "too-large", answerWith(TYPED, feed(" ".repeat(5 * 1024 ** 2)))],
    ["a status that bids us wait", "throttled", answerWith({ "Retry-After": "7" }, "", 429)],
    ["304 to an unconditional request", "refused", answerWith({}, "", 304)],
  ];
  for (const [what, code, answering] of unreadable)
    it(`that is ${what} says nothing`, async (t) => {
      const sources = (await reading(t, answering)).sources(readSources);
      await assert.rejects(readAll(sources.updates), unavailableAs(code));
    });
});
