import type { Contact, Enrolment, Publisher, Signer } from "../domain/enrolments.ts";
import { after, hours, type Instant } from "../domain/instants.ts";
import { ChannelRefused } from "../ports.ts";
import { mintId, mintKey } from "../records/credentials.ts";
import { checkPublisher, type TypedPublisher } from "../records/oidc/typed.ts";
import { inert, quoted } from "../records/quoted.ts";
import { parsePublicKey } from "../records/ssh/keys.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { issuersOf } from "./tokens.ts";

/** What a contact is asked with is good for a week: a mailbox may be read once in it. */
const CONFIRM_MS = hours(7 * 24);
const MAIL = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+\.[^\s@<>"(),:;\\[\]]+$/;
const MOST_NAME_CHARS = 100;

const named = (text: string): string => inert(text).slice(0, MOST_NAME_CHARS);

/** A signing key by the line of its .pub file. Throws `SignatureRefused`. */
export function signerFor(line: string, addedAt: Instant): Signer {
  const { fingerprint, type, blob, comment } = parsePublicKey(line);
  return { fingerprint, type, blob, name: named(comment), addedAt, endsAt: null };
}

/** A publisher as it was typed. Throws `PublisherRefused`. */
export function publisherFor(
  { name = "", ...typed }: TypedPublisher & { readonly name?: string | undefined },
  addedAt: Instant,
  settings: Pick<ApiSettings, "issuers">,
): Publisher {
  const claims = checkPublisher(typed, issuersOf(settings));
  return { ...claims, id: mintId(), name: named(name), addedAt, endsAt: null };
}

type AskedContact = Pick<Contact, "kind" | "address">;

/** An address in the one form in which it is kept. Throws `Refused`. */
function addressOf({ kind, address }: AskedContact): string {
  const text = address.trim();
  if (kind === "email" && MAIL.test(text) && text.length <= 254) return text;
  const url = kind === "webhook" ? URL.parse(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "")
    return url.href;
  const wanted = kind === "email" ? "a mail address" : "an https address without a name or password in it";
  throw new Refused("bad-contact", `${quoted(address)} is not ${wanted}.`);
}

/** A contact as it is before anybody asked it. Throws `Refused`. */
export const contactFor = (asked: AskedContact, addedAt: Instant): Contact => ({
  id: mintId(),
  kind: asked.kind,
  address: addressOf(asked),
  confirmedAt: null,
  handle: null,
  addedAt,
  endsAt: null,
});

/**
 * Asks a contact over its channel whether it wants to be told. The token is a credential that is good for that alone, and
 * there before the question leaves. Answers the contact with what the host's topic calls it. Throws `Refused`.
 */
export async function asked(
  { id: enrolment, project }: Pick<Enrolment, "id" | "project">,
  contact: Contact,
  { ports, settings }: { readonly ports: ApiPorts; readonly settings: ApiSettings },
): Promise<Contact> {
  const now = ports.clock.now();
  const token = mintKey("contact", { enrolment, project }, now, after(now, CONFIRM_MS));
  await ports.enrolments.addCredential({ ...token.credential, contact: contact.id });
  const url = `${settings.url}/v1/confirmations/${token.key}`;
  try {
    const handle = await ports.channels.ask({ project, enrolment, contact, token: token.key, url });
    return { ...contact, handle };
  } catch (error) {
    if (!(error instanceof ChannelRefused)) throw error;
    throw new Refused("unreachable-contact", `${quoted(contact.address)}: ${error.message}`);
  }
}
