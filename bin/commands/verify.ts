import { type Command, Option } from "commander";
import { createClient } from "../../functions/client/client.ts";
import { type AskingOptions, askingOptions, connectionFor, textIn } from "../asking.ts";
import { repeatable } from "../enrolling-options.ts";
import { Misused } from "../misused.ts";
import { sayJson } from "../printing.ts";
import type { Allowed } from "../verifying/allowed-signers.ts";

const EXAMPLES = `
Two questions, asked of two different parties, and answered separately:
  published  Is this what the index publishes now?      asked of the index itself
  released   Is this what the developer released?       asked of the monitor, and checked here as far as signatures go

Needs no account. With --signers, only what is signed by a key in that file is an answer, and the monitor need not be trusted
for it; get the developer's key from the developer, and not from the index or the monitor.

Exit code 1 if any answer is a difference, else 3 if any could not be told, else 0.

Examples:
  $ counterfoil verify requests-2.32.0-py3-none-any.whl
  $ counterfoil verify dist/ --signers allowed_signers
  $ counterfoil verify -r requirements.txt --url https://monitor.example.org
  $ pip download --no-deps requests && counterfoil verify requests-*.whl --json`;

interface VerifyOptions extends AskingOptions {
  readonly requirement: readonly string[];
  readonly index: string;
  readonly project?: string;
  readonly signers?: string;
}

async function pinnedIn(path: string | undefined): Promise<readonly Allowed[] | null> {
  if (path === undefined) return null;
  const { allowedSignersIn } = await import("../verifying/allowed-signers.ts");
  return allowedSignersIn(textIn(path, "allowed signers file"), path);
}

async function verify(paths: readonly string[], options: VerifyOptions): Promise<void> {
  const { requirement, index, project, signers = null, json, url } = options;
  if (paths.length + requirement.length === 0)
    throw new Misused("name what to verify: files, folders, or -r requirements.txt");
  const { itemsAt, together } = await import("../verifying/items.ts");
  const { requirementsIn } = await import("../verifying/requirements.ts");
  const { lookingAt } = await import("../verifying/looking.ts");
  const { monitorAt } = await import("../verifying/monitor.ts");
  const { exitCodeOf, verifyAll } = await import("../verifying/verifying.ts");
  const { sayReport } = await import("../verifying/report.ts");
  const monitor = monitorAt(createClient(connectionFor(options)), await pinnedIn(options.signers));
  const asked = together([await itemsAt(paths, project), ...requirement.map(requirementsIn)]);
  const { look, close } = lookingAt(index);
  try {
    const files = await verifyAll(asked, look, monitor);
    const from = { index, monitor: url, signers };
    if (json) sayJson({ ...from, files });
    else sayReport(files, from);
    process.exitCode = exitCodeOf(files);
  } finally {
    close();
  }
}

/** `counterfoil verify FILE… | DIR | -r FILE` */
export function register(program: Command): void {
  askingOptions(program.command("verify"))
    .argument("[paths...]", "files, or folders of files")
    .addOption(repeatable("-r, --requirement <file>", "the pinned hashes of a requirements file"))
    .addOption(
      new Option("--index <url>", "the index to ask").env("COUNTERFOIL_INDEX").default("https://pypi.org"),
    )
    .option("--project <name>", "whose files they are (default: as their names say)")
    .option("--signers <file>", "who may sign: an allowed_signers or .pub file that you trust")
    .summary("check files against the index and their developer's records")
    .description("Is this what the index publishes, and is it what the developer released?")
    .addHelpText("after", EXAMPLES)
    .action(verify);
}
