/** Who is told. Each list may be empty; the stack warns when nobody at all would be told. */
export interface Subscriptions {
  /**
   * E-mail addresses that get findings: what PyPI publishes and nobody released. Each must be confirmed by its owner.
   * @default none
   */
  readonly findingsEmail: readonly string[];
  /**
   * https addresses that SNS posts findings to, such as a pager's. http is accepted on loopback only.
   * @default none
   */
  readonly findingsHttps: readonly string[];
  /**
   * Telephone numbers that get findings, as E.164 has them: `+4917012345678`.
   * @default none
   */
  readonly findingsSms: readonly string[];
  /**
   * E-mail addresses that get health: the monitor is blind, a stage fails. Alarms go here too.
   * @default none
   */
  readonly healthEmail: readonly string[];
  /** @default none */
  readonly healthHttps: readonly string[];
  /** @default none */
  readonly healthSms: readonly string[];
}

/** A CI provider of somebody's own, such as a GitLab of a company's. */
export interface OidcIssuer {
  readonly provider: "github" | "gitlab";
  readonly issuer: string;
}

/** Which index is watched, how often, and how politely. */
export interface Watching {
  /**
   * The index, without pip's `/simple` at its end. http is accepted on loopback only, for tests.
   * @default https://pypi.org
   */
  readonly index: string;
  /**
   * Where its files may come from, besides the index itself. Nothing else is ever contacted.
   * @default https://files.pythonhosted.org for pypi.org, else none
   */
  readonly filesOrigins: readonly string[];
  /**
   * An https address or an e-mail address at which the index's operator finds you before blocking you; goes into the
   * User-Agent. Needed for every index that is not on loopback.
   * @default none
   */
  readonly contact: string;
  /**
   * By what the index is followed: its journal, cross-checked by the others; or without a journal the list of all projects, up
   * to 35 minutes late, or RSS, which shows new releases only. Where the journal falls silent the list stands in by itself.
   * @default "journal"
   */
  readonly source: "journal" | "list" | "rss";
  /**
   * How often the journal is read; several times within one invocation. At least 2, but on loopback.
   * @default 5
   */
  readonly pollSeconds: number;
  /**
   * The confirmation window: how long a difference must last before it is told. At most 25 minutes: half of it must fit
   * into the 15 minutes by which SQS can delay a message.
   * @default 120
   */
  readonly confirmSeconds: number;
  /**
   * Every project's page is looked at again within this time. At least 1, but on loopback.
   * @default 24
   */
  readonly sweepHours: number;
  /**
   * Every artifact's bytes are hashed again within this time. At least 24, but on loopback.
   * @default 168
   */
  readonly rehashHours: number;
  /**
   * The most that re-hashing may fetch in one UTC day. Fresh uploads are never held back by it.
   * @default 50
   */
  readonly sweepBudgetGigabytes: number;
  /**
   * How many pages and files a second the sweep asks for, on average; without limit on loopback.
   * @default 2
   */
  readonly sweepRequestsPerSecond: number;
  /**
   * Who may enrol a project: whoever holds the operator's key, or anybody (then *self-claimed* until you vouch for it).
   * @default "invitation"
   */
  readonly registration: "invitation" | "open";
  /**
   * Where others reach the API when it has a name of its own: links begin with it, and tokens of CI providers must be made
   * for it. https, without a slash at the end.
   * @default API Gateway's own address
   */
  readonly publicUrl: string | undefined;
  /**
   * How long what makes the monitor quieter waits before it acts, and can be cancelled. Above 0, at most 720.
   * @default 24
   */
  readonly quieteningHours: number;
  /**
   * CI providers whose tokens are taken besides those of GitHub Actions and gitlab.com, by the exact `iss` of their tokens. Their
   * keys are fetched from there.
   * @default none
   */
  readonly oidcIssuers: readonly OidcIssuer[];
  /**
   * A file with a Sigstore trusted root (`trusted_root.json`), by which provenance is verified in place of the public one's.
   * @default the public Sigstore's, as bundled
   */
  readonly trustedRoot: string | undefined;
  /**
   * Asked (GET) at most once a minute after a poll that succeeded, so that somebody outside this account notices when all
   * of it is gone.
   * @default none
   */
  readonly heartbeatUrl: string | undefined;
}

/** What it may cost, and how long things are kept. */
export interface Keeping {
  /**
   * An alarm when more than this was fetched in a day. More than the sweep's budget, or it would never be silent.
   * @default twice the sweep's budget
   */
  readonly costGuardGigabytesPerDay: number;
  /**
   * How many invocations of one event source may run at a time; 2 is the least that AWS accepts. Alerts always go two at a
   * time, because mail takes no more.
   * @default 2
   */
  readonly concurrency: number;
  /**
   * Concurrent executions set aside for each function, at least twice `concurrency`. Off, because a new account's limit of 10 allows none.
   * @default none
   */
  readonly reservedConcurrency: number | undefined;
  /**
   * How long logs are kept, in days: one of the numbers that CloudWatch Logs accepts.
   * @default 90
   */
  readonly logRetentionDays: number;
  /**
   * How long no entry's copy in the ledger's locked bucket can be removed without a right of its own (Object Lock,
   * governance mode).
   * @default 400
   */
  readonly ledgerRetentionDays: number;
  /**
   * How long divergent bytes are kept as evidence.
   * @default 730
   */
  readonly evidenceRetentionDays: number;
  /**
   * Whether tables, buckets and the key outlive the stack. `false` lets `cdk destroy` remove everything, and holds
   * nothing in the locked bucket: history can then be lost by one command.
   * @default true
   */
  readonly keepData: boolean;
  /** @default "INFO" */
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
}

/** Everything that an operator may choose. Each is a context key of the same name, in `cdk.context.json`. */
export interface MonitorProps extends Watching, Keeping, Subscriptions {}
