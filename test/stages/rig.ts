import { composeHost } from "../../bin/host.ts";
import type { Attempt } from "../../functions/domain/changes.ts";
import { type Digest, sha256 } from "../../functions/domain/digests.ts";
import { type Enrolment, newEnrolment } from "../../functions/domain/enrolments.ts";
import type { Ownership, Provenance } from "../../functions/domain/facts.ts";
import { instant } from "../../functions/domain/instants.ts";
import type { JournalRow } from "../../functions/domain/journal.ts";
import type { ListedFile, Page, ProjectState } from "../../functions/domain/pages.ts";
import { DEFAULT_POLICY, type Policy } from "../../functions/domain/policy.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../functions/domain/settings.ts";
import { silent } from "../../functions/embedded/log.ts";
import { Store } from "../../functions/embedded/store.ts";
import {
  type Alert,
  type FetchAsked,
  type Files,
  IndexUnavailable,
  type Journal,
  type Owners,
  type Pages,
  type Provenances,
} from "../../functions/ports.ts";
import { StillClock } from "../world.ts";

export const MINUTE = 60_000;
export const PROJECT = "lantern";
export const FILE = "lantern-1.0.tar.gz";
const BATCH = 5_000;

/** An index in memory behind the three ports: what stages are tried on. Every instant is the clock's. */
export class Shelf {
  readonly clock: StillClock;
  rows: JournalRow[] = [];
  /** What its journal says its head is; by default that of its rows. */
  headNow: number | null = null;
  /** Breaks off an answer of the journal after so many rows. */
  breaksAfter = Number.POSITIVE_INFINITY;
  mostRows = 50_000;
  page: Page | null = null;
  /** What reading the page throws instead. */
  unreadable: IndexUnavailable | null = null;
  /** What the next fetches get, in order; then the declared bytes again. */
  attempts: Partial<Attempt>[] = [];
  looks: { etag: string | null; plain: boolean }[] = [];
  fetches: FetchAsked[] = [];

  constructor(clock: StillClock) {
    this.clock = clock;
  }

  readonly journal: Journal = {
    head: async () => this.headNow ?? this.rows.at(-1)?.serial ?? 0,
    after: (serial) => this.#after(serial),
  };

  readonly pages: Pages = {
    read: async (_, ask) => {
      this.looks.push(ask);
      if (this.unreadable !== null) throw this.unreadable;
      if (this.page === null) return { kind: "gone" };
      if (ask.etag !== null && ask.etag === this.page.etag) return { kind: "unchanged" };
      return { kind: "page", page: this.page, body: new TextEncoder().encode(JSON.stringify(this.page)) };
    },
  };

  /** Who is said to own it; `null` where the index does not say. */
  ownership: Ownership | null = null;
  /** What asking for its owners throws instead. */
  ownersUnreadable: IndexUnavailable | null = null;
  ownersAsked = 0;

  readonly owners: Owners = {
    read: async () => {
      this.ownersAsked += 1;
      if (this.ownersUnreadable !== null) throw this.ownersUnreadable;
      return this.ownership;
    },
  };

  readonly files: Files = {
    fetch: async (ask) => {
      this.fetches.push(ask);
      ask.tap?.(new TextEncoder().encode("whatever came"));
      const name = decodeURIComponent(ask.url.split("/").at(-1) ?? "");
      const whole = {
        outcome: "hashed",
        digest: digestOf(name),
        sizeBytes: 7,
        address: "192.0.2.1",
        detail: null,
      } as const;
      return { at: this.clock.now(), ...whole, ...this.attempts.shift() };
    },
  };

  /** What is read of each file's provenance, by its name; `none` of others. */
  readonly objects = new Map<string, Provenance>();
  readonly provenances: Provenances = {
    read: async (_, file) => this.objects.get(file) ?? { outcome: "none" },
  };

  journalled(action: string, name = PROJECT, version: string | null = "1.0"): number {
    const serial = (this.rows.at(-1)?.serial ?? 1000) + 1;
    this.rows.push({ name, version, at: this.clock.now(), action, serial });
    return serial;
  }

  /** Shows these files, each declared with the digest of its name, under the serial of now. */
  shows(files: readonly string[], more: Partial<Page> & { readonly state?: ProjectState } = {}): void {
    const listed = files.map((file): ListedFile => listing(file));
    const digest = sha256(JSON.stringify([files, more, this.rows.length]));
    const serial = this.rows.at(-1)?.serial ?? 1000;
    const said = { project: PROJECT, state: "active", serial, versions: ["1.0"], files: listed } as const;
    this.page = { ...said, digest, etag: `"${digest}"`, ...more };
  }

  async *#after(serial: number): AsyncGenerator<readonly JournalRow[]> {
    const rows = this.rows.filter((row) => row.serial > serial).slice(0, this.mostRows);
    for (let from = 0; from < rows.length; from += BATCH) {
      if (from + BATCH > this.breaksAfter) {
        yield rows.slice(from, this.breaksAfter);
        throw new IndexUnavailable("fault", "the answer ended in the middle");
      }
      yield rows.slice(from, from + BATCH);
    }
  }
}

export const digestOf = (text: string): Digest => sha256(text);

export const listing = (file: string): ListedFile => ({
  file,
  declared: digestOf(file),
  url: `https://files.example/${file}`,
  sizeBytes: 7,
  yanked: false,
});

/** Every port of the embedded host over a store in memory, a shelf for an index, and a hand on the clock. */
export class Rig {
  readonly clock = new StillClock();
  readonly shelf = new Shelf(this.clock);
  readonly alerts: Alert[] = [];
  readonly store = new Store(":memory:");
  readonly host;
  readonly ports;

  constructor(settings: Partial<Settings> = {}) {
    const { clock, shelf } = this;
    const subscribers = [{ name: "test", deliver: async (alert: Alert) => void this.alerts.push(alert) }];
    this.host = composeHost(this.store, {
      clock,
      // Not drawn: so that a deadline set twice is the same one.
      chance: { fraction: () => 0.5 },
      index: shelf,
      settings: { ...DEFAULT_SETTINGS, minLookMs: 0, ...settings },
      subscribers,
      log: silent,
      version: "0",
    });
    const { journal, pages, owners, files, provenances } = shelf;
    this.ports = { ...this.host.ports, journal, pages, owners, files, provenances };
  }

  /** Enrols as the API would; `id` is the watcher. */
  async enrol(id = "e1", policy: Partial<Policy> = {}, project = PROJECT): Promise<Enrolment> {
    const enrolledAt = this.clock.now();
    const chosen = { ...DEFAULT_POLICY, ...policy };
    const enrolment = newEnrolment({ id, project, policy: chosen, enrolledAt });
    await this.ports.enrolments.add(enrolment, []);
    const page = { kind: "page", project, file: "", due: enrolledAt, sizeBytes: 0 } as const;
    await this.ports.deadlines.putIfAbsent(page);
    return enrolment;
  }

  /** Enrols and lets the first look happen, so that a baseline is fixed. */
  async watched(policy: Partial<Policy> = {}): Promise<void> {
    await this.host.poll();
    await this.enrol("e1", policy);
    await this.rest();
  }

  /** Lets a quarter of an hour pass with polls, sweeps and all that follows. */
  async rest(minutes = 15): Promise<void> {
    await this.host.loop.drain();
    for (let minute = 0; minute < minutes; minute += 1) {
      this.clock.ms += MINUTE;
      await this.host.poll().catch(() => {});
      await this.host.sweep();
      await this.host.loop.drain();
    }
  }

  /** How many messages wait in each queue, now or later. */
  async waiting(): Promise<Readonly<Record<string, number>>> {
    const counts = await this.host.backlog.counts();
    return Object.fromEntries(
      counts.flatMap(({ queue, waiting }) => (waiting > 0 ? [[queue, waiting]] : [])),
    );
  }

  /** The messages in a queue, visible or not. */
  messages<M>(queue: string): M[] {
    const rows = this.store.all<{ body: string }>(
      "SELECT body FROM messages WHERE queue = ? ORDER BY id",
      queue,
    );
    return rows.map(({ body }) => JSON.parse(body) as M);
  }

  /** In how many milliseconds the queue's last message shows. */
  delayMs(queue: string): number {
    const sql = "SELECT max(visible_ms) AS at FROM messages WHERE queue = ?";
    return (this.store.get<{ at: number }>(sql, queue)?.at ?? 0) - Date.parse(instant(this.clock.ms));
  }

  /** Everything that lasts, without what only counts deliveries. */
  async state(): Promise<object> {
    const { cursors, view } = this.ports;
    const { moves: _, polledAt: __, ...cursor } = (await cursors.read()) ?? { moves: 0, polledAt: "" };
    const bodies = this.store.all<{ subject: string; entry: string }>("SELECT subject, entry FROM ledger");
    const ledger = bodies.map(({ subject, entry }) => said(subject, JSON.parse(entry).body));
    const rows = (await view.ofProject(PROJECT)).map(({ number: _, ...row }) => row);
    const findings = (await view.findings(PROJECT)).map(
      ({ id, state, verdict }) => `${verdict} ${state} ${id}`,
    );
    return {
      cursor,
      ledger: [...new Set(ledger)].sort(),
      rows,
      findings: findings.sort(),
      alerts: [...new Set(this.alerts.map(({ id }) => id))].sort(),
      deadlines: this.store.all("SELECT * FROM deadlines ORDER BY kind, project, file"),
      evidence: this.store.all("SELECT digest, file FROM evidence ORDER BY digest, file"),
      sources: this.store.all("SELECT source, json_remove(body, '$.moves') FROM sources ORDER BY source"),
      dead: this.store.all("SELECT * FROM dead_letters"),
    };
  }
}

interface Said {
  readonly kind: string;
  readonly fact?: { readonly id: string };
  readonly alert?: string;
  readonly judgements?: readonly { readonly content: string; readonly standing: string }[];
}

const said = (subject: string, { kind, fact, alert, judgements = [] }: Said): string =>
  [
    subject,
    kind,
    fact?.id ?? alert ?? "",
    ...judgements.map((each) => `${each.content} ${each.standing}`),
  ].join(" ");
