import { PRICES, type Price, type Priced, type Usage } from "./prices.ts";
import { stepsOf, sum, times } from "./steps.ts";
import type { Volume } from "./volumes.ts";

/** What logs keep on costing: 90 days of what was taken in. */
const LOG_MONTHS = 3;

const withKeptLogs = (usage: Usage): Usage => ({
  ...usage,
  keptLogGigabytes: (usage.logGigabytes ?? 0) * LOG_MONTHS,
});

export const dollarsFor = (priced: Priced, count: number): number => {
  const { dollars, per }: Price = PRICES[priced];
  return (count * dollars) / per;
};

/** What a usage costs, in dollars. */
export const dollarsOf = (usage: Usage): number =>
  Object.entries(withKeptLogs(usage)).reduce(
    (all, [name, count]) => all + dollarsFor(name as Priced, count),
    0,
  );

/** One month, by what AWS sells. */
export function byGroup(volume: Volume): ReadonlyMap<string, number> {
  const usage = withKeptLogs(sum(stepsOf(volume).map(({ times: count, once }) => times(count, once))));
  const groups = new Map<string, number>();
  for (const [name, count] of Object.entries(usage)) {
    const { group } = PRICES[name as Priced];
    groups.set(group, (groups.get(group) ?? 0) + dollarsFor(name as Priced, count));
  }
  return groups;
}

/** One month, by what is done. */
export const byStep = (volume: Volume): ReadonlyMap<string, number> =>
  new Map(stepsOf(volume).map(({ name, times: count, once }) => [name, dollarsOf(times(count, once))]));

export const totalOf = (volume: Volume): number =>
  [...byStep(volume).values()].reduce((all, dollars) => all + dollars, 0);
