import { sha256 } from "./content.ts";
import { plainHtml, simpleJson } from "./negotiation.ts";
import { Page } from "./pages.ts";
import type { Artifact, ProjectView, ReleaseView } from "./projects.ts";

const apiVersion = "1.4";

/** One line of the list of all projects. */
export interface Listed {
  readonly name: string;
  readonly display: string;
  readonly serial: number;
}

type Shown = { readonly release: ReleaseView; readonly artifact: Readonly<Artifact> };

/** Where an asker is sent: for provenance to the index itself, for files to their own origin. */
export interface Addresses {
  readonly url: string;
  readonly filesOrigin: string;
}

/** A project's Simple page in one of the three forms. */
export function simplePage(view: ProjectView, format: string, addresses: Addresses): Page {
  const text = format === simpleJson ? projectJson(view, addresses) : projectHtml(view, addresses);
  return new Page(typeOf(format), text, view.serial);
}

/** The list of all projects in one of the three forms. */
export function simpleList(projects: readonly Listed[], serial: number, format: string): Page {
  const text = format === simpleJson ? listJson(projects, serial) : listHtml(projects, serial);
  return new Page(typeOf(format), text, serial);
}

function typeOf(format: string): string {
  return format === plainHtml ? "text/html; charset=UTF-8" : format;
}

/** Files that pages show, ordered by version, then name. Quarantine empties the page and leaves it there. */
export function shownFiles(view: ProjectView): readonly Shown[] {
  if (view.status === "quarantined") return [];
  return view.releases
    .filter((release) => !release.quarantined)
    .flatMap((release) => release.artifacts.map((artifact) => ({ release, artifact })));
}

function projectJson(view: ProjectView, addresses: Addresses): string {
  const files = shownFiles(view);
  const page = {
    files: files.map((shown) => fileJson(shown, view, addresses)),
    meta: { "_last-serial": view.serial, "api-version": apiVersion },
    name: view.name,
    "project-status": { status: view.status },
    versions: [...new Set(files.map(({ release }) => release.version))],
  };
  return `${JSON.stringify(page)}\n`;
}

function fileJson(shown: Shown, view: ProjectView, addresses: Addresses): object {
  const { release, artifact } = shown;
  const { content } = artifact;
  const metadata = content.metadata === null ? false : { sha256: sha256(content.metadata) };
  return {
    "core-metadata": metadata,
    "data-dist-info-metadata": metadata,
    filename: artifact.file,
    hashes: { sha256: content.sha256 },
    provenance: provenanceAt(shown, view, addresses),
    "requires-python": artifact.requiresPython,
    size: content.bytes.length,
    "upload-time": uploadTime(artifact.uploadedAt),
    url: addresses.filesOrigin + content.path,
    yanked: release.yanked,
  };
}

function provenanceAt(
  { release, artifact }: Shown,
  { name }: ProjectView,
  { url }: Addresses,
): string | null {
  const parts = [name, release.version, artifact.file].map(encodeURIComponent);
  return artifact.provenanceNamed ? `${url}/integrity/${parts.join("/")}/provenance` : null;
}

/** Microseconds, and no fraction at all when it is exactly zero. */
export function uploadTime(at: Date): string {
  return at.toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => (ms === "000" ? "Z" : `.${ms}000Z`));
}

function listJson(projects: readonly Listed[], serial: number): string {
  const listed = projects.map((project) => ({ "_last-serial": project.serial, name: project.display }));
  const meta = { "_last-serial": serial, "api-version": apiVersion };
  return `${JSON.stringify({ meta, projects: listed })}\n`;
}

function projectHtml(view: ProjectView, addresses: Addresses): string {
  const links = shownFiles(view).map((shown) => link(shown, view, addresses));
  const status = `    <meta name="pypi:project-status" content="${view.status}">`;
  return html(`Links for ${view.name}`, [status], [`<h1>Links for ${view.name}</h1>`, ...links], view.serial);
}

function link(shown: Shown, view: ProjectView, addresses: Addresses): string {
  const { release, artifact } = shown;
  const provenance = provenanceAt(shown, view, addresses);
  const { content, requiresPython } = artifact;
  const metadata = content.metadata === null ? null : `sha256=${sha256(content.metadata)}`;
  const attributes = [
    attribute("href", `${addresses.filesOrigin}${content.path}#sha256=${content.sha256}`),
    requiresPython === null ? "" : attribute("data-requires-python", requiresPython),
    release.yanked === false ? "" : attribute("data-yanked", release.yanked === true ? "" : release.yanked),
    metadata === null ? "" : attribute("data-dist-info-metadata", metadata),
    metadata === null ? "" : attribute("data-core-metadata", metadata),
    provenance === null ? "" : attribute("data-provenance", provenance),
  ];
  return `<a${attributes.join("")}>${escaped(artifact.file)}</a><br />`;
}

function listHtml(projects: readonly Listed[], serial: number): string {
  const links = projects.map((each) => `<a href="/simple/${each.name}/">${escaped(each.display)}</a>`);
  return html("Simple index", [], links, serial);
}

function html(title: string, head: readonly string[], body: readonly string[], serial: number): string {
  const version = `    <meta name="pypi:repository-version" content="${apiVersion}">`;
  const opening = [
    "<!DOCTYPE html>",
    "<html>",
    "  <head>",
    version,
    ...head,
    `    <title>${title}</title>`,
    "  </head>",
  ];
  const lines = [...opening, "  <body>", ...body.map((line) => `    ${line}`), "  </body>", "</html>"];
  return `${lines.join("\n")}\n<!--SERIAL ${serial}-->`;
}

function attribute(name: string, text: string): string {
  return ` ${name}="${escaped(text)}"`;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&#34;");
}
