import { Construct } from "constructs";
import { Alert } from "./alert.ts";
import { Api } from "./api.ts";
import { Compare } from "./compare.ts";
import { Feed } from "./feed.ts";
import { Fetch } from "./fetch.ts";
import { LedgerCopy } from "./ledger-copy.ts";
import type { FunctionName } from "./names.ts";
import { Queues } from "./queues.ts";
import type { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";
import { Survey } from "./survey.ts";
import { Sweep } from "./sweep.ts";

/**
 * The road:
 *
 *      journal           page               files                                      subscribers
 *         │                │                  │                                             ▲
 *      [feed] ──change─▶[survey]──artifact──▶[fetch]──observation─▶[compare]──finding──▶[alert]
 *                   ▲      └────────────── sighting ──────────────────▲  │
 *      [sweep] ─────┤                                              ledger ──▶[copy]──▶ locked bucket
 *      [API] ───────┘
 *
 * Every arrow between two stages is a queue: `changes` and `artifacts` in two lanes, `facts`, `alerts`.
 */
export class Pipeline extends Construct {
  readonly queues: Queues;
  readonly feed: Feed;
  readonly survey: Survey;
  readonly fetch: Fetch;
  readonly compare: Compare;
  readonly alert: Alert;
  readonly sweep: Sweep;
  readonly api: Api;
  readonly copy: LedgerCopy;

  constructor(scope: Construct, id: string, given: Omit<Surroundings, "queues">) {
    super(scope, id);
    this.queues = new Queues(this, "Queues");
    const surroundings = { ...given, queues: this.queues };
    this.feed = new Feed(this, "Feed", surroundings);
    this.survey = new Survey(this, "Survey", surroundings);
    this.fetch = new Fetch(this, "Fetch", surroundings);
    this.compare = new Compare(this, "Compare", surroundings);
    this.alert = new Alert(this, "Alert", surroundings);
    this.sweep = new Sweep(this, "Sweep", surroundings);
    this.api = new Api(this, "Api", surroundings);
    this.copy = new LedgerCopy(this, "LedgerCopy", surroundings);
  }

  /** Every function, by the name that its logs, metrics and alarms have. */
  get functions(): Readonly<Record<FunctionName, StageFunction>> {
    const { feed, survey, fetch, compare, alert, sweep, api, copy } = this;
    return {
      feed: feed.function,
      survey: survey.function,
      fetch: fetch.function,
      compare: compare.function,
      alert: alert.function,
      sweep: sweep.function,
      api: api.function,
      copy: copy.function,
    };
  }
}
