import { type Command, InvalidArgumentError } from "commander";
import type { DeadLetter } from "../deployed/dead-letters.ts";
import { CREDENTIALS, type StackOptions, stackOptions } from "../deployed/options.ts";
import type { QueueAddress } from "../deployed/stack.ts";
import { systemClock } from "../machine.ts";
import { counted, say, sayJson } from "../printing.ts";

const EXAMPLES = `
A dead letter is deleted only after it was sent on: stopped in the middle, nothing is lost, and a letter may be
handled twice, which does no harm. One that dies again within the run is left for the next.
${CREDENTIALS}

Examples:
  $ counterfoil replay --list
  $ counterfoil replay --list artifacts-now
  $ counterfoil replay artifacts-now --most 1
  $ counterfoil replay`;

interface ReplayOptions extends StackOptions {
  readonly list?: boolean;
  readonly most: number;
}

const DEFAULT_MOST = 1_000;

/** `counterfoil replay [QUEUE]` */
export function register(program: Command): void {
  stackOptions(program.command("replay"))
    .argument("[queue]", "changes-now, artifacts-sweep, facts …; all of them when left out")
    .option("--list", "only show what is there: counts, and for one queue each letter; moves nothing")
    .option("--most <n>", "stop after this many", counting, DEFAULT_MOST)
    .option("--json", "print the outcome as JSON", false)
    .summary("have dead letters handled again (AWS)")
    .description(
      "Move a deployed monitor's dead letters back to their queues, after what killed them was mended.",
    )
    .addHelpText("after", EXAMPLES)
    .action(act);
}

function counting(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

async function act(queue: string | undefined, options: ReplayOptions, command: Command): Promise<void> {
  const { inWords } = await import("../deployed/aws-errors.ts");
  const { deployed } = await import("../deployed/stack.ts");
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  await inWords(async () => {
    const { client, outputs } = await deployed(options);
    const queues = chosen(outputs.Queues, queue, command);
    const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
    if (options.list !== true) await replayAll(sqs, queues, options);
    else if (queue === undefined) await listCounts(sqs, queues, options);
    else await listLetters(sqs, queues, options);
  });
}

function chosen(
  queues: readonly QueueAddress[],
  name: string | undefined,
  command: Command,
): readonly QueueAddress[] {
  const found = name === undefined ? queues : queues.filter(({ queue }) => queue === name);
  if (found.length > 0) return found;
  const names = queues.map(({ queue }) => queue).join(", ");
  return command.error(`counterfoil: there is no queue of that name; there are ${names}`, { exitCode: 2 });
}

type Sqs = Parameters<typeof import("../deployed/dead-letters.ts")["replay"]>[0];

async function listCounts(sqs: Sqs, queues: readonly QueueAddress[], { json }: ReplayOptions): Promise<void> {
  const { backlog } = await import("../../functions/aws/backlog.ts");
  const counts = await backlog(sqs, queues).counts();
  if (json) return sayJson(counts);
  for (const { queue, dead, waiting } of counts)
    say(`${queue.padEnd(16)} ${counted(dead, "dead letter")}, ${waiting} waiting`);
}

async function listLetters(
  sqs: Sqs,
  queues: readonly QueueAddress[],
  { json, most }: ReplayOptions,
): Promise<void> {
  const { peek } = await import("../deployed/dead-letters.ts");
  const letters: DeadLetter[] = [];
  for (const queue of queues) letters.push(...(await peek(sqs, queue, most)));
  if (json) return sayJson(letters);
  for (const letter of letters) say(lineOf(letter));
  say(`${counted(letters.length, "dead letter")}; nothing was moved`);
}

async function replayAll(
  sqs: Sqs,
  queues: readonly QueueAddress[],
  { json, most }: ReplayOptions,
): Promise<void> {
  const { replay } = await import("../deployed/dead-letters.ts");
  const at = systemClock.now();
  const letters: DeadLetter[] = [];
  const moved = (letter: DeadLetter): void => {
    letters.push(letter);
    if (!json) say(lineOf(letter));
  };
  try {
    for (const queue of queues) await replay(sqs, queue, { at, most: most - letters.length, moved });
  } finally {
    // Also of a run that was refused in its middle: what was moved was moved.
    if (json) sayJson(letters);
    else say(`${counted(letters.length, "dead letter")} replayed`);
  }
}

function lineOf({ queue, message, project, file, receives, queuedAt, replayedAt }: DeadLetter): string {
  const about = [project, file].filter((part) => part !== null).join(" ") || "not readable";
  const again = replayedAt === null ? "" : `, replayed before at ${replayedAt}`;
  return `${queue}  ${about}  (message ${message}, queued ${queuedAt ?? "at an unknown time"}, received ${receives} times${again})`;
}
