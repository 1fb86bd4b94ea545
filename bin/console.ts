import { hexOf } from "../functions/domain/digests.ts";
import type { Subscriber } from "../functions/embedded/topics.ts";
import type { Alert } from "../functions/ports.ts";

const COLOURS: Readonly<Record<string, string>> = {
  critical: "\x1b[1;31m",
  warning: "\x1b[33m",
  notice: "\x1b[36m",
};

const MOST_NOTE_CHARS = 120;

/** One clear line per finding, for the person at the terminal. */
export const consoleSubscriber = (write: (line: string) => void, coloured: boolean): Subscriber => ({
  name: "console",
  // Whoever holds a drill wants to see that it went out.
  drills: true,
  deliver: async (alert) => write(`${lineOf(alert, coloured)}\n`),
});

export function lineOf({ finding, topic, severity }: Alert, coloured: boolean): string {
  const { state, verdict, changedAt, project, release, file, grounds } = finding;
  const word = (state === "resolved" ? "resolved" : severity).padEnd(8);
  const colour = coloured && state === "open" ? COLOURS[severity] : undefined;
  const what = colour === undefined ? `${word} ${verdict}` : `${colour}${word} ${verdict}\x1b[0m`;
  const claimed = finding.selfClaimed ? " (self-claimed)" : "";
  const where = [project, release, file]
    .filter((part) => part !== null)
    .map(printable)
    .join("  ");
  // Without bytes the note says who, what or why, and two findings without it look the same.
  const facts = grounds.observed
    ? `  declared ${short(grounds.declared)} fetched ${short(grounds.observed)} recorded ${recorded(grounds)}`
    : grounds.note !== null
      ? `  ${printable(grounds.note.split(". ", 1)[0] ?? "").slice(0, MOST_NOTE_CHARS)}`
      : "";
  return `${changedAt.slice(0, 19).replace("T", " ")}  ${topic.padEnd(8)}  ${what}${claimed}  ${where}${facts}  finding ${finding.id.slice(0, 12)}`;
}

const short = (digest: `sha256:${string}` | null): string =>
  digest === null ? "nothing" : hexOf(digest).slice(0, 12);

/** Where only the record disagrees, the other two digests look as if all were well. */
const recorded = ({ recorded: [first, ...others] }: Alert["finding"]["grounds"]): string =>
  first === undefined
    ? "nothing"
    : `${short(first.digest)}${others.length === 0 ? "" : ` and ${others.length} more`}`;

/** Names come from strangers, and a terminal obeys control characters. */
const printable = (text: string): string => text.replace(/\p{C}/gu, "?");
