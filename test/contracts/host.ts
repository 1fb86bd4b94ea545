import type { EvidenceCaps } from "../../functions/domain/evidence.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import type {
  Cursors,
  Deadlines,
  Enrolments,
  Entries,
  Evidence,
  FlakyEdges,
  Ledger,
  Manifests,
  PageStore,
  Positions,
  Queue,
  QueueCounts,
  Records,
  SourceStates,
  View,
} from "../../functions/ports.ts";

/** One end of a queue that only a host has: how it hands messages to stages. */
export interface Receiver {
  /** What was handed out, hidden for at least `visibilityMs` unless the process that has it dies. */
  receive(most: number, visibilityMs: number): Promise<readonly Handed[]>;
  settle(handed: Handed): Promise<void>;
  /** Put back, seen again after `delayMs`. */
  release(handed: Handed, delayMs: number): Promise<void>;
  /** Given up. */
  bury(handed: Handed, reason: string): Promise<void>;
  counts(): Promise<QueueCounts>;
}

export interface Handed {
  readonly body: unknown;
  readonly receives: number;
  /** The host's own handle. */
  readonly handle: unknown;
}

/** What a host hands to the contracts: every port, over a store of its own that was empty a moment ago. */
export interface ContractHost {
  readonly cursors: Cursors;
  readonly sourceStates: SourceStates;
  readonly entries: Entries;
  readonly enrolments: Enrolments;
  readonly records: Records;
  readonly manifests: Manifests;
  readonly ledger: Ledger;
  readonly view: View;
  readonly deadlines: Deadlines;
  readonly positions: Positions;
  readonly pageStore: PageStore;
  readonly flakyEdges: FlakyEdges;
  readonly evidence: Evidence;
  /** The caps the evidence was given, small enough to be reached. */
  readonly evidenceCaps: EvidenceCaps;
  now(): Instant;
  /** Lets time pass: on a clock of ours where the host has one, else by waiting. */
  pass(ms: number): Promise<void>;
  queue<M>(name: string): Queue<M>;
  receiver(name: string): Receiver;
  flush(): Promise<void>;
  /** The power goes off and on again: what a second host finds of what the first one kept. */
  powerFailure(): Promise<ContractHost>;
  close(): Promise<void>;
}

export type MakeHost = () => Promise<ContractHost>;

/** Runs a claim on a fresh host. */
export const on =
  (make: MakeHost, claim: (host: ContractHost) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const host = await make();
    try {
      await claim(host);
    } finally {
      await host.close();
    }
  };
