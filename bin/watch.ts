import type { Command } from "commander";
import type { Client } from "../functions/client/client.ts";
import type { Watch } from "../functions/client/watching.ts";
import type { EnrolmentAnswer, EnrolmentsAnswer } from "../functions/records/answers/enrolments.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "./asking.ts";
import { Misused } from "./misused.ts";

/** What a command about one enrolment takes. */
export interface WatchOptions extends AskingOptions {
  readonly enrolment?: string;
}

/** Adds what asking takes, and `--enrolment`. */
export const watchOptions = (command: Command): Command =>
  askingOptions(command).option("--enrolment <id>", "which enrolment (default: the one your key belongs to)");

/** Told apart by what only its own watcher and the operator are shown. */
const own = ({ enrolments }: EnrolmentsAnswer): readonly EnrolmentAnswer[] =>
  enrolments.filter((each): each is EnrolmentAnswer => "policy" in each);

/** The enrolment that the caller's key belongs to; for the operator, the project's only one. `how` names one. Throws `Misused`. */
export async function ownEnrolment(
  client: Client,
  project: string,
  how = "with --enrolment ID",
): Promise<EnrolmentAnswer> {
  const mine = own(await client.enrolments(project));
  const lasting = mine.filter(({ endedAt }) => endedAt === null);
  const [one, ...others] = lasting.length > 0 ? lasting : mine;
  if (one === undefined)
    throw new Misused(
      `no enrolment of ${project} is yours to see: ask with a maintainer's key of it (--key-file or COUNTERFOIL_KEY)`,
    );
  if (others.length > 0)
    throw new Misused(
      `${project} has several enrolments: say which ${how} (${[one, ...others].map(({ id }) => id).join(", ")})`,
    );
  return one;
}

/** Who asks, and about which enrolment. */
export interface Asked {
  readonly client: Client;
  readonly watch: Watch;
}

/** What a command about one enrolment needs: the id is looked up where none was typed. Throws `Misused`. */
export async function watchFor(typed: string, options: WatchOptions): Promise<Asked> {
  const client = clientFor(options);
  const project = projectTyped(typed);
  const enrolment = options.enrolment ?? (await ownEnrolment(client, project)).id;
  return { client, watch: { project, enrolment } };
}
