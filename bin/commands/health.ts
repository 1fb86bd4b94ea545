import type { Command } from "commander";
import type { HealthAnswer } from "../../functions/records/answers/health.ts";
import { type AskingOptions, askingOptions, clientFor } from "../asking.ts";
import { coloured, counted, coveredInWords, say, sayJson } from "../printing.ts";

const EXAMPLES = `
Exit code 0 when the monitor sees, if late, 3 when it is blind or cannot be asked.

Examples:
  $ counterfoil health
  $ counterfoil health --json --url https://monitor.example.org`;

function sayCursor({ cursor, unknownActions }: HealthAnswer): void {
  if (cursor === null) return;
  const { serial, epoch, polledAt, lagSeconds } = cursor;
  say(`Journal  serial ${serial} (epoch ${epoch}), read in full at ${polledAt}, lag ${lagSeconds} s`);
  if (unknownActions > 0) say(`         ${counted(unknownActions, "action")} of no known form`);
}

const CARRIES = { journal: "the journal", list: "the list of all projects", rss: "RSS" } as const;

/** What carries the monitor, what that cannot see, and what of the sources does not answer. */
function saySources({ source, sources }: HealthAnswer): void {
  const { chosen, by, unseen } = source;
  const instead = by === chosen ? "" : `, in place of ${CARRIES[chosen]}`;
  say(`Source   ${by === null ? "none that answers" : CARRIES[by]}${instead}`);
  for (const each of unseen) say(`         not seen: ${each}`);
  for (const { source: name, readAt, failing } of sources) {
    if (name === "journal") continue;
    const fails = failing === null ? "" : `, failing since ${failing.since}: ${failing.reason}`;
    say(`         ${CARRIES[name]}: ${readAt === null ? "not read yet" : `read at ${readAt}`}${fails}`);
  }
}

function sightOf({ blind, late }: HealthAnswer): string {
  if (blind === null && late !== null)
    return coloured("yellow", `LATE since ${late.since ?? "the start"}: ${late.reason}.`);
  if (blind === null) return coloured("green", "The monitor sees uploads.");
  const since = blind.since === null ? "" : ` since ${blind.since}`;
  return coloured("red", `BLIND${since}: ${blind.reason}. Uploads may be missed.`);
}

function sayHealth(health: HealthAnswer): void {
  say(sightOf(health));
  sayCursor(health);
  saySources(health);
  for (const { queue, waiting, inFlight, dead } of health.queues)
    say(`Queue    ${queue}: ${waiting} waiting, ${inFlight} in flight, ${dead} given up`);
  const watched = `${counted(health.projects, "project")}, ${counted(health.artifacts, "artifact")}`;
  say(`Watched  ${watched}, ${counted(health.openFindings, "open finding")} about files`);
  const { coverage, sweepBehind } = health;
  say(
    `Sweep    ${coverage === null ? "nothing counted yet" : `${coveredInWords(coverage)}, as counted at ${coverage.at}`}`,
  );
  if (sweepBehind !== null)
    say(
      coloured(
        "yellow",
        `         late since ${sweepBehind.since}: more is due than its rate and budget allow`,
      ),
    );
  say(`Version  ${health.version}`);
}

/** `counterfoil health` */
export function register(program: Command): void {
  askingOptions(program.command("health"))
    .summary("say whether the monitor can see")
    .description("Say whether the monitor can currently promise to see uploads, and how far it is.")
    .addHelpText("after", EXAMPLES)
    .action(async (options: AskingOptions) => {
      const health = await clientFor(options).health();
      if (options.json) sayJson(health);
      else sayHealth(health);
      process.exitCode = health.ok ? 0 : 3;
    });
}
