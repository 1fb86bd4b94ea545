import type { ConfirmationAsked } from "../ports.ts";

/** What a contact is asked before it is told anything, for programs. Never changes shape within a schema. */
export interface Confirmation {
  readonly schema: "counterfoil.confirmation.v1";
  readonly project: string;
  readonly enrolment: string;
  /** The contact's id. */
  readonly contact: string;
  readonly token: string;
  readonly url: string;
  readonly text: string;
}

export const confirmationOf = (asked: ConfirmationAsked): Confirmation => ({
  schema: "counterfoil.confirmation.v1",
  project: asked.project,
  enrolment: asked.enrolment,
  contact: asked.contact.id,
  token: asked.token,
  url: asked.url,
  text: textOf(asked),
});

export const confirmationSubject = ({ project }: ConfirmationAsked): string =>
  `[counterfoil] Do you want alerts about ${project} here?`;

/** Whoever reads it may never have heard of Counterfoil, or of the project. */
const textOf = ({ project, enrolment, contact, url }: ConfirmationAsked): string =>
  `Somebody asked for alerts about the Python project ${project} to be sent here.

Counterfoil is a monitor. It watches which files a package index publishes for a project, and
tells the project's watchers when something is there that they did not release. A watcher of
${project} named this address as a contact.

If you want these alerts, open this page and confirm:

  ${url}

It means that alerts about ${project}, from this watcher's enrolment alone, are sent here until
the watcher removes the contact. Nothing else is sent here, and the watcher learns no more than
that somebody confirmed.

If you did not ask for this: do nothing. Nothing is sent here unless somebody confirms, and the
page stops working by itself.

enrolment ${enrolment}  contact ${contact.id}`;
