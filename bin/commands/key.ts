import type { Command } from "commander";
import type { EnrolmentAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { inert } from "../../functions/records/quoted.ts";
import { keyFor } from "../asking.ts";
import { sayChanges } from "../changes.ts";
import { publicKeyIn } from "../enrolling-options.ts";
import { demandRoomFor, saved } from "../key-files.ts";
import { Misused } from "../misused.ts";
import { say, sayColumns, sayJson } from "../printing.ts";
import { type Asked, type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
A maintainer's key does everything for its project; a ci key only records, with less authority; an SSH key signs records,
whoever carries them. A new one is told to your contacts and the operator now and works after the operator's delay (a
day, unless they chose another), so that nobody who has your key can make another one unseen. Revoking acts at once.

Examples:
  $ counterfoil key list requests
  $ counterfoil key add requests ci --name "release workflow" --save requests.ci.key
  $ counterfoil key add requests ~/.ssh/id_ed25519.pub
  $ counterfoil key rotate requests --save requests.maintainer.new.key
  $ counterfoil key revoke requests 0123456789abcdef
  $ counterfoil key revoke requests SHA256:dVWhOGOB3yHmpHO3xLXnGc0wkSzVPq1LVGP42G0eCnE`;

interface MakeOptions extends WatchOptions {
  readonly name?: string;
  readonly save?: string;
}

const endOf = (endsAt: string | null): string => (endsAt === null ? "" : `ends ${endsAt}`);

function sayKeys({ credentials, signers }: EnrolmentAnswer): void {
  const keys = credentials.map(({ id, kind, name, endsAt, lastUsedAt }) => [
    id,
    kind,
    name,
    lastUsedAt === null ? "never used" : `used ${lastUsedAt}`,
    endOf(endsAt),
  ]);
  const signing = signers.map(({ fingerprint, type, name, endsAt }) => [
    fingerprint,
    type,
    name,
    "signs",
    endOf(endsAt),
  ]);
  sayColumns([...keys, ...signing]);
}

function sayMade({ key, credential, changes }: KeyAddedAnswer, project: string, file: string | null): void {
  const called = credential.name === "" ? "" : ` "${inert(credential.name)}"`;
  say(`New ${credential.kind} key${called} (${credential.id}), kept by you and nobody else:`);
  say(file === null ? `  ${key}` : `  in ${inert(file)}`);
  sayChanges(project, changes);
}

async function made({ watch }: Asked, answer: Promise<KeyAddedAnswer>, options: MakeOptions): Promise<void> {
  const added = await answer;
  const { key, ...rest } = added;
  const { save = null } = options;
  const file = save !== null && saved([{ path: save, key }]) ? save : null;
  if (!options.json) return sayMade(added, watch.project, file);
  sayJson(file === null ? added : { ...rest, keyFile: file });
}

async function addSigner({ client, watch }: Asked, path: string, options: MakeOptions): Promise<void> {
  if (options.save !== undefined) throw new Misused("--save is for a new maintainer or ci key");
  const answer = await client.addSigner(watch, publicKeyIn(path));
  if (options.json) return sayJson(answer);
  say(`Signing key ${answer.signer.fingerprint} (${inert(answer.signer.type)}).`);
  sayChanges(watch.project, answer.changes);
}

/** `maintainer` and `ci` are made by the monitor; anything else is the file of a public key. */
async function add(typed: string, what: string, options: MakeOptions): Promise<void> {
  const kind = what === "maintainer" || what === "ci" ? what : null;
  if (options.save !== undefined) demandRoomFor([options.save]);
  const asked = await watchFor(typed, options);
  if (kind === null) return addSigner(asked, what, options);
  return made(asked, asked.client.addCredential(asked.watch, kind, options.name ?? ""), options);
}

/** `cf_<kind>_<id>_<secret>`: a key says which one it is. */
function ownKeyId(options: WatchOptions): string {
  const id = keyFor(options)?.split("_")[2];
  if (id === undefined) throw new Misused("say which key: no key was given to ask with");
  return id;
}

async function rotate(typed: string, id: string | undefined, options: MakeOptions): Promise<void> {
  if (options.save !== undefined) demandRoomFor([options.save]);
  const asked = await watchFor(typed, options);
  return made(asked, asked.client.rotate(asked.watch, id ?? ownKeyId(options)), options);
}

async function revoke(typed: string, id: string, options: WatchOptions): Promise<void> {
  const { client, watch } = await watchFor(typed, options);
  const isSigner = id.startsWith("SHA256:");
  const answer = await (isSigner ? client.endSigner(watch, id) : client.revoke(watch, id));
  if (options.json) sayJson(answer);
  else if (answer.changes.length > 0) sayChanges(watch.project, answer.changes);
  else say(`Nothing of ${inert(id)} is in force, or waits to be.`);
}

async function list(typed: string, options: WatchOptions): Promise<void> {
  const { client, watch } = await watchFor(typed, options);
  const enrolment = await client.enrolment(watch);
  const { credentials, signers } = enrolment;
  if (options.json) sayJson({ project: watch.project, enrolment: watch.enrolment, credentials, signers });
  else sayKeys(enrolment);
}

const SAVE = ["--save <path>", "keep the new key in this file instead of printing it"] as const;

/** `counterfoil key list|add|rotate|revoke` */
export function register(program: Command): void {
  const key = program
    .command("key")
    .summary("list, add, rotate and revoke keys and signers")
    .description("The keys of an enrolment, and the SSH keys that sign its records.")
    .addHelpText("after", EXAMPLES);
  const of = (name: string, what: string): Command =>
    watchOptions(key.command(name)).argument("<project>", "the project's name").description(what);
  of("list", "List the keys and signers of an enrolment; of keys never the secret.").action(list);
  of("add", "Add a key, or an SSH key that signs.")
    .argument("<what>", "maintainer, ci, or the file of an SSH public key")
    .option("--name <name>", "what you call it")
    .option(...SAVE)
    .action(add);
  of(
    "rotate",
    "Replace a key by a new one; the old one works on until the new one has worked for as long as it waited.",
  )
    .argument("[id]", "the key's id (default: the key you ask with)")
    .option(...SAVE)
    .action(rotate);
  of("revoke", "End a key or a signer at once, and take back what the key asked for and is not in force.")
    .argument("<id>", "the key's id, or an SSH key's fingerprint (SHA256:…)")
    .action(revoke);
}
