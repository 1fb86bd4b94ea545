import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { interrupted } from "../interrupted.ts";
import { tellStory } from "../sandbox/story.ts";
import { narrator, quiet } from "../sandbox/telling.ts";

interface StoryOptions {
  readonly json?: boolean;
  readonly keep?: boolean;
}

export function register(program: Command): void {
  program
    .command("story")
    .description("see it catch six things that happen to releases, on a small PyPI of its own")
    .option("--json", "print the outcome as JSON and nothing else")
    .option("--keep", "stay up afterwards, with the addresses printed, until interrupted")
    .action(story);
}

async function story(options: StoryOptions): Promise<void> {
  const coloured = process.stdout.isTTY === true;
  const write = (text: string): void => void process.stdout.write(text);
  const teller = options.json ? quiet : narrator(write, coloured);
  const keep = async (addresses: readonly string[]): Promise<void> => {
    const stream = options.json ? process.stderr : process.stdout;
    stream.write(`\nstill up until interrupted:\n${addresses.map((each) => `  ${each}\n`).join("")}`);
    await interrupted();
  };
  const told = await tellStory({ program: PROGRAM, teller, ...(options.keep && { keep }) });
  if (options.json) write(`${JSON.stringify(outcomeOf(told))}\n`);
  process.exitCode = told.ok ? 0 : 1;
}

/** The launcher beside the checkout's sources, or beside an installed copy's `dist`. */
const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "../counterfoil.js" : "../../../bin/counterfoil.js",
    import.meta.url,
  ),
);

const outcomeOf = ({ ok, scenarios, surprises }: Awaited<ReturnType<typeof tellStory>>) => ({
  ok,
  scenarios: scenarios.map(({ name, artifact, expected, verdict, severity, topic }) => ({
    name,
    artifact,
    expected,
    verdict,
    severity,
    topic,
  })),
  ...(surprises.length > 0 && { surprises }),
});
