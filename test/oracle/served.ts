import { createHash } from "node:crypto";
import type { HostParts } from "../../bin/host.ts";
import type { Attempt, AttemptOutcome } from "../../functions/domain/changes.ts";
import type { Page } from "../../functions/domain/pages.ts";
import { type Clock, type FetchAsked, IndexUnavailable, type PageAnswer } from "../../functions/ports.ts";
import type { Deed, Variant, Weather } from "./script.ts";
import { type TruePage, Truth } from "./truth.ts";

export const digestOf = (file: string, variant: string): `sha256:${string}` =>
  `sha256:${createHash("sha256").update(bodyOf(file, variant)).digest("hex")}`;

const bodyOf = (file: string, variant: string): string => `${variant} bytes of ${file}`;

const ADDRESSES = ["198.51.100.1", "198.51.100.2"] as const;
const ORIGIN = "https://files.test/";

/** The index as it answers: what is true, through whatever weather there is. */
export class Served {
  readonly truth = new Truth();
  readonly #clock: Clock;
  readonly #weather = new Set<Weather>();
  /** Pages as they were when they began to stand still. */
  readonly #still = new Map<string, TruePage | null>();
  #lagsAt = 0;
  #fetches = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  apply(deed: Deed): void {
    if (deed.does === "weather") this.#begin(deed.weather);
    else if (deed.does === "calm") this.#weather.clear();
    else this.truth.apply(deed, Date.parse(this.#clock.now()));
  }

  readonly ports: HostParts["index"] = {
    journal: {
      head: async () => {
        this.#refuseWhile("journal-down");
        return this.#readable;
      },
      after: (serial) => this.#after(serial),
    },
    pages: { read: async (project, { etag, plain }) => this.#read(project, etag, plain) },
    owners: { read: async () => null },
    files: { fetch: async (asked) => this.#fetch(asked) },
    provenances: { read: async () => ({ outcome: "none" }) },
  };

  #begin(weather: Weather): void {
    this.#weather.clear();
    this.#weather.add(weather);
    this.#lagsAt = this.truth.head;
    this.#still.clear();
    const projects = new Set([...this.truth.files.values()].map(({ project }) => project));
    for (const project of projects) this.#still.set(project, this.truth.page(project));
  }

  get #readable(): number {
    return this.#weather.has("journal-lags") ? this.#lagsAt : this.truth.head;
  }

  #refuseWhile(weather: Weather): void {
    if (this.#weather.has(weather)) throw new IndexUnavailable("fault", `${weather}, says the index`);
  }

  async *#after(serial: number): AsyncGenerator<readonly object[] & readonly never[]> {
    this.#refuseWhile("journal-down");
    const rows = this.truth.rows
      .filter((row) => row.serial > serial && row.serial <= this.#readable)
      .map(({ project, release, action, atMs, ...row }) => ({
        ...row,
        name: project,
        version: release,
        at: new Date(atMs).toISOString(),
        action,
      }));
    if (rows.length > 0) yield rows as never;
  }

  #read(project: string, etag: string | null, plain: boolean): PageAnswer {
    this.#refuseWhile("pages-down");
    const isStill =
      this.#weather.has("pages-stand-still") || (!plain && this.#weather.has("packed-pages-stand-still"));
    const shown = isStill ? (this.#still.get(project) ?? null) : this.truth.page(project);
    if (shown === null) return { kind: "gone" };
    const body = JSON.stringify(shown);
    const digest = `sha256:${createHash("sha256").update(body).digest("hex")}` as const;
    if (digest === etag) return { kind: "unchanged" };
    return { kind: "page", page: pageOf(project, shown, digest), body: Buffer.from(body) };
  }

  #fetch({ url, avoid, tap }: FetchAsked): Attempt {
    this.#fetches += 1;
    const address = ADDRESSES.find((each) => !avoid.includes(each)) ?? ADDRESSES[0];
    const [variant = "", file = ""] = url.slice(ORIGIN.length).split("/");
    const answer = { at: this.#clock.now(), address, detail: null };
    const failed = FAILURES.find(([weather]) => this.#weather.has(weather))?.[1];
    if (failed !== undefined) return { ...answer, outcome: failed, digest: null, sizeBytes: 0 };
    const served = this.truth.store.get(`${file} ${variant}`);
    if (served === undefined) return { ...answer, outcome: "gone", digest: null, sizeBytes: null };
    const isCorrupt = this.#weather.has("edge-corrupts") && this.#fetches % 3 === 0;
    // Another part each time: the same wrong bytes three times over would be no edge's fault.
    const sent = isCorrupt ? `${served}, up to ${this.#fetches},` : served;
    tap?.(Buffer.from(bodyOf(file, sent)));
    return {
      ...answer,
      outcome: "hashed",
      digest: digestOf(file, sent),
      sizeBytes: bodyOf(file, sent).length,
    };
  }
}

const FAILURES: readonly (readonly [Weather, AttemptOutcome])[] = [
  ["files-down", "unreachable"],
  ["files-cut", "cut"],
  ["files-empty", "empty"],
];

const pageOf = (project: string, { serial, quarantined, files }: TruePage, digest: Page["digest"]): Page => ({
  project,
  state: quarantined ? "quarantined" : "active",
  serial,
  versions: [...new Set(files.map(({ release }) => release))],
  files: files.map(({ file, declared, yanked }) => ({
    file,
    declared: digestOf(file, declared),
    url: `${ORIGIN}${declared}/${file}`,
    sizeBytes: bodyOf(file, declared).length,
    yanked: yanked ? "" : false,
  })),
  digest,
  etag: digest,
});

/** Every variant by its digest, so that what was told can be read. */
export const variantOf = (file: string, digest: string | null): Variant | null =>
  digest === null ? null : (VARIANTS.find((each) => digestOf(file, each) === digest) ?? null);

const VARIANTS: readonly Variant[] = ["own", "wrong", "evil", "worse"];
