import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kept } from "../../bin/host.ts";
import { evidence } from "../../functions/embedded/evidence.ts";
import { MessageStore, type Received } from "../../functions/embedded/queues.ts";
import { Store } from "../../functions/embedded/store.ts";
import { StillClock } from "../world.ts";
import { durabilityContract } from "./durability.ts";
import { evidenceContract } from "./evidence.ts";
import type { ContractHost, Receiver } from "./host.ts";
import { cursorsContract, entriesContract } from "./journal.ts";
import { ledgerContract } from "./ledger.ts";
import { manifestsContract } from "./manifests.ts";
import { pageStoreContract } from "./pages.ts";
import { queuesContract } from "./queues.ts";
import { deadlinesContract, flakyEdgesContract, positionsContract } from "./schedule.ts";
import { sourceStatesContract } from "./sources.ts";
import { viewContract } from "./view.ts";
import { enrolmentsContract, recordsContract } from "./watchers.ts";

const FILE_NAME = "counterfoil.sqlite";
const CAPS = { bodyBytes: 100, findingBytes: 150, dayBytes: 400 };

const newFolder = (): string => mkdtempSync(join(tmpdir(), "counterfoil-contract-"));

/** What is on the disk at this moment, without any goodbye; a new process would find no more. */
function copied(folder: string): string {
  const to = newFolder();
  for (const name of [FILE_NAME, `${FILE_NAME}-wal`])
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(to, name));
  return to;
}

function receiverOf(messages: MessageStore, name: string): Receiver {
  const inHand = (handle: unknown): Received => handle as Received;
  return {
    // While this process has it in hand, nobody else gets it: there is no time within which to settle.
    receive: async (most) =>
      messages.receive(name, most).map((handle) => ({
        body: JSON.parse(handle.body) as unknown,
        receives: handle.receives,
        handle,
      })),
    settle: async ({ handle }) => messages.settle(inHand(handle)),
    release: async ({ handle }, delayMs) => messages.release(inHand(handle), delayMs),
    bury: async ({ handle }, reason) => messages.bury(name, inHand(handle), reason),
    counts: async () => {
      const counts = (await messages.counts()).find(({ queue }) => queue === name);
      return counts ?? { queue: name, waiting: 0, inFlight: 0, dead: 0 };
    },
  };
}

function hostIn(folder: string, clock = new StillClock()): ContractHost {
  const store = new Store(join(folder, FILE_NAME));
  const messages = new MessageStore(store, clock);
  return {
    ...kept(store, clock),
    evidence: evidence(store, { caps: CAPS }),
    evidenceCaps: CAPS,
    now: clock.now,
    pass: async (ms) => {
      clock.ms += ms;
    },
    queue: (name) => messages.queue(name),
    receiver: (name) => receiverOf(messages, name),
    flush: async () => store.flush(),
    powerFailure: async () => hostIn(copied(folder), clock),
    close: async () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CONTRACTS = [
  cursorsContract,
  entriesContract,
  sourceStatesContract,
  enrolmentsContract,
  recordsContract,
  manifestsContract,
  ledgerContract,
  viewContract,
  deadlinesContract,
  positionsContract,
  flakyEdgesContract,
  pageStoreContract,
  evidenceContract,
  queuesContract,
  durabilityContract,
];
for (const contract of CONTRACTS) contract("one SQLite file", async () => hostIn(newFolder()));
