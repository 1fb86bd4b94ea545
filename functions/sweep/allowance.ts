import { between, hours, type Instant } from "../domain/instants.ts";
import type { Chance, Deadline } from "../ports.ts";

/** How many requests the sweep may cause now, and when that was reckoned. */
export interface Allowance {
  readonly requests: number;
  readonly at: Instant;
}

/** What was not used is saved up for so long: after a pause the sweep does not come like a flood. */
const MOST_SAVED_SECONDS = 120;
/** What is overdue by so long is left out, and comes before anything that is drawn by lot: unpredictable, but never left out. */
const LEFT_OUT_MS = hours(1);

export const isLeftOut = ({ due }: Deadline, now: Instant): boolean => between(due, now) >= LEFT_OUT_MS;

/**
 * What it has grown to since it was last reckoned, at so many requests a second; 0 is no limit. Begins with a minute's worth. A clock that went
 * back adds nothing.
 */
export function grown(known: Allowance | null, perSecond: number, now: Instant): Allowance {
  if (perSecond === 0) return { requests: Number.MAX_SAFE_INTEGER, at: now };
  if (known === null) return { requests: perSecond * 60, at: now };
  const seconds = Math.max(0, between(known.at, now) / 1000);
  return {
    requests: Math.min(known.requests + seconds * perSecond, perSecond * MOST_SAVED_SECONDS),
    at: now,
  };
}

/**
 * Which of what is due is taken, in the order to take it: at most so many. Drawn by lot, so that whoever knows the backlog does
 * not know who is next; half of the places go to those overdue for long, soonest due first, so that nothing waits for ever. Of an
 * odd number the last is lent by chance, so that a single place is not always the oldest's.
 */
export function drawn(due: readonly Deadline[], most: number, now: Instant, chance: Chance): Deadline[] {
  // More may have been lent than there was.
  const places = Math.max(0, Math.floor(most));
  if (places >= due.length) return shuffled(due, chance);
  const late = due
    .filter((each) => isLeftOut(each, now))
    .toSorted((a, b) => a.due.localeCompare(b.due))
    .slice(0, Math.floor(places / 2 + chance.fraction()));
  const others = due.filter((each) => !late.includes(each));
  return [...late, ...shuffled(others, chance).slice(0, Math.max(0, places - late.length))];
}

function shuffled(due: readonly Deadline[], chance: Chance): Deadline[] {
  return due
    .map((each) => ({ each, order: chance.fraction() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ each }) => each);
}
