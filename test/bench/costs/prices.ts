/** What a unit costs, and where AWS says so. */
export interface Price {
  readonly dollars: number;
  /** For how many units that is. */
  readonly per: number;
  readonly unit: string;
  readonly group: string;
  readonly source: string;
}

const MILLION = 1_000_000;

/** When these prices were last compared with AWS's pages. Prices of us-east-1, in US dollars, without taxes, discounts and free tiers. */
export const PRICES_OF = "2025-06";

/** On demand, first tier. Sources are the names of AWS's pricing pages. */
export const PRICES = {
  gigabyteSeconds: {
    dollars: 0.0000133334,
    per: 1,
    unit: "GB-second, arm64",
    group: "Lambda",
    source: "AWS Lambda pricing",
  },
  invocations: {
    dollars: 0.2,
    per: MILLION,
    unit: "invocation",
    group: "Lambda",
    source: "AWS Lambda pricing",
  },
  sqsRequests: { dollars: 0.4, per: MILLION, unit: "request", group: "SQS", source: "Amazon SQS pricing" },
  writeUnits: {
    dollars: 0.625,
    per: MILLION,
    unit: "write request unit",
    group: "DynamoDB",
    source: "Amazon DynamoDB pricing, on-demand",
  },
  readUnits: {
    dollars: 0.125,
    per: MILLION,
    unit: "read request unit",
    group: "DynamoDB",
    source: "Amazon DynamoDB pricing, on-demand",
  },
  tableGigabytes: {
    dollars: 0.25,
    per: 1,
    unit: "GB-month",
    group: "DynamoDB",
    source: "Amazon DynamoDB pricing, storage",
  },
  recoveryGigabytes: {
    dollars: 0.2,
    per: 1,
    unit: "GB-month, point-in-time recovery",
    group: "DynamoDB",
    source: "Amazon DynamoDB pricing, backup",
  },
  published: { dollars: 0.5, per: MILLION, unit: "publication", group: "SNS", source: "Amazon SNS pricing" },
  posted: {
    dollars: 0.6,
    per: MILLION,
    unit: "delivery by https",
    group: "SNS",
    source: "Amazon SNS pricing",
  },
  puts: { dollars: 0.005, per: 1_000, unit: "PUT", group: "S3", source: "Amazon S3 pricing, standard" },
  bucketGigabytes: {
    dollars: 0.023,
    per: 1,
    unit: "GB-month",
    group: "S3",
    source: "Amazon S3 pricing, standard",
  },
  logGigabytes: {
    dollars: 0.5,
    per: 1,
    unit: "GB taken in",
    group: "CloudWatch",
    source: "Amazon CloudWatch pricing, logs",
  },
  keptLogGigabytes: {
    dollars: 0.03,
    per: 1,
    unit: "GB-month",
    group: "CloudWatch",
    source: "Amazon CloudWatch pricing, logs",
  },
  metrics: {
    dollars: 0.3,
    per: 1,
    unit: "metric of ours",
    group: "CloudWatch",
    source: "Amazon CloudWatch pricing, metrics",
  },
  alarms: {
    dollars: 0.1,
    per: 1,
    unit: "alarm",
    group: "CloudWatch",
    source: "Amazon CloudWatch pricing, alarms",
  },
  dashboards: {
    dollars: 3,
    per: 1,
    unit: "dashboard",
    group: "CloudWatch",
    source: "Amazon CloudWatch pricing, dashboards",
  },
  apiRequests: {
    dollars: 3.5,
    per: MILLION,
    unit: "REST request",
    group: "API Gateway",
    source: "Amazon API Gateway pricing",
  },
  scheduled: {
    dollars: 1,
    per: MILLION,
    unit: "invocation",
    group: "Scheduler",
    source: "Amazon EventBridge pricing, Scheduler",
  },
  keys: { dollars: 1, per: 1, unit: "key", group: "KMS", source: "AWS KMS pricing" },
  keyRequests: { dollars: 0.03, per: 10_000, unit: "request", group: "KMS", source: "AWS KMS pricing" },
} as const satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof PRICES;
/** How much of each thing; what is not named is none. */
export type Usage = Partial<Readonly<Record<Priced, number>>>;
