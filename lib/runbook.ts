/**
 * The headings (`## …`) of docs/runbook.md to which alarms lead. Each alarm has one; several alarms of a kind (one per
 * queue, one per stage) share theirs.
 */
export const RUNBOOK = {
  poll: "No successful poll",
  blind: "Blind",
  lag: "Lag",
  unknownActions: "Unknown journal actions",
  sweep: "No sweep",
  deadLetters: "Dead letters",
  oldest: "Oldest message",
  errors: "Errors",
  throttles: "Throttles",
  undelivered: "Undelivered alerts",
  tampering: "Ledger tampering",
  copy: "Ledger copy behind",
  fetchedBytes: "Fetched bytes",
  api: "API faults",
} as const;

export type RunbookHeading = (typeof RUNBOOK)[keyof typeof RUNBOOK];

/** Where a heading is, as GitHub and most renderers of Markdown make the anchor. */
export const runbookAddress = (heading: RunbookHeading): string =>
  `docs/runbook.md#${heading.toLowerCase().replaceAll(" ", "-")}`;
