import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type {
  Cursors,
  Deadlines,
  Enrolments,
  Entries,
  FlakyEdges,
  Ledger,
  PageStore,
  Positions,
  Records,
  View,
} from "../ports.ts";
import { dynamoClient } from "./clients.ts";
import type { Configuration } from "./configuration.ts";
import { cursors, entries } from "./journal-state.ts";
import { ledger } from "./ledger.ts";
import { systemClock } from "./machine.ts";
import { heldPairs, pageStore } from "./pages.ts";
import { deadlines, flakyEdges, positions } from "./schedule.ts";
import type { Started } from "./start.ts";
import { view } from "./view.ts";
import { enrolments, records } from "./watchers.ts";

/** What is kept in tables, each port made when it is asked for, so that a function needs the names of those it uses. */
export class Tables {
  readonly #db: DynamoDBClient;
  readonly #env: Configuration;

  constructor({ env, caller }: Started) {
    this.#db = dynamoClient(caller);
    this.#env = env;
  }

  get cursors(): Cursors {
    return cursors(this.#db, this.#env.journalTable);
  }

  get entries(): Entries {
    return entries(this.#db, this.#env.journalTable);
  }

  get enrolments(): Enrolments {
    return enrolments(this.#db, this.#env.watchersTable);
  }

  get records(): Records {
    return records(this.#db, this.#env.recordsTable);
  }

  get ledger(): Ledger {
    return ledger(this.#db, this.#env.ledgerTable, systemClock);
  }

  get view(): View {
    return view(this.#db, this.#env.viewTable);
  }

  get deadlines(): Deadlines {
    return deadlines(this.#db, this.#env.scheduleTable);
  }

  get positions(): Positions {
    return positions(this.#db, this.#env.scheduleTable);
  }

  get flakyEdges(): FlakyEdges {
    return flakyEdges(this.#db, this.#env.scheduleTable);
  }

  get pageStore(): PageStore {
    return pageStore(this.#db, this.#env.pagesTable);
  }

  /** Held in memory from one invocation to the next. */
  get baselines(): ReturnType<typeof heldPairs> {
    return heldPairs(this.pageStore);
  }
}
