import type { Context } from "hono";
import type { ChosenSource } from "../domain/sources.ts";
import type {
  Backlog,
  Channels,
  Clock,
  Cursors,
  Deadlines,
  Durability,
  Enrolments,
  Entries,
  Evidence,
  Ledger,
  Manifests,
  PageStore,
  Positions,
  Queues,
  Records,
  SourceStates,
  View,
} from "../ports.ts";

/** What the API may touch. It reads the cursor, the view, evidence, entries, pages and where the sweep stands; it writes none of them. */
export interface ApiPorts {
  readonly clock: Clock;
  readonly enrolments: Enrolments;
  readonly records: Records;
  readonly ledger: Ledger;
  readonly manifests: Manifests;
  readonly channels: Channels;
  readonly evidence: Pick<Evidence, "list" | "read">;
  readonly entries: Pick<Entries, "concerning" | "ofProject">;
  readonly pageStore: Pick<PageStore, "body">;
  readonly view: Pick<View, "ofProject" | "findings" | "counts" | "putFindings">;
  readonly cursors: Pick<Cursors, "read">;
  readonly sourceStates: Pick<SourceStates, "read">;
  readonly positions: Pick<Positions, "read">;
  readonly backlog: Backlog;
  readonly deadlines: Pick<Deadlines, "putIfAbsent" | "put" | "clear">;
  readonly queues: { readonly changes: Pick<Queues["changes"], "now">; readonly alerts: Queues["alerts"] };
  readonly durability: Durability;
}

/** A fault of ours, for the log. The caller of the API is told only the request's id. */
export interface Fault {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly error: unknown;
}

/** Who may enrol: whom the operator lets in, or anybody. What anybody enrols is self-claimed until the operator vouches. */
export type Registration = "invitation" | "open";

/** How often one address may ask. Enough for a page of thousands of artifacts and a release of hundreds of files. */
export interface Limits {
  readonly requestsPerMinute: number;
  /** Enrolments that nobody invited, where registration is open. */
  readonly strangersPerHour: number;
}

export const DEFAULT_LIMITS: Limits = { requestsPerMinute: 600, strangersPerHour: 10 };

/** What a host decides about its API. */
export interface ApiSettings {
  readonly version: string;
  /** Without a full answer from the journal for this long, the monitor is blind: see `staleAfterMs`. */
  readonly staleAfterMs: number;
  /** By what the index is followed. */
  readonly source: ChosenSource;
  /** Every project's page is looked at again within this time. */
  readonly sweepMs: number;
  /** Every artifact's bytes are hashed again within this time. */
  readonly rehashMs: number;
  readonly registration: Registration;
  /** Where others reach this API, without a slash at the end: links begin with it, and CI's tokens must be made for it. */
  readonly url: string;
  /** How long what makes the monitor quieter waits before it acts. */
  readonly quieteningMs: number;
  /** CI providers whose tokens are taken, beside the public ones: `github` or `gitlab`, and the exact `iss`. */
  readonly issuers: readonly { readonly provider: "github" | "gitlab"; readonly issuer: string }[];
  /** How often one address may ask; `null` where somebody in front sees to it. */
  readonly limits: Limits | null;
  /** The address of whoever asks, as the host knows it; `null` when it does not. Never from a header that anybody can write. */
  readonly addressOf: (c: Context) => string | null;
  readonly report: (fault: Fault) => void;
}

/** The longest silence of the journal that is not yet blindness: five minutes, or ten polls where those are longer. */
export const staleAfterMs = (pollIntervalMs: number): number => Math.max(5 * 60_000, 10 * pollIntervalMs);

/** How long what makes the monitor quieter waits, unless the operator chooses. */
export const DEFAULT_QUIETENING_MS = 24 * 3_600_000;
