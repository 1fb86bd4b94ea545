import { type Command, Option } from "commander";
import type { Topic } from "../../functions/domain/verdicts.ts";
import { CREDENTIALS, next, type StackOptions, stackOptions } from "../deployed/options.ts";
import type { Subscriber } from "../deployed/subscribers.ts";
import type { Tested } from "../deployed/test-alert.ts";
import { systemClock } from "../machine.ts";
import { coloured, counted, say, sayJson } from "../printing.ts";

const EXAMPLES = `${CREDENTIALS}
Exit code 0 when each topic has a subscriber and everybody whom the stack subscribes has confirmed, else 3: silence must
mean something. Run it every month.

Examples:
  $ counterfoil test-alert
  $ counterfoil test-alert --topic findings --stack Counterfoil --region eu-west-1`;

interface TestOptions extends StackOptions {
  readonly topic: Topic | "both";
}

/** `counterfoil test-alert` */
export function register(program: Command): void {
  stackOptions(program.command("test-alert"))
    .addOption(
      new Option("--topic <topic>", "which topic to test")
        .choices(["findings", "health", "both"])
        .default("both"),
    )
    .option("--json", "print the outcome as JSON", false)
    .summary("send a test alert, and say who gets it (AWS)")
    .description(
      "Publish a clearly marked test alert to a deployed monitor's topics, and say who is subscribed.",
    )
    .addHelpText("after", EXAMPLES)
    .action(test);
}

async function test(options: TestOptions): Promise<void> {
  const { inWords } = await import("../deployed/aws-errors.ts");
  const { deployed } = await import("../deployed/stack.ts");
  const { testAlert } = await import("../deployed/test-alert.ts");
  const asked: readonly Topic[] = options.topic === "both" ? ["findings", "health"] : [options.topic];
  const tested = await inWords(async () => testAlert(await deployed(options), asked, systemClock.now()));
  if (options.json) sayJson(tested);
  else for (const each of tested) sayTested(each);
  const faults = faultsOf(tested);
  if (faults.length === 0) return;
  process.stderr.write(`counterfoil: ${faults.join(" ")}\nThen again: ${next("test-alert", options)}\n`);
  process.exitCode = 3;
}

function sayTested({ topic, subject, alert, subscribers }: Tested): void {
  const reached = subscribers.filter(({ standing }) => standing === "confirmed");
  say(
    `${coloured("bold", topic)}: published "${subject}" (alert ${alert.slice(0, 16)}…) to ${counted(reached.length, "subscriber")}`,
  );
  for (const each of subscribers) say(lineOf(each));
}

function lineOf({ protocol, endpoint, standing }: Subscriber): string {
  const label = standing === "confirmed" ? standing : coloured("yellow", standing.toUpperCase().padEnd(9));
  // Nobody confirms a telephone, and SNS does not say what became of a text.
  const proof =
    protocol === "sms" && standing === "confirmed" ? "  (accepted by SNS, delivery not proven)" : "";
  return `  ${label}  ${protocol}  ${endpoint}${proof}`;
}

/** A sentence for each thing that leaves somebody untold, with what to do. */
function faultsOf(tested: readonly Tested[]): readonly string[] {
  const topicsWhere = (holds: (subscribers: readonly Subscriber[]) => boolean): string =>
    tested
      .filter(({ subscribers }) => holds(subscribers))
      .map(({ topic }) => topic)
      .join(" and ");
  const deaf = topicsWhere((all) => !all.some(({ standing }) => standing === "confirmed"));
  const pending = topicsWhere((all) => all.some(({ standing }) => standing === "pending"));
  const gone = topicsWhere((all) => all.some(({ standing }) => standing === "gone"));
  return [
    deaf && `Nobody who confirmed is subscribed to ${deaf}: its alerts reach nobody.`,
    pending &&
      `Who is PENDING on ${pending} is told nothing: have them follow the link that they were sent, within 48 hours of it.`,
    gone &&
      `Who is GONE from ${gone} is told nothing, and no deploy brings them back: subscribe them again with \`aws sns subscribe\` (the runbook, Undelivered alerts).`,
    deaf && !(pending || gone) ? "Deploy with a subscription." : "",
  ].filter((sentence) => sentence !== "");
}
