import type { Command } from "commander";
import type { PublisherAnswer } from "../../functions/records/answers/enrolments.ts";
import { sayChanges } from "../changes.ts";
import { type PublisherOptions, publisherOptions, publisherTyped } from "../enrolling-options.ts";
import { Misused } from "../misused.ts";
import { say, sayColumns, sayJson } from "../printing.ts";
import { type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
A publisher records without a secret: its CI provider vouches for the job with a token. Its records have authority ci,
because they come from where the release comes from. Adding one waits like a new key; removing acts at once.

Examples:
  $ counterfoil publisher add requests --github psf/requests --workflow release.yml --environment pypi
  $ counterfoil publisher add requests --gitlab group/requests --ref 'refs/tags/v*'
  $ counterfoil publisher remove requests 0123456789abcdef`;

const rowOf = (publisher: PublisherAnswer): readonly string[] => {
  const { id, provider, repository, workflow, ref, environment, ownerId, endsAt } = publisher;
  const narrowed = [
    workflow === null ? [] : `workflow ${workflow}`,
    ref === null ? [] : `ref ${ref}`,
    environment === null ? [] : `environment ${environment}`,
    ownerId === null ? [] : `owner ${ownerId}`,
  ].flat();
  return [id, provider, repository, narrowed.join(", "), endsAt === null ? "" : `ends ${endsAt}`];
};

async function add(typed: string, options: WatchOptions & PublisherOptions): Promise<void> {
  const publisher = publisherTyped(options);
  if (publisher === null) throw new Misused("say whose workflow it is, with --github or --gitlab");
  const { client, watch } = await watchFor(typed, options);
  const answer = await client.addPublisher(watch, publisher);
  if (options.json) return sayJson(answer);
  sayColumns([rowOf(answer.publisher)]);
  sayChanges(watch.project, answer.changes);
}

async function remove(typed: string, id: string, options: WatchOptions): Promise<void> {
  const { client, watch } = await watchFor(typed, options);
  const answer = await client.endPublisher(watch, id);
  if (options.json) sayJson(answer);
  else sayChanges(watch.project, answer.changes);
}

async function list(typed: string, options: WatchOptions): Promise<void> {
  const { client, watch } = await watchFor(typed, options);
  const { publishers } = await client.enrolment(watch);
  if (options.json) return sayJson({ project: watch.project, enrolment: watch.enrolment, publishers });
  sayColumns(publishers.map(rowOf));
  if (publishers.length === 0) say("No CI job records without a key.");
}

/** `counterfoil publisher list|add|remove` */
export function register(program: Command): void {
  const publisher = program
    .command("publisher")
    .summary("let a CI job record without a secret")
    .description("The CI jobs that may record for an enrolment, by their provider's token.")
    .addHelpText("after", EXAMPLES);
  const of = (name: string, what: string): Command =>
    watchOptions(publisher.command(name)).argument("<project>", "the project's name").description(what);
  of("list", "List the CI jobs that may record.").action(list);
  publisherOptions(of("add", "Let a CI job record; acts after a delay.")).action(add);
  of("remove", "Let a CI job record no more; acts at once.")
    .argument("<id>", "the publisher's id, as listed")
    .action(remove);
}
