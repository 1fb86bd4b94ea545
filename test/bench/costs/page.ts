import { byGroup, byStep, dollarsOf, totalOf } from "./bill.ts";
import { PRICES, PRICES_OF, type Price } from "./prices.ts";
import { baselineOf, DEPLOYED, stepsOf } from "./steps.ts";
import { looksOf, rehashDays, rehashesOf, VOLUMES, type Volume } from "./volumes.ts";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const money = (dollars: number): string => (dollars < 0.05 ? "under 0.1" : dollars.toFixed(1));
const round = (count: number): string => Number(count.toPrecision(2)).toLocaleString("en-US");

/** A column for each volume. */
const perVolume = (of: (volume: Volume) => string): string[] => VOLUMES.map(of);

function monthTable(by: (volume: Volume) => ReadonlyMap<string, number>, what: string): string {
  const bills = VOLUMES.map(by);
  const names = [...(bills[0]?.keys() ?? [])];
  const rows = names.map((name) => [name, ...bills.map((bill) => money(bill.get(name) ?? 0))]);
  const total = ["**total**", ...perVolume((volume) => `**${money(totalOf(volume))}**`)];
  return table([what, ...perVolume(({ name }) => name)], [...rows, total]);
}

const volumeTable = (): string =>
  table(
    ["", ...perVolume(({ name }) => name)],
    [
      ["files there", ...perVolume(({ files }) => round(files))],
      ["new files a month", ...perVolume(({ newFiles }) => round(newFiles))],
      ["mean size", ...perVolume(({ meanMegabytes }) => `${meanMegabytes} MB`)],
      ["looks at pages by the sweep", ...perVolume((volume) => round(looksOf(volume)))],
      ["files hashed again", ...perVolume((volume) => round(rehashesOf(volume)))],
      ["so each file about every", ...perVolume((volume) => `${round(rehashDays(volume))} days`)],
      ["from", ...perVolume(({ source }) => source)],
    ],
  );

const stepTable = (): string =>
  table(
    ["step", ...perVolume(({ name }) => `times, ${name}`), "what once takes"],
    (VOLUMES[0] ? stepsOf(VOLUMES[0]) : []).map(({ name, because }, index) => [
      name,
      ...perVolume((volume) => round(stepsOf(volume)[index]?.times ?? 0)),
      because,
    ]),
  );

const priceTable = (): string =>
  table(
    ["what", "dollars", "source"],
    Object.values(PRICES).map(({ unit, dollars, per, source }: Price) => [
      unit,
      per === 1 ? String(dollars) : `${dollars} per ${per.toLocaleString("en-US")}`,
      source,
    ]),
  );

const baselines = (): string =>
  VOLUMES.map((volume) => `$${money(dollarsOf(baselineOf(volume)))} (${volume.name})`).join(", ");

/** docs/costs.md. */
export const page = (): string => `# What it costs on AWS

Written by \`npm run costs\`; a test compares. Dollars a month in us-east-1, after a year of running, at list prices as of ${PRICES_OF}. No free
tier, tax or discount is counted; for a small monitor the free tiers take off about ten dollars. Look up the prices before you rely on this: it is computed, not billed.

${monthTable(byGroup, "by what AWS sells")}

${monthTable(byStep, "by what is done")}

Once, on enrolling everything: ${baselines()}. Data from the index to AWS costs nothing, because no function is in a VPC; behind a NAT
gateway it would cost $45 per terabyte.

## What dominates

- **Small: what stands there anyway.** Feed waits for its next poll in a running function, because Scheduler wakes nobody more often than once a minute: that
  and ${DEPLOYED.alarms} alarms are most of the bill of 100 projects. \`-c pollSeconds=60\` saves the waiting, and an upload is then seen after half a
  minute on average instead of a few seconds.
- **Large: DynamoDB.** Writes of a fact (about eight units), reads of a whole project's view at each look, and storage that only grows: the ledger
  and every page that was ever shown are kept, with point-in-time recovery at almost the same price again.
- **Hashing is cheap.** A terabyte takes about 4 hours of fetch at 512 MB: $0.1. The budget (\`sweepBudgetGigabytes\`) protects the index more than the bill.

## How far off it may be

What stands there anyway: by a fifth, with AWS's prices. What grows with volume: by a factor of two either way. It rests on assumed sizes (2.5 KB
an entry, 0.75 KB a row of the view, 0.25 KB of a page per file), on assumed durations of functions, and on how many messages share an invocation. Storage and the
reading of histories go on growing after the first year. Not counted: evidence (capped, and rare), mail beyond a thousand a month ($2 per 100,000), text
messages, CloudTrail, support, cold starts. Every new file is assumed to be told twice (published, then resolved by its record), to two https subscribers, the operator and a contact.

Whole-index watching needs more than money: at most 500 projects and 500 files become due per minute, and a sweep of all pages takes a week there.

## Volumes

${volumeTable()}

A deadline falls anywhere into the later half of its interval, so things come up after three quarters of it on average.

## Steps

Requests are counted from what the adapters do (docs/decisions/0030 and 0031). A transaction takes twice the units; an indexed item takes units for its index, twice
where its place in it changes.

${stepTable()}

## Prices

${priceTable()}
`;
