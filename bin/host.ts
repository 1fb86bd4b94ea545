import type { AddressInfo } from "node:net";
import { type HttpBindings, serve } from "@hono/node-server";
import { alert } from "../functions/alert/alert.ts";
import { parseFinding } from "../functions/alert/schema.ts";
import { createApi } from "../functions/api/api.ts";
import {
  type ApiSettings,
  DEFAULT_LIMITS,
  DEFAULT_QUIETENING_MS,
  type Registration,
} from "../functions/api/seams.ts";
import { compare } from "../functions/compare/compare.ts";
import { heldPairs } from "../functions/compare/held-pairs.ts";
import { parseFact } from "../functions/compare/schema.ts";
import { aboutMonitor } from "../functions/domain/monitor.ts";
import type { Settings } from "../functions/domain/settings.ts";
import { enrolments } from "../functions/embedded/enrolments.ts";
import { evidence } from "../functions/embedded/evidence.ts";
import { cursors, entries } from "../functions/embedded/journal-state.ts";
import { ledger } from "../functions/embedded/ledger.ts";
import type { Log } from "../functions/embedded/log.ts";
import { type Consumer, Loop, type Unkind } from "../functions/embedded/loop.ts";
import { manifests } from "../functions/embedded/manifests.ts";
import { pageStore } from "../functions/embedded/pages.ts";
import { MessageStore } from "../functions/embedded/queues.ts";
import { records } from "../functions/embedded/records.ts";
import { deadlines, flakyEdges, positions } from "../functions/embedded/schedule.ts";
import { sourceStates } from "../functions/embedded/source-states.ts";
import type { Store } from "../functions/embedded/store.ts";
import type { Subscriber } from "../functions/embedded/topics.ts";
import { view } from "../functions/embedded/view.ts";
import { type Checked, crossChecks } from "../functions/feed/cross-checks.ts";
import { feed, type Polled } from "../functions/feed/feed.ts";
import { fetch } from "../functions/fetch/fetch.ts";
import { parseArtifact } from "../functions/fetch/schema.ts";
import type {
  Chance,
  Clock,
  Files,
  Journal,
  Owners,
  Pages,
  Provenances,
  Queues,
  Sources,
} from "../functions/ports.ts";
import { parseChange } from "../functions/survey/schema.ts";
import { survey } from "../functions/survey/survey.ts";
import { sweep } from "../functions/sweep/sweep.ts";
import { type Reach, telling } from "./telling.ts";

/** What a host is made of besides its store. Tests hand in their own time, chance, index and subscribers. */
export interface HostParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly index: {
    readonly journal: Journal;
    /** @default none: the journal has no cross-checks */
    readonly sources?: Sources;
    readonly pages: Pages;
    readonly owners: Owners;
    readonly files: Files;
    readonly provenances: Provenances;
  };
  readonly settings: Settings;
  readonly subscribers: readonly Subscriber[];
  readonly log: Log;
  readonly version: string;
  /** @default invitation */
  readonly registration?: Registration;
  /** Where others reach the API, without a slash at the end. @default http://localhost */
  readonly url?: string;
  /** @default DEFAULT_QUIETENING_MS */
  readonly quieteningMs?: number;
  /** CI providers beside the public ones. @default none */
  readonly issuers?: ApiSettings["issuers"];
  /** @default webhooks on the public Internet, and no mail */
  readonly reach?: Reach;
  readonly unkind?: Unkind;
}

/** Every port of the embedded host over one store, and the two stages that are not driven by a queue. */
export type Host = ReturnType<typeof composeHost>;

/** An error's words can be of any length; the alert about them cannot. */
const MOST_NOTE_CHARS = 1_000;

/** Tries before a stage's message is given up: every one is a fault of ours. */
const MOST_RECEIVES = 20;

/** Puts the pipeline together: the road drawn in ARCHITECTURE.md, in code. */
export function composeHost(store: Store, parts: HostParts) {
  const { clock, log } = parts;
  const messages = new MessageStore(store, clock);
  const queues = queuesOf(messages);
  const { reach = publicWebhooks(parts) } = parts;
  const told = telling(store, messages, { ...parts, reach });
  const { topics, channels } = told;
  const ports = {
    ...kept(store, clock),
    evidence: evidence(store, { log }),
    ...parts,
    ...queues,
    topics,
    channels,
    queues,
  };
  const stages = {
    survey: (body: unknown) => survey(parseChange(body), { ...ports, ...parts.index }),
    fetch: (body: unknown) => fetch(parseArtifact(body), { ...ports, ...parts.index }),
    compare: (body: unknown) => compare(parseFact(body), ports),
    alert: (body: unknown) => alert(parseFinding(body), ports),
  };
  const onDead = (queue: string, about: string, reason: string): void => {
    const note = `${queue}: ${about}: ${reason}`.slice(0, MOST_NOTE_CHARS);
    void queues.alerts.send([aboutMonitor("dead-letter", clock.now(), note)]);
  };
  const loop = new Loop(store, messages, [...consumers(stages), ...told.consumers(queues.alerts)], {
    clock,
    log,
    onDead,
    ...(parts.unkind && { unkind: parts.unkind }),
  });
  return {
    ports,
    loop,
    backlog: messages,
    poll: (): Promise<Polled> =>
      feed({ ...ports, journal: parts.index.journal, changes: queues.changes.now }),
    crossChecks: async (sources = parts.index.sources): Promise<readonly Checked[]> =>
      sources === undefined ? [] : crossChecks({ ...ports, sources, changes: queues.changes.now }),
    sweep: (): Promise<void> => sweep(ports),
    api: createApi(
      { ...ports, backlog: messages, durability: { flush: async () => store.flush() } },
      apiSettings(parts),
    ),
  };
}

function apiSettings({ version, settings, log, ...chosen }: HostParts): ApiSettings {
  return {
    version,
    staleAfterMs: settings.staleMs,
    source: settings.source,
    sweepMs: settings.sweepMs,
    rehashMs: settings.rehashMs,
    registration: chosen.registration ?? "invitation",
    url: chosen.url ?? "http://localhost",
    quieteningMs: chosen.quieteningMs ?? DEFAULT_QUIETENING_MS,
    issuers: chosen.issuers ?? [],
    limits: DEFAULT_LIMITS,
    addressOf,
    report: (fault) => log("error", "request failed", { ...fault, error: String(fault.error) }),
  };
}

/** Called in this process, there is no connection. */
const addressOf: ApiSettings["addressOf"] = (c) =>
  (c.env as Partial<HttpBindings> | undefined)?.incoming?.socket.remoteAddress ?? null;

const publicWebhooks = ({ version }: HostParts): Reach => ({
  webhooks: { userAgent: `counterfoil/${version}` },
  mail: null,
});

function queuesOf(messages: MessageStore): Queues {
  return {
    changes: { now: messages.queue("changes-now"), sweep: messages.queue("changes-sweep") },
    artifacts: { now: messages.queue("artifacts-now"), sweep: messages.queue("artifacts-sweep") },
    facts: messages.queue("facts"),
    alerts: messages.queue("alerts"),
  };
}

/** Every port that keeps something, over one store. */
export function kept(store: Store, clock: Clock) {
  const pages = pageStore(store);
  return {
    cursors: cursors(store),
    sourceStates: sourceStates(store),
    entries: entries(store),
    enrolments: enrolments(store),
    records: records(store),
    manifests: manifests(store),
    ledger: ledger(store, clock),
    view: view(store),
    deadlines: deadlines(store),
    positions: positions(store),
    flakyEdges: flakyEdges(store),
    evidence: evidence(store),
    pageStore: pages,
    baselines: heldPairs(pages),
  };
}

type Stages = Readonly<Record<"survey" | "fetch" | "compare" | "alert", Consumer["handle"]>>;

/** Two lanes for survey and fetch, so that a baseline of thousands never stands before a fresh upload. */
function consumers(stages: Stages): Consumer[] {
  const consumer = (queue: string, concurrency: number, handle: Consumer["handle"]): Consumer => ({
    queue,
    concurrency,
    handle,
    mostReceives: MOST_RECEIVES,
    about,
  });
  return [
    consumer("changes-now", 8, stages.survey),
    consumer("artifacts-now", 16, stages.fetch),
    consumer("facts", 16, stages.compare),
    consumer("alerts", 8, stages.alert),
    consumer("changes-sweep", 2, stages.survey),
    consumer("artifacts-sweep", 4, stages.fetch),
  ];
}

/** What a log line says of a message: project and file where it has them. */
function about(body: unknown): string {
  if (typeof body !== "object" || body === null) return "?";
  const parts = ["project", "file", "id"].map((name) => (body as Record<string, unknown>)[name]);
  return parts.filter((part) => typeof part === "string").join(" ");
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the host's API; asked for per request, because a host may have to know first where it is served. */
export function listen(api: () => Host["api"], hostname: string, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const answer: Host["api"]["fetch"] = (...request) => api().fetch(...request);
    const server = serve({ fetch: answer, hostname, port }, (info: AddressInfo) =>
      resolve({
        url: `http://${info.family === "IPv6" ? `[${info.address}]` : info.address}:${info.port}`,
        close: () => new Promise((done) => void server.close(() => done())),
      }),
    );
    server.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(takenAt(hostname, port), { cause: error }) : error),
    );
  });
}

const takenAt = (hostname: string, port: number): string =>
  `port ${port} of ${hostname} is taken: by another monitor perhaps. Stop what listens there, or choose another with --port (0 picks one)`;
