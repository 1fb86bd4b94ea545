import { between, dayOf, days, type Instant } from "../domain/instants.ts";
import type { Settings } from "../domain/settings.ts";
import type { Chance, Deadline, SweepPosition } from "../ports.ts";
import { type Allowance, drawn, grown, isLeftOut } from "./allowance.ts";

/** What a round takes of what is due, what it leaves for later, and what it then has left. */
export interface Spending {
  readonly files: readonly Deadline[];
  readonly pages: readonly Deadline[];
  readonly left: readonly Deadline[];
  readonly means: Pick<SweepPosition, "day" | "spentBytes"> & { readonly allowance: Allowance };
}

interface SpendingPorts {
  readonly chance: Chance;
  readonly settings: Pick<Settings, "sweepPerSecond" | "sweepBudgetBytes">;
}

/**
 * Shares out what the rate and the day's bytes allow now. Files get half of the requests and pages what files leave: what neither
 * needs is saved up, so that a backlog of one kind soon has it all.
 */
export function spending(
  position: Pick<SweepPosition, "day" | "spentBytes" | "allowance">,
  due: { readonly files: readonly Deadline[]; readonly pages: readonly Deadline[] },
  now: Instant,
  { chance, settings }: SpendingPorts,
): Spending {
  const allowance = grown(position.allowance ?? null, settings.sweepPerSecond, now);
  const day = dayOf(now);
  const before = position.day === day ? position.spentBytes : 0;
  const half = Math.floor(allowance.requests / 2 + chance.fraction());
  const lot = drawn(due.files, half, now, chance);
  const files = affordable(lot, { budgetBytes: settings.sweepBudgetBytes, spentBytes: before }, now);
  const pages = drawn(due.pages, allowance.requests - files.length, now, chance);
  const taken = new Set([...files, ...pages]);
  const requests = allowance.requests - taken.size;
  const spentBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, before);
  return {
    files,
    pages,
    left: [...due.pages, ...due.files].filter((each) => !taken.has(each)),
    means: { day, spentBytes, allowance: { ...allowance, requests } },
  };
}

/**
 * What may be spent by this hour: were all of a day's bytes there at midnight, a sweep that is behind would hash in the first hours of
 * each day only, and whoever serves other bytes in the evening would be safe.
 */
const byNow = (budgetBytes: number, now: Instant): number =>
  (budgetBytes * between(`${dayOf(now)}T00:00:00.000Z`, now)) / days(1);

/**
 * What still fits into the day, and was not spent ahead of the hour. An artifact larger than any day's budget gets a day of its own,
 * once it is overdue for longer than the others, or where nothing else is affordable: never is not a bound.
 */
function affordable(
  lot: readonly Deadline[],
  { budgetBytes, spentBytes }: { readonly budgetBytes: number; readonly spentBytes: number },
  now: Instant,
): readonly Deadline[] {
  const oldest = lot.toSorted((a, b) => a.due.localeCompare(b.due)).at(0);
  const isUnspent = spentBytes === 0;
  if (isUnspent && oldest && oldest.sizeBytes > budgetBytes && isLeftOut(oldest, now)) return [oldest];
  let spent = spentBytes;
  const fitting = lot.filter(({ sizeBytes }) => {
    const fits = spent <= byNow(budgetBytes, now) && spent + sizeBytes <= budgetBytes;
    if (fits) spent += sizeBytes;
    return fits;
  });
  return fitting.length === 0 && isUnspent ? lot.slice(0, 1) : fitting;
}
