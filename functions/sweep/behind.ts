import type { Finding } from "../domain/findings.ts";
import { between, hours, type Instant } from "../domain/instants.ts";
import { aboutMonitor } from "../domain/monitor.ts";
import type { Deadline, SweepPosition } from "../ports.ts";

/** Later than this by its own time, and the bound that was promised is missed. */
const BEHIND_MS = hours(24);
/** After a pause everything is late, and is made good in a while: what lasts is told. */
const LASTS_MS = hours(1);

/** What to say of a sweep that cannot come round at its rate and within its budget; once, and once that it is over. */
export function behindNews(
  known: SweepPosition["behind"],
  left: readonly Deadline[],
  now: Instant,
): { readonly tell: readonly Finding[]; readonly behind: NonNullable<SweepPosition["behind"]> | null } {
  const late = left.filter(({ due }) => between(due, now) >= BEHIND_MS);
  if (late.length === 0) {
    const { told = null } = known ?? {};
    return { tell: told === null ? [] : [{ ...told, state: "resolved", changedAt: now }], behind: null };
  }
  const { since, told } = known ?? { since: now, told: null };
  if (told !== null || between(since, now) < LASTS_MS) return { tell: [], behind: { since, told } };
  const finding = aboutMonitor("sweep-behind", since, noteOf(late));
  return { tell: [finding], behind: { since, told: finding } };
}

const noteOf = (late: readonly Deadline[]): string =>
  `At least ${late.length} looks are more than a day late; the sweep's rate or its budget does not suffice for what is watched.`;
