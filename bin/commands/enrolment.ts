import type { Command } from "commander";
import type { EnrolmentAnswer } from "../../functions/records/answers/enrolments.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type AskingOptions, askingOptions, clientFor, projectTyped } from "../asking.ts";
import { policyInWords } from "../policy-options.ts";
import { coloured, say, sayColumns, sayJson } from "../printing.ts";
import { ownEnrolment } from "../watch.ts";

const EXAMPLES = `
Needs a maintainer's key of the enrolment, or the operator's. What has an end is shown until then and after.

Examples:
  $ counterfoil enrolment requests --key-file ~/.counterfoil/requests.maintainer.key
  $ counterfoil enrolment requests 0123456789abcdef --json --key-file counterfoil-data/operator.key`;

const WAITS =
  "NOT WATCHED YET: the project's first page waits to be read, or for the journal to answer (counterfoil health).";

/** From when to when, as far as it is worth saying. */
const term = ({ addedAt, endsAt }: { addedAt: string; endsAt: string | null }): string =>
  endsAt === null ? `since ${addedAt}` : `${addedAt} to ${endsAt}`;

function section(title: string, rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  say();
  say(coloured("bold", title));
  sayColumns(rows, "  ");
}

const standingOf = ({ selfClaimed, vouchedAt, endedAt }: EnrolmentAnswer): string => {
  const claimed = selfClaimed
    ? "self-claimed: the operator has not vouched for it"
    : vouchedAt === null
      ? "invited by the operator"
      : `vouched for since ${vouchedAt}`;
  return endedAt === null ? claimed : `${claimed}; ENDED ${endedAt}`;
};

/** Everything about one enrolment, for whoever may see it. */
export function sayEnrolment(enrolment: EnrolmentAnswer): void {
  const { id, project, watcher, policy, contacts, credentials, signers, publishers, pending } = enrolment;
  say(`Enrolment ${coloured("bold", id)} of ${project}${watcher === "" ? "" : ` by ${inert(watcher)}`}`);
  say(`Since ${enrolment.enrolledAt}, ${standingOf(enrolment)}`);
  if (enrolment.watchedSince === null && enrolment.endedAt === null) say(coloured("yellow", WAITS));
  const { unverifiableMinutes, unseenMinutes, missingMinutes } = policy.deadlines;
  say(`Policy: ${policyInWords(policy)}`);
  say(
    `Deadlines in minutes: unverifiable ${unverifiableMinutes}, unseen ${unseenMinutes}, missing ${missingMinutes}`,
  );
  section(
    "Contacts",
    contacts.map((each) => [
      each.id,
      each.address,
      each.confirmed ? "confirmed" : "NOT CONFIRMED: told nothing",
      term(each),
    ]),
  );
  section(
    "Keys",
    credentials.map((each) => [
      each.id,
      each.kind,
      each.name,
      term(each),
      each.lastUsedAt === null ? "never used" : `used ${each.lastUsedAt}`,
    ]),
  );
  section(
    "Signers",
    signers.map((each) => [each.fingerprint, each.type, each.name, term(each)]),
  );
  section(
    "Publishers",
    publishers.map((each) => [
      each.id,
      each.provider,
      each.repository,
      [each.workflow, each.ref, each.environment, each.ownerId && `owner ${each.ownerId}`]
        .filter((part) => part !== null)
        .join(", "),
      term(each),
    ]),
  );
  section(
    "Waiting to come into force (counterfoil cancel takes one back)",
    pending.map((each) => [each.id, each.inForceAt, each.what]),
  );
}

/** `counterfoil enrolment PROJECT [ID]` */
export function register(program: Command): void {
  askingOptions(program.command("enrolment"))
    .argument("<project>", "the project's name")
    .argument("[id]", "the enrolment's id (default: the one your key belongs to)")
    .summary("show an enrolment in full")
    .description(
      "Show an enrolment: policy, contacts, keys, signers, publishers, and what waits to come into force.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (typed: string, id: string | undefined, options: AskingOptions) => {
      const project = projectTyped(typed);
      const client = clientFor(options);
      const enrolment =
        id === undefined
          ? await ownEnrolment(client, project, `by counterfoil enrolment ${project} ID`)
          : await client.enrolment({ project, enrolment: id });
      if (options.json) sayJson(enrolment);
      else sayEnrolment(enrolment);
    });
}
