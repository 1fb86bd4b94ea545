import { type Answer, type Ask, answer, etagOf } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import { byVersion } from "./names.ts";
import { knows } from "./pages.ts";
import type { Project, Release } from "./projects.ts";
import { headerOf } from "./wheels.ts";
import { xmlText } from "./xml.ts";

const site = "https://pypi.org";

interface Item {
  readonly title: string;
  readonly link: string;
  readonly guid?: string;
  readonly described: Release | undefined;
  readonly at: Date;
}

/** The newest hundred releases: no files, no removals, nothing filtered. */
export function updates(catalogue: Catalogue): string {
  const items = [...catalogue.projects].flatMap((project) =>
    [...project.releases].map((release) =>
      releaseItem(project, release, `${project.display} ${release.version}`),
    ),
  );
  return feed("PyPI recent updates", "Recent updates to the Python Package Index", newest(items, 100));
}

/** The newest forty projects that have a release. */
export function newestProjects(catalogue: Catalogue): string {
  const items = [...catalogue.projects].flatMap((project) => {
    const described = [...project.releases].sort((a, b) => byVersion(b.version, a.version))[0];
    const link = `${site}/project/${project.name}/`;
    const title = `${project.display} added to PyPI`;
    return described === undefined ? [] : [{ title, link, guid: link, described, at: project.createdAt }];
  });
  return feed(
    "PyPI newest packages",
    "Newest packages registered at the Python Package Index",
    newest(items, 40),
  );
}

/** The newest forty releases of one project. */
export function projectReleases(project: Project): string {
  const items = [...project.releases].map((release) => releaseItem(project, release, release.version));
  const about = `Recent updates to the Python Package Index for ${project.display}`;
  return feed(`PyPI recent updates for ${project.display}`, about, newest(items, 40));
}

function releaseItem(project: Project, release: Release, title: string): Item {
  const link = `${site}/project/${project.name}/${encodeURIComponent(release.version)}/`;
  return { title, link, described: release, at: release.createdAt };
}

function newest(items: Item[], count: number): Item[] {
  return items.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, count);
}

function feed(title: string, description: string, items: readonly Item[]): string {
  const head = `<title>${xmlText(title)}</title>\n    <link>${site}/</link>\n    <description>${xmlText(description)}</description>`;
  const body = items.map(itemXml).join("");
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n  <channel>\n    ${head}\n` +
    `    <language>en</language>${body}\n  </channel>\n</rss>\n`
  );
}

function itemXml(item: Item): string {
  const metadata =
    item.described?.artifacts.find(({ content }) => content.metadata !== null)?.content.metadata ?? null;
  const author = headerOf(metadata, "Author-email");
  const lines = [
    `<title>${xmlText(item.title)}</title>`,
    `<link>${xmlText(item.link)}</link>`,
    item.guid === undefined ? "" : `<guid>${xmlText(item.guid)}</guid>`,
    `<description>${xmlText(headerOf(metadata, "Summary") ?? "")}</description>`,
    author?.includes("@") ? `<author>${xmlText(author)}</author>` : "",
    `<pubDate>${item.at.toUTCString()}</pubDate>`,
  ];
  return `    <item>\n${lines.filter((line) => line !== "").join("\n      ")}\n    </item>\n`;
}

/** A feed has a tag for conditional requests and no word on caching. */
export function answerFeed(ask: Ask, text: string): Answer {
  const etag = etagOf(Buffer.from(text));
  if (knows(ask, etag)) return { status: 304, headers: { ETag: etag }, body: Buffer.alloc(0) };
  return answer(200, "text/xml; charset=UTF-8", text, { ETag: etag });
}
