import type { PublisherClaims } from "../domain/enrolments.ts";
import type { PolicyChange } from "../domain/policy.ts";
import {
  AmendedAnswer,
  ContactAddedAnswer,
  ContactAskedAnswer,
  DrillAnswer,
  EnrolledAnswer,
  EnrolmentAnswer,
  EnrolmentsAnswer,
  HistoryAnswer,
  InvitedAnswer,
  KeyAddedAnswer,
  PublisherAddedAnswer,
  SignerAddedAnswer,
} from "../records/answers/enrolments.ts";
import { type Calling, pathOf } from "./calling.ts";

/** A CI job as somebody typed it; the monitor completes and checks it. */
export type PublisherTyped = Partial<PublisherClaims> &
  Pick<PublisherClaims, "repository"> & { readonly name?: string };

/** Whom to tell. */
export interface ContactTyped {
  readonly kind: "webhook" | "email";
  readonly address: string;
}

/** What a new watcher asks for; all but the project may be left to the monitor. */
export interface EnrolmentTyped {
  readonly project: string;
  readonly watcher?: string;
  readonly policy?: PolicyChange;
  readonly contacts?: readonly ContactTyped[];
  /** Public keys as their files have them. */
  readonly signers?: readonly string[];
  readonly publishers?: readonly PublisherTyped[];
}

/** Which enrolment. */
export interface Watch {
  readonly project: string;
  readonly enrolment: string;
}

/** How an enrolment begins. */
export interface Enrolling {
  /** Needs the operator's key or an invitation; where registration is open, without a key it makes a self-claimed enrolment. */
  enrol(asked: EnrolmentTyped): Promise<EnrolledAnswer>;
  /** Needs the operator's key. */
  invite(project: string, days: number | null): Promise<InvitedAnswer>;
  /** Needs the operator's key. Idempotent. */
  vouch(watch: Watch): Promise<EnrolmentAnswer>;
  /** Whole as far as they are the caller's own; of others what anybody may know. */
  enrolments(project: string): Promise<EnrolmentsAnswer>;
}

/** What a watcher does with an enrolment, by a maintainer's key of it. What makes the monitor quieter acts later. */
export interface Watching {
  enrolment(watch: Watch): Promise<EnrolmentAnswer>;
  changePolicy(watch: Watch, change: PolicyChange): Promise<AmendedAnswer>;
  addContact(watch: Watch, contact: ContactTyped): Promise<ContactAddedAnswer>;
  endContact(watch: Watch, id: string): Promise<AmendedAnswer>;
  askContact(watch: Watch, id: string): Promise<ContactAskedAnswer>;
  addCredential(watch: Watch, kind: "maintainer" | "ci", name: string): Promise<KeyAddedAnswer>;
  rotate(watch: Watch, id: string): Promise<KeyAddedAnswer>;
  revoke(watch: Watch, id: string): Promise<AmendedAnswer>;
  addSigner(watch: Watch, key: string): Promise<SignerAddedAnswer>;
  endSigner(watch: Watch, fingerprint: string): Promise<AmendedAnswer>;
  addPublisher(watch: Watch, publisher: PublisherTyped): Promise<PublisherAddedAnswer>;
  endPublisher(watch: Watch, id: string): Promise<AmendedAnswer>;
  /** The watch itself. */
  end(watch: Watch): Promise<AmendedAnswer>;
  cancel(watch: Watch, change: string): Promise<AmendedAnswer>;
  /** Oldest first. */
  history(watch: Watch): Promise<HistoryAnswer>;
  drill(watch: Watch): Promise<DrillAnswer>;
}

export function enrollingOf({ post, pages }: Calling): Enrolling {
  return {
    enrol: (asked) => post("/v1/enrolments", asked, EnrolledAnswer),
    invite: (project, days) =>
      post("/v1/invitations", { project, ...(days !== null && { days }) }, InvitedAnswer),
    vouch: (watch) => post(of(watch, "vouch"), "", EnrolmentAnswer),
    enrolments: async (project) => {
      const all = await pages(pathOf(project, "enrolments"), {}, EnrolmentsAnswer);
      return { project: all[0].project, enrolments: all.flatMap((page) => page.enrolments), next: null };
    },
  };
}

const of = ({ project, enrolment }: Watch, ...parts: readonly string[]): string =>
  pathOf(project, "enrolments", enrolment, ...parts);

export function watchingOf({ get, post, patch, remove, pages }: Calling): Watching {
  return {
    enrolment: (watch) => get(of(watch), EnrolmentAnswer),
    changePolicy: (watch, change) => patch(of(watch, "policy"), change, AmendedAnswer),
    addContact: (watch, contact) => post(of(watch, "contacts"), contact, ContactAddedAnswer),
    endContact: (watch, id) => remove(of(watch, "contacts", id), AmendedAnswer),
    askContact: (watch, id) => post(of(watch, "contacts", id, "ask"), "", ContactAskedAnswer),
    addCredential: (watch, kind, name) => post(of(watch, "credentials"), { kind, name }, KeyAddedAnswer),
    rotate: (watch, id) => post(of(watch, "credentials", id, "rotate"), "", KeyAddedAnswer),
    revoke: (watch, id) => remove(of(watch, "credentials", id), AmendedAnswer),
    addSigner: (watch, key) => post(of(watch, "signers"), { key }, SignerAddedAnswer),
    endSigner: (watch, fingerprint) => remove(of(watch, "signers", fingerprint), AmendedAnswer),
    addPublisher: (watch, publisher) => post(of(watch, "publishers"), publisher, PublisherAddedAnswer),
    endPublisher: (watch, id) => remove(of(watch, "publishers", id), AmendedAnswer),
    end: (watch) => remove(of(watch), AmendedAnswer),
    cancel: (watch, change) => remove(of(watch, "changes", change), AmendedAnswer),
    history: async (watch) => {
      const all = await pages(of(watch, "history"), {}, HistoryAnswer);
      return { ...all[0], entries: all.flatMap((page) => page.entries), next: null };
    },
    drill: (watch) => post(of(watch, "drill"), "", DrillAnswer),
  };
}
