import { createTransport } from "nodemailer";
import type { Clock } from "../ports.ts";
import type { Smtp } from "./smtp.ts";
import { Unreachable } from "./ways.ts";

export interface MailConfig {
  readonly smtp: Smtp;
  /** A plain address. Bounces go there too. */
  readonly from: string;
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: string;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  /** What mail programs group it by. */
  readonly thread?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Hands one mail to the server; resolves when the server took it. Throws `Unreachable` when it never will. */
export type Send = (to: string, mail: Mail) => Promise<void>;

const CONNECTING_MS = 10_000;
const SILENCE_MS = 15_000;
const MOST_SUBJECT_CHARS = 200;

/** Opens nothing yet; a connection for each mail. */
export function sender({ smtp, from, ca }: MailConfig, clock: Clock): Send {
  const transport = createTransport({
    ...smtp,
    connectionTimeout: CONNECTING_MS,
    greetingTimeout: CONNECTING_MS,
    dnsTimeout: CONNECTING_MS,
    socketTimeout: SILENCE_MS,
    // What is sent is text; nothing in it is ever a path or a URL to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca !== undefined && { tls: { ca } }),
  });
  return async (to, mail) => {
    const written = messageOf(to, mail, from, new Date(clock.now()));
    await transport.sendMail(written).catch((error: unknown) => {
      throw finalRefusal(error, to) ?? error;
    });
  };
}

/** Addresses are objects, because a string is parsed, and may then be several. */
const messageOf = (to: string, mail: Mail, from: string, date: Date) => ({
  from: { name: "Counterfoil", address: from },
  to: { name: "", address: to },
  envelope: { from, to: [to] },
  subject: oneLine(mail.subject),
  text: mail.text,
  messageId: mail.messageId,
  ...(mail.thread !== undefined && { inReplyTo: mail.thread, references: mail.thread }),
  date,
  // Source: RFC 3834, 5; the other one is how Exchange is told the same.
  headers: { ...mail.headers, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  xMailer: false as const,
});

/**
 * Of what strangers named something, nothing ends a header's line, and nothing is an encoded word (RFC 2047), which a mail
 * program would decode into one that seems to.
 */
const oneLine = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, "?")
    .replaceAll("=?", "= ?")
    .slice(0, MOST_SUBJECT_CHARS);

/**
 * The server refuses this very recipient, for good. Whatever else it refuses (the login, the sender, the mail as such) may be
 * our operator's to mend, and is tried again.
 */
function finalRefusal(error: unknown, to: string): Unreachable | null {
  if (!(error instanceof Error)) return null;
  const { command, responseCode, response } = error as Refusal;
  const isForGood = command === "RCPT TO" && responseCode !== undefined && responseCode >= 500;
  return isForGood ? new Unreachable(`the mail server refuses ${to}: ${response ?? responseCode}`) : null;
}

/** What nodemailer adds to its errors. */
interface Refusal extends Error {
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}
