import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type {
  Cursors,
  Deadlines,
  Enrolments,
  Entries,
  FlakyEdges,
  Ledger,
  Manifests,
  PageStore,
  Positions,
  Records,
  SourceStates,
  View,
} from "../ports.ts";
import { dynamoClient } from "./clients.ts";
import type { Configuration } from "./configuration.ts";
import { cursors } from "./cursors.ts";
import { deadlines } from "./deadlines.ts";
import { enrolments } from "./enrolments.ts";
import { entries } from "./entries.ts";
import { flakyEdges } from "./flaky-edges.ts";
import { ledger } from "./ledger.ts";
import { systemClock } from "./machine.ts";
import { manifests } from "./manifests.ts";
import { pageStore } from "./pages.ts";
import { positions } from "./positions.ts";
import { records } from "./records.ts";
import { sourceStates } from "./source-states.ts";
import type { Started } from "./start.ts";
import { type Table, tableNamed } from "./table.ts";
import { view } from "./view.ts";

/** What is kept in tables, each port made when it is asked for, so that a function needs the names of those it uses. */
export class Tables {
  readonly #db: DynamoDBClient;
  readonly #env: Configuration;

  constructor({ env, caller }: Started) {
    this.#db = dynamoClient(caller);
    this.#env = env;
  }

  get cursors(): Cursors {
    return cursors(this.#table("journalTable"));
  }

  get sourceStates(): SourceStates {
    return sourceStates(this.#table("journalTable"));
  }

  get entries(): Entries {
    return entries(this.#table("journalTable"));
  }

  get enrolments(): Enrolments {
    return enrolments(this.#table("watchersTable"));
  }

  get records(): Records {
    return records(this.#table("recordsTable"));
  }

  get manifests(): Manifests {
    return manifests(this.#table("recordsTable"));
  }

  get ledger(): Ledger {
    return ledger(this.#table("ledgerTable"), systemClock);
  }

  get view(): View {
    return view(this.#table("viewTable"), () => this.#table("watchersTable"));
  }

  get deadlines(): Deadlines {
    return deadlines(this.#table("scheduleTable"));
  }

  get positions(): Positions {
    return positions(this.#table("scheduleTable"));
  }

  get flakyEdges(): FlakyEdges {
    return flakyEdges(this.#table("scheduleTable"));
  }

  get pageStore(): PageStore {
    return pageStore(this.#table("pagesTable"));
  }

  #table(name: TableName): Table {
    return tableNamed(this.#db, this.#env[name]);
  }
}

type TableName = Extract<keyof Configuration, `${string}Table`>;
