import type { Command } from "commander";
import { createClient } from "../../functions/client/client.ts";
import type { EnrolmentTyped } from "../../functions/client/watching.ts";
import { publisherInWords } from "../../functions/domain/policy.ts";
import type { EnrolledAnswer } from "../../functions/records/answers/enrolments.ts";
import { inert } from "../../functions/records/quoted.ts";
import {
  type AskingOptions,
  askingOptions,
  connectionFor,
  keyAt,
  keyFor,
  keyOf,
  projectTyped,
} from "../asking.ts";
import {
  contactTyped,
  type PublisherOptions,
  publicKeyIn,
  publisherOptions,
  publisherTyped,
  repeatable,
} from "../enrolling-options.ts";
import { demandRoomFor, keyFilesIn, saved } from "../key-files.ts";
import { type PolicyOptions, policyInWords, policyOptions, policyTyped } from "../policy-options.ts";
import { coloured, say, sayJson } from "../printing.ts";

const EXAMPLES = `
Needs the operator's key (which the monitor wrote to operator.key in its data folder), or an invitation by the operator.
Where registration is open it works without either: then the enrolment is self-claimed until the operator vouches for it.

Examples:
  $ counterfoil enrol requests --key-file counterfoil-data/operator.key
  $ counterfoil enrol requests --invitation invitation.key --contact me@example.org --save ~/.counterfoil
  $ counterfoil enrol requests --signer ~/.ssh/id_ed25519.pub --require-signature
  $ counterfoil enrol requests --github psf/requests --workflow release.yml --environment pypi
  $ counterfoil enrol requests --expect-publisher github:psf/requests/release.yml --provenance-counts`;

interface EnrolOptions extends AskingOptions, PolicyOptions, PublisherOptions {
  readonly invitation?: string;
  readonly watcher?: string;
  readonly contact: readonly string[];
  readonly signer: readonly string[];
  readonly save?: string;
}

function asked(project: string, options: EnrolOptions): EnrolmentTyped {
  const publisher = publisherTyped(options);
  return {
    project: projectTyped(project),
    ...(options.watcher !== undefined && { watcher: options.watcher }),
    policy: policyTyped(options),
    contacts: options.contact.map(contactTyped),
    signers: options.signer.map(publicKeyIn),
    publishers: publisher === null ? [] : [publisher],
  };
}

/** An invitation is a key like others: it opens one door once. */
function keyToEnrol(options: EnrolOptions): string | null {
  const { invitation } = options;
  if (invitation !== undefined) return keyAt(invitation, "invitation");
  return keyFor(options) ?? keyOf("COUNTERFOIL_INVITATION");
}

/** Where the keys are kept, or `null` when they must be shown. */
type KeyFiles = ReturnType<typeof keyFilesIn> | null;

function keep({ project, keys }: EnrolledAnswer, folder: string | undefined): KeyFiles {
  if (folder === undefined) return null;
  const files = keyFilesIn(folder, project);
  const kept = saved([
    { path: files.maintainer, key: keys.maintainer },
    { path: files.ci, key: keys.ci },
  ]);
  return kept ? files : null;
}

function sayKeys({ keys }: EnrolledAnswer, files: KeyFiles): void {
  say(
    files === null
      ? "Two keys, shown this once and kept nowhere. Store them now:"
      : "Two keys, kept in these files and nowhere else:",
  );
  say(`  maintainer  ${files === null ? keys.maintainer : inert(files.maintainer)}`);
  say(`  ci          ${files === null ? keys.ci : inert(files.ci)}`);
}

const REACH: Readonly<Record<string, string>> = {
  webhook: "what arrives there has a link",
  email: "the mail has a link",
};

function sayContacts({ contacts }: EnrolledAnswer): void {
  for (const { kind, address, confirmed } of contacts)
    if (!confirmed)
      say(`Contact ${inert(address)} is told nothing until it confirms: ${REACH[kind] ?? "it was asked"}.`);
}

function sayWhatToDo({ provenance }: EnrolledAnswer["policy"]): void {
  if (provenance?.counts !== true) {
    say("Record a release before you upload it, with the maintainer's key where CI cannot read it:");
    return;
  }
  say(`Nothing to submit: a file that ${publisherInWords(provenance.publisher)} attests is a match, by ci.`);
  say("To also have a word that does not come by the same road as the file, record before you upload:");
}

function sayEnrolled(enrolled: EnrolledAnswer, url: string, files: KeyFiles): void {
  const { id, project, policy, selfClaimed } = enrolled;
  say(`Project ${coloured("bold", project)} is watched from now on (enrolment ${id}).`);
  say(`Policy: ${policyInWords(policy)}.`);
  if (selfClaimed)
    say(
      `Self-claimed: lists, receipts and alerts say so until the operator runs counterfoil vouch ${project} ${id}.`,
    );
  sayContacts(enrolled);
  say();
  sayKeys(enrolled, files);
  say();
  const key = files === null ? "KEY-FILE" : inert(files.maintainer);
  sayWhatToDo(policy);
  say(`  counterfoil record dist/* --key-file ${key}`);
  say("or with nothing installed:");
  say(`  sha256sum dist/* | curl --data-binary @- -H "Authorization: Bearer $KEY" \\`);
  say(`    ${url.replace(/\/+$/, "")}/v1/projects/${project}/records`);
}

async function enrol(typed: string, options: EnrolOptions): Promise<void> {
  const { save } = options;
  const enrolment = asked(typed, options);
  if (save !== undefined) demandRoomFor(Object.values(keyFilesIn(save, enrolment.project)));
  const client = createClient(connectionFor(options, keyToEnrol(options)));
  const enrolled = await client.enrol(enrolment);
  const files = keep(enrolled, save);
  if (!options.json) return sayEnrolled(enrolled, options.url, files);
  const { keys, ...rest } = enrolled;
  sayJson(files === null ? { ...rest, keys } : { ...rest, keyFiles: files });
}

/** `counterfoil enrol PROJECT` */
export function register(program: Command): void {
  const command = askingOptions(program.command("enrol"))
    .argument("<project>", "the project's name on the index")
    .option(
      "--invitation <path>",
      "file with an invitation (or the invitation itself in COUNTERFOIL_INVITATION)",
    )
    .option("--watcher <name>", "what you call yourself; shown to you and the operator only")
    .addOption(repeatable("--contact <address>", "an https URL or mail address to tell"))
    .addOption(repeatable("--signer <file.pub>", "an SSH public key that signs your records"))
    .option("--save <dir>", "keep the two keys in files there instead of printing them");
  policyOptions(publisherOptions(command))
    .summary("have a project watched")
    .description("Have a project watched, and get the keys to record its releases with.")
    .addHelpText("after", EXAMPLES)
    .action(enrol);
}
