import type { Backlog } from "../functions/ports.ts";

/** From this many on, waiting is worth a line. */
const MANY = 50;
const EVERY_MS = 500;

/**
 * One line at the foot of a terminal while many artifacts wait to be hashed: a baseline of thousands takes a while, and
 * a silent monitor looks like a dead one. Writes nothing where nobody watches. Answers how to end it.
 */
export function showProgress(backlog: Backlog, terminal: NodeJS.WriteStream): () => void {
  if (!terminal.isTTY) return () => {};
  let shown = false;
  const timer = setInterval(async () => {
    const counts = await backlog.counts();
    const waiting = counts
      .filter(({ queue }) => queue.startsWith("artifacts") || queue === "facts")
      .reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0);
    const many = waiting >= MANY;
    if (many) terminal.write(`\r\x1b[2K${waiting.toLocaleString("en")} artifacts to go …`);
    else if (shown) terminal.write("\r\x1b[2K");
    shown = many;
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
