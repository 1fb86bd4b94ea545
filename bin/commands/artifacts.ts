import type { Command } from "commander";
import type { ArtifactAnswer, ArtifactsAnswer } from "../../functions/records/answers/artifacts.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { counted, coveredInWords, say, sayJson, widest, word } from "../printing.ts";

const EXAMPLES = `
Without a key it shows what an index page has shown; with a maintainer's key also your own expected files.

Examples:
  $ counterfoil artifacts requests
  $ counterfoil artifacts requests --json | jq '.artifacts[] | select(.verdict != "match")'`;

/** The verdict with what makes it as strong as it is: a match says who vouches for it. */
const byWhom = ({ authority, selfClaimed }: ArtifactAnswer): string => {
  const by = [authority ?? [], selfClaimed ? "self-claimed" : []].flat().join(", ");
  return by === "" ? "" : ` (${by})`;
};

const judged = (artifact: ArtifactAnswer): string => `${artifact.verdict ?? "-"}${byWhom(artifact)}`;

function sayArtifacts({ project, artifacts, coverage }: ArtifactsAnswer): void {
  const areSeveral = artifacts.some(({ enrolment }) => enrolment !== artifacts[0]?.enrolment);
  const verdicts = widest(artifacts.map(judged));
  const standings = widest(artifacts.map((artifact) => artifact.standing));
  for (const artifact of artifacts) {
    const verdict = judged(artifact);
    const padding = " ".repeat(Math.max(0, verdicts - verdict.length));
    const shown = artifact.verdict === null ? "-" : word(artifact.verdict);
    say(
      `${shown}${byWhom(artifact)}${padding}  ${artifact.standing.padEnd(standings)}  ${artifact.since}  ${inert(artifact.file)}${areSeveral ? `  enrolment ${artifact.enrolment}` : ""}`,
    );
  }
  const files = new Set(artifacts.map(({ file }) => file));
  say(`${counted(files.size, "artifact")} of ${project}; ${coveredInWords(coverage)}`);
}

/** `counterfoil artifacts PROJECT` */
export function register(program: Command): void {
  askingOptions(program.command("artifacts"))
    .argument("<project>", "the project's name, as you write it")
    .summary("list a project's artifacts and their verdicts")
    .description("List what the monitor makes of each artifact of a project, one line per enrolment.")
    .addHelpText("after", EXAMPLES)
    .action(async (project: string, options: AskingOptions) => {
      const answer = await clientFor(options).artifacts(projectTyped(project));
      if (options.json) sayJson(answer);
      else sayArtifacts(answer);
    });
}
