import { type Answer, type Ask, answer, notFound, redirect } from "./answer.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Faults } from "./faults.ts";
import { answerFile, answerMetadata } from "./files.ts";
import { answerIntegrity } from "./integrity.ts";
import { byText, normalised } from "./names.ts";
import { simpleFormat } from "./negotiation.ts";
import { answerPage, encodingFor, type PageShelf } from "./pages.ts";
import { projectJson } from "./project-json.ts";
import type { ProjectView } from "./projects.ts";
import type { Route } from "./requests.ts";
import { answerFeed, newestProjects, projectReleases, updates } from "./rss.ts";
import { simpleList, simplePage } from "./simple.ts";
import { type Accounts, upload } from "./upload.ts";
import { xmlrpc } from "./xmlrpc.ts";

/** What routes answer from. */
export interface World {
  readonly catalogue: Catalogue;
  readonly faults: Faults;
  readonly accounts: Accounts;
  readonly shelf: PageShelf<ProjectView>;
}

/** The parts of an address, percent-decoded. */
export interface Parts {
  readonly project?: string;
  readonly version?: string;
  readonly file?: string;
}

export interface RouteEntry {
  readonly route: Route;
  readonly methods: readonly string[];
  readonly pattern: RegExp;
  answer(ask: Ask, world: World, parts: Parts): Answer | Promise<Answer>;
}

const reading = ["GET", "HEAD"];

/** Everything that pypi.org is here. */
export const indexRoutes: readonly RouteEntry[] = [
  {
    route: "simple-project",
    methods: reading,
    pattern: /^\/simple\/(?<project>[^/]+)\/?$/,
    answer: simpleProject,
  },
  { route: "xmlrpc", methods: ["POST"], pattern: /^\/(?:pypi\/?|RPC2)$/, answer: call },
  {
    route: "project-json",
    methods: reading,
    pattern: /^\/pypi\/(?<project>[^/]+)\/json\/?$/,
    answer: jsonPage,
  },
  {
    route: "release-json",
    methods: reading,
    pattern: /^\/pypi\/(?<project>[^/]+)\/(?<version>[^/]+)\/json\/?$/,
    answer: jsonPage,
  },
  {
    route: "integrity",
    methods: reading,
    pattern: /^\/integrity\/(?<project>[^/]+)\/(?<version>[^/]+)\/(?<file>[^/]+)\/provenance$/,
    answer: (ask, world, parts) => integrityOf(ask, world, parts),
  },
  { route: "simple-list", methods: reading, pattern: /^\/simple\/?$/, answer: list },
  { route: "upload", methods: ["POST"], pattern: /^\/legacy\/?$/, answer: send },
  { route: "rss-updates", methods: reading, pattern: /^\/rss\/updates\.xml$/, answer: updatesFeed },
  { route: "rss-projects", methods: reading, pattern: /^\/rss\/packages\.xml$/, answer: projectsFeed },
  {
    route: "rss-project",
    methods: reading,
    pattern: /^\/rss\/project\/(?<project>[^/]+)\/releases\.xml$/,
    answer: projectFeed,
  },
];

/** Everything that files.pythonhosted.org is here. */
export const filesRoutes: readonly RouteEntry[] = [
  {
    route: "file-metadata",
    methods: reading,
    pattern: /^\/packages\/\w{2}\/\w{2}\/\w{60}\/(?<file>[^/]+)\.metadata$/,
    answer: (ask, world) => answerMetadata(ask, world.catalogue.store),
  },
  {
    route: "file",
    methods: reading,
    pattern: /^\/packages\/\w{2}\/\w{2}\/\w{60}\/(?<file>[^/]+)$/,
    answer: (ask, world) => answerFile(ask, world.catalogue.store),
  },
];

/** What answers everything else. */
export const nowhere: RouteEntry = { route: "nowhere", methods: [], pattern: /^/, answer: notFound };

function simpleProject(ask: Ask, world: World, { project = "" }: Parts): Answer {
  const address = `/simple/${normalised(project)}/`;
  if (ask.path !== address) return redirect(301, address);
  const view = world.faults.shown(project, encodingFor(ask));
  if (view === null) return notFound();
  const format = simpleFormat(ask.headers.accept, ask.query.get("format"));
  const copy = `${format} ${ask.filesOrigin}`;
  const origins = { url: ask.url, filesOrigin: ask.filesOrigin };
  return answerPage(
    ask,
    world.shelf.page(view, copy, () => simplePage(view, format, origins)),
    600,
  );
}

function integrityOf(ask: Ask, world: World, { project = "", version = "", file = "" }: Parts): Answer {
  return answerIntegrity(ask, world.faults.shown(project, encodingFor(ask)), { version, file });
}

function jsonPage(ask: Ask, world: World, { project = "", version }: Parts): Answer {
  if (ask.path.endsWith("/")) return redirect(301, ask.path.replace(/\/+$/, ""));
  const view = world.faults.shown(project, encodingFor(ask));
  const page = view === null ? null : projectJson(view, version ?? null, ask.filesOrigin);
  if (page === null) return answer(404, "application/json", '{"message": "Not Found"}');
  return answerPage(ask, page, 900);
}

/** Quarantined projects are left out, projects without releases are not. */
function list(ask: Ask, { catalogue }: World): Answer {
  if (ask.path !== "/simple/") return redirect(301, "/simple/");
  const projects = [...catalogue.projects].filter(({ status }) => status !== "quarantined");
  const format = simpleFormat(ask.headers.accept, ask.query.get("format"));
  const sorted = projects.sort((a, b) => byText(a.name, b.name));
  return answerPage(ask, simpleList(sorted, catalogue.journal.head() ?? 0, format), 600);
}

/** Only a call that says it is XML gets here; PyPI's route asks for the header. */
function call(ask: Ask, world: World): Answer | Promise<Answer> {
  if (!(ask.headers["content-type"] ?? "").startsWith("text/xml")) return notFound();
  return xmlrpc(ask, world.catalogue);
}

function send(ask: Ask, world: World): Promise<Answer> {
  return upload(ask, world.catalogue, world.accounts);
}

function updatesFeed(ask: Ask, { catalogue }: World): Answer {
  return answerFeed(ask, updates(catalogue));
}

function projectsFeed(ask: Ask, { catalogue }: World): Answer {
  return answerFeed(ask, newestProjects(catalogue));
}

function projectFeed(ask: Ask, { catalogue }: World, { project = "" }: Parts): Answer {
  const known = catalogue.project(project);
  return known === undefined ? notFound() : answerFeed(ask, projectReleases(known));
}
