import type { ChangeAnswer } from "../functions/records/answers/enrolments.ts";
import { inert } from "../functions/records/quoted.ts";
import { coloured, say } from "./printing.ts";

const waits = ({ askedAt, inForceAt }: ChangeAnswer): boolean => inForceAt > askedAt;

/** A change in one line. */
const lineOf = (change: ChangeAnswer): string =>
  waits(change)
    ? `${coloured("yellow", `From ${change.inForceAt}`)}  ${inert(change.what)}`
    : `${coloured("green", "From now on")}  ${inert(change.what)}`;

/** Says what acts now and what acts later, why, and how to take that back. */
export function sayChanges(project: string, changes: readonly ChangeAnswer[]): void {
  if (changes.length === 0) say("Nothing to change: it is so already.");
  for (const change of changes) say(lineOf(change));
  const waiting = changes.filter(waits);
  if (waiting.length === 0) return;
  say();
  say(
    "What could make the monitor quieter waits, and your contacts are told of it now. To take it back before:",
  );
  for (const { id } of waiting) say(`  counterfoil cancel ${project} ${id}`);
}
