/**
 * The names of the environment variables by which a deployed function learns where it is: the one thing that the
 * constructs and the code they deploy have in common. A function is given only those it needs, and none of them is an
 * instant: time comes from the machine.
 */
export const ENVIRONMENT = {
  /** Which stage this function is: its log field, metric dimension and the application id in its user agent. */
  stage: "COUNTERFOIL_STAGE",
  version: "COUNTERFOIL_VERSION",

  /** Names of tables. */
  ledgerTable: "COUNTERFOIL_LEDGER_TABLE",
  recordsTable: "COUNTERFOIL_RECORDS_TABLE",
  watchersTable: "COUNTERFOIL_WATCHERS_TABLE",
  journalTable: "COUNTERFOIL_JOURNAL_TABLE",
  viewTable: "COUNTERFOIL_VIEW_TABLE",
  scheduleTable: "COUNTERFOIL_SCHEDULE_TABLE",
  pagesTable: "COUNTERFOIL_PAGES_TABLE",

  /** Names of buckets. */
  evidenceBucket: "COUNTERFOIL_EVIDENCE_BUCKET",
  ledgerCopyBucket: "COUNTERFOIL_LEDGER_COPY_BUCKET",

  /** URLs of queues. */
  changesNowQueue: "COUNTERFOIL_CHANGES_NOW_QUEUE",
  changesSweepQueue: "COUNTERFOIL_CHANGES_SWEEP_QUEUE",
  artifactsNowQueue: "COUNTERFOIL_ARTIFACTS_NOW_QUEUE",
  artifactsSweepQueue: "COUNTERFOIL_ARTIFACTS_SWEEP_QUEUE",
  factsQueue: "COUNTERFOIL_FACTS_QUEUE",
  alertsQueue: "COUNTERFOIL_ALERTS_QUEUE",
  /** JSON: `[{queue, url, deadLettersUrl}]`, for counting what waits. */
  backlog: "COUNTERFOIL_BACKLOG",

  /** ARNs of topics. */
  findingsTopic: "COUNTERFOIL_FINDINGS_TOPIC",
  healthTopic: "COUNTERFOIL_HEALTH_TOPIC",
  /** ARN of the queue for what SNS gave up delivering. */
  undeliveredQueue: "COUNTERFOIL_UNDELIVERED_QUEUE",

  /** The index's URL. */
  index: "COUNTERFOIL_INDEX",
  /** JSON: a list of origins. */
  filesOrigins: "COUNTERFOIL_FILES_ORIGINS",
  contact: "COUNTERFOIL_CONTACT",
  /** JSON: the domain's `Settings`. */
  settings: "COUNTERFOIL_SETTINGS",
  pollMs: "COUNTERFOIL_POLL_MS",
  /** A file beside the function's code: by whom provenance must be signed. Absent for the public Sigstore. */
  trustedRoot: "COUNTERFOIL_TRUSTED_ROOT",
  /** Asked (GET) after a poll that succeeded, at most once a minute. Absent when nobody watches the watcher. */
  heartbeatUrl: "COUNTERFOIL_HEARTBEAT_URL",
  /** Powertools' own; `DEBUG` also logs each call to AWS. @default INFO */
  logLevel: "POWERTOOLS_LOG_LEVEL",
  /** `invitation` or `open`. */
  registration: "COUNTERFOIL_REGISTRATION",
  /** Where others reach the API, without a slash at the end. */
  publicUrl: "COUNTERFOIL_PUBLIC_URL",
  /** How long what makes the monitor quieter waits. */
  quieteningHours: "COUNTERFOIL_QUIETENING_HOURS",
  /** JSON: `[{provider, issuer}]`, CI providers besides the public ones. */
  oidcIssuers: "COUNTERFOIL_OIDC_ISSUERS",
} as const;

export type EnvironmentName = (typeof ENVIRONMENT)[keyof typeof ENVIRONMENT];
