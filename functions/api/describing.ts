import type {
  Amendment,
  Contact,
  Enrolment,
  HeldCredential,
  Publisher,
  Signer,
} from "../domain/enrolments.ts";
import { isSelfClaimed } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { baselineSubject, type LedgerBody } from "../domain/ledger.ts";
import { inWords } from "../domain/notices.ts";
import type {
  AmendedAnswer,
  ChangeAnswer,
  ContactAnswer,
  CredentialAnswer,
  EnrolmentAnswer,
  KnownEnrolment,
  PublisherAnswer,
  SignerAnswer,
} from "../records/answers/enrolments.ts";
import { type Amending, amendEnrolment } from "./amending.ts";
import type { ApiPorts } from "./seams.ts";

/** What anybody may know of an enrolment. */
export const knownEnrolment = (enrolment: Enrolment): KnownEnrolment => {
  const { id, project, enrolledAt, vouchedAt, endedAt } = enrolment;
  return { id, project, enrolledAt, selfClaimed: isSelfClaimed(enrolment), vouchedAt, endedAt };
};

/** `confirmed` has the ids of the contacts that confirmed. */
export const contactAnswer = (
  { id, kind, address, addedAt, endsAt }: Contact,
  confirmed: ReadonlySet<string>,
): ContactAnswer => ({ id, kind, address, addedAt, endsAt, confirmed: confirmed.has(id) });

async function credentialAnswer(
  { id, kind, name, addedAt, endsAt }: HeldCredential,
  { enrolments }: Pick<ApiPorts, "enrolments">,
): Promise<CredentialAnswer> {
  const lastUsedAt = (await enrolments.credential(id))?.lastUsedAt ?? null;
  return { id, kind, name, addedAt, endsAt, lastUsedAt };
}

export const signerAnswer = (signer: Signer): SignerAnswer => {
  const { fingerprint, type, blob, name, addedAt, endsAt } = signer;
  return { fingerprint, type, blob, name, addedAt, endsAt };
};

export const publisherAnswer = (publisher: Publisher): PublisherAnswer => {
  const { id, provider, issuer, repository, ownerId, workflow, ref, environment, name, addedAt, endsAt } =
    publisher;
  const claims = { provider, issuer, repository, ownerId, workflow, ref, environment };
  return { id, ...claims, name, addedAt, endsAt };
};

/** `enrolment` as it was before the change: what ends is named by what it was. */
export const changeAnswer = (
  { id, ask, askedAt, inForceAt, by }: Amendment,
  enrolment: Enrolment,
): ChangeAnswer => ({ id, what: inWords(ask, enrolment), kind: ask.kind, askedAt, inForceAt, by });

/** A journal that does not answer, or a page that cannot be read, has a new watch wait. */
async function watchedSince(
  enrolment: string,
  { ledger }: Pick<ApiPorts, "ledger">,
): Promise<Instant | null> {
  const [entry] = await ledger.read(baselineSubject(enrolment));
  return entry?.body.kind === "baseline" ? entry.body.baseline.at : null;
}

/** An enrolment as its watcher and the operator see it; given as it is in force now. */
export async function enrolmentAnswer(enrolment: Enrolment, ports: ApiPorts): Promise<EnrolmentAnswer> {
  const { watcher, policy, contacts, credentials, signers, publishers, amendments } = enrolment;
  const confirmed = await ports.channels.confirmed(contacts);
  return {
    ...knownEnrolment(enrolment),
    watchedSince: await watchedSince(enrolment.id, ports),
    watcher,
    policy: { ...policy, builders: [...policy.builders] },
    contacts: contacts.map((contact) => contactAnswer(contact, confirmed)),
    credentials: await Promise.all(credentials.map((each) => credentialAnswer(each, ports))),
    signers: signers.map(signerAnswer),
    publishers: publishers.map(publisherAnswer),
    pending: amendments.map((each) => changeAnswer(each, enrolment)),
  };
}

/** Changes the enrolment as `decide` says, and answers what it is then and what was asked for. Throws as `amendEnrolment`. */
export async function amendAndAnswer(
  asked: Amending,
  ports: ApiPorts,
  decide: (enrolment: Enrolment, now: Instant) => readonly LedgerBody[],
): Promise<AmendedAnswer> {
  let changes: ChangeAnswer[] = [];
  const after = await amendEnrolment(asked, ports, (before, now) => {
    const bodies = decide(before, now);
    changes = bodies.flatMap((body) =>
      body.kind === "amended" ? [changeAnswer(body.amendment, before)] : [],
    );
    return bodies;
  });
  return { enrolment: await enrolmentAnswer(after, ports), changes };
}
