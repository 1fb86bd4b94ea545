import { type Command, Option } from "commander";
import type { Topic } from "../../functions/domain/verdicts.ts";
import { CREDENTIALS, type StackOptions, stackOptions } from "../deployed/options.ts";
import type { Tested } from "../deployed/test-alert.ts";
import { systemClock } from "../machine.ts";
import { coloured, counted, say, sayJson } from "../printing.ts";

const EXAMPLES = `${CREDENTIALS}
Exit code 0 when each topic has a confirmed subscriber, 3 when one has none: silence must mean something.

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
  const deaf = tested.filter(({ subscribers }) => !subscribers.some(({ confirmed }) => confirmed));
  if (deaf.length === 0) return;
  process.stderr.write(`counterfoil: ${deafness(deaf)}\n`);
  process.exitCode = 3;
}

function sayTested({ topic, subject, alert, subscribers }: Tested): void {
  say(
    `${coloured("bold", topic)}: published "${subject}" (alert ${alert.slice(0, 16)}…) to ${counted(subscribers.length, "subscriber")}`,
  );
  for (const { protocol, endpoint, confirmed } of subscribers)
    say(`  ${confirmed ? "confirmed" : coloured("yellow", "PENDING  ")}  ${protocol}  ${endpoint}`);
}

const deafness = (deaf: readonly Tested[]): string =>
  `Nobody who confirmed is subscribed to ${deaf.map(({ topic }) => topic).join(" and ")}: its alerts reach nobody. ` +
  "Confirm what is PENDING (each was sent a link), or deploy with a subscription.";
