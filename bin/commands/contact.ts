import type { Command } from "commander";
import type { ContactAnswer } from "../../functions/records/answers/enrolments.ts";
import { inert } from "../../functions/records/quoted.ts";
import { sayChanges } from "../changes.ts";
import { contactTyped } from "../enrolling-options.ts";
import { Misused } from "../misused.ts";
import { say, sayColumns, sayJson } from "../printing.ts";
import { type Asked, type WatchOptions, watchFor, watchOptions } from "../watch.ts";

const EXAMPLES = `
A contact is told nothing until it confirms over its own channel. A new one is told of alerts as soon as it did; one
that is removed is told of that, and of everything else until the removal is in force.

Examples:
  $ counterfoil contact add requests security@example.org
  $ counterfoil contact add requests https://hooks.example.org/counterfoil
  $ counterfoil contact ask requests security@example.org
  $ counterfoil contact remove requests security@example.org`;

/** A contact by its id or its address. Throws `Misused`. */
async function contactOf({ client, watch }: Asked, named: string): Promise<ContactAnswer> {
  const { contacts } = await client.enrolment(watch);
  const address = named.replace(/^mailto:/i, "");
  const found = contacts.filter((each) => each.id === named || each.address === address);
  const contact = found.find(({ endsAt }) => endsAt === null) ?? found.at(-1);
  if (contact !== undefined) return contact;
  const known = contacts.map(({ id, address }) => `${id} ${inert(address)}`).join(", ") || "none";
  throw new Misused(`${watch.project} has no contact ${inert(named)}; it has: ${known}`);
}

const askedWords = ({ address, confirmed }: ContactAnswer): string =>
  confirmed
    ? `Contact ${inert(address)} has confirmed already.`
    : `Contact ${inert(address)} was asked to confirm, and is told nothing before.`;

async function add(typed: string, address: string, options: WatchOptions): Promise<void> {
  const contact = contactTyped(address);
  const { client, watch } = await watchFor(typed, options);
  const answer = await client.addContact(watch, contact);
  if (options.json) return sayJson(answer);
  say(askedWords(answer.contact));
  sayChanges(watch.project, answer.changes);
}

async function remove(typed: string, named: string, options: WatchOptions): Promise<void> {
  const asked = await watchFor(typed, options);
  const answer = await asked.client.endContact(asked.watch, (await contactOf(asked, named)).id);
  if (options.json) sayJson(answer);
  else sayChanges(asked.watch.project, answer.changes);
}

async function ask(typed: string, named: string, options: WatchOptions): Promise<void> {
  const asked = await watchFor(typed, options);
  const answer = await asked.client.askContact(asked.watch, (await contactOf(asked, named)).id);
  if (options.json) sayJson(answer);
  else say(askedWords(answer.contact));
}

async function list(typed: string, options: WatchOptions): Promise<void> {
  const { client, watch } = await watchFor(typed, options);
  const { contacts } = await client.enrolment(watch);
  if (options.json) return sayJson({ project: watch.project, enrolment: watch.enrolment, contacts });
  sayColumns(
    contacts.map(({ id, address, confirmed, endsAt }) => [
      id,
      address,
      confirmed ? "confirmed" : "NOT CONFIRMED: told nothing",
      endsAt === null ? "" : `ends ${endsAt}`,
    ]),
  );
  if (contacts.length === 0) say("Nobody is told of this enrolment's alerts but the operator's subscribers.");
}

/** `counterfoil contact list|add|remove|ask` */
export function register(program: Command): void {
  const contact = program
    .command("contact")
    .summary("say who is told of your project's alerts")
    .description("Who is told of an enrolment's alerts, by mail or webhook.")
    .addHelpText("after", EXAMPLES);
  const of = (name: string, what: string): Command =>
    watchOptions(contact.command(name)).argument("<project>", "the project's name").description(what);
  of("list", "List the contacts, and whether they confirmed.").action(list);
  of("add", "Add a contact, and ask it to confirm.")
    .argument("<address>", "an https URL or a mail address")
    .action(add);
  of("ask", "Ask a contact again to confirm.").argument("<contact>", "its id or address").action(ask);
  of("remove", "Tell a contact no more; acts after a delay.")
    .argument("<contact>", "its id or address")
    .action(remove);
}
