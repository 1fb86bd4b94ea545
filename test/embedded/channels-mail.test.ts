import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SMTPServerOptions } from "smtp-server";
import { throwawayCertificate } from "../../bin/sandbox/index/certificates.ts";
import { render } from "../../functions/alert/render.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { isMailAddress } from "../../functions/embedded/mail.ts";
import type { MailConfig } from "../../functions/embedded/sending.ts";
import { parseSmtp } from "../../functions/embedded/smtp.ts";
import { type Alert, ChannelRefused } from "../../functions/ports.ts";
import { FINDINGS, hostile } from "../alert/told.ts";
import { contact } from "./contacts.ts";
import { type Mailbox, startMailbox } from "./receivers.ts";
import { asking, PRIVATE, Told } from "./rig.ts";

const HOUR = 3_600_000;
const ADDRESS = "security@project.example";
const to = contact({ kind: "email", address: ADDRESS });

function alertOf(name: string): Alert {
  const finding = FINDINGS.get(name);
  assert.ok(finding, name);
  return render(finding);
}
const alert = alertOf("unrecorded");

interface Setting {
  readonly server?: SMTPServerOptions;
  /** From the server's port. */
  readonly mail?: (port: number) => Partial<MailConfig>;
}

/** Mail by a real server on loopback. */
async function withMailbox(
  claim: (told: Told, box: Mailbox) => Promise<void>,
  { server = {}, mail = () => ({}) }: Setting = {},
): Promise<void> {
  const box = await startMailbox(server);
  const smtp = parseSmtp(`smtp://127.0.0.1:${box.port}`);
  const told = new Told({
    ...PRIVATE,
    mail: { smtp, from: "counterfoil@monitor.example", ...mail(box.port) },
  });
  try {
    await claim(told, box);
  } finally {
    told.close();
    await box.close();
  }
}

/** The names of the header lines of a mail as it came; folded lines belong to the one before. */
const headerNames = (raw: string): string[] =>
  (raw.split("\r\n\r\n")[0] ?? "")
    .split("\r\n")
    .filter((line) => /^\S/.test(line))
    .map((line) => line.slice(0, line.indexOf(":")).toLowerCase())
    .sort();

const ALERT_HEADERS = [
  "auto-submitted",
  "content-transfer-encoding",
  "content-type",
  "counterfoil-alert",
  "counterfoil-severity",
  "counterfoil-topic",
  "date",
  "from",
  "in-reply-to",
  "message-id",
  "mime-version",
  "references",
  "subject",
  "to",
  "x-auto-response-suppress",
];

describe("a mail address that is asked whether it wants alerts", () => {
  it("gets a letter that a stranger understands, and nothing else before it confirmed", () =>
    withMailbox(async (told, box) => {
      const asked = asking({ contact: { ...to, confirmedAt: null } });
      assert.equal(await told.channels.ask(asked), null);
      await told.topics.publish(alert, [asked.contact]);
      await told.drain();
      const [mail, ...more] = box.mails;
      assert.deepEqual(more, []);
      assert.equal(mail?.subject, "[counterfoil] Do you want alerts about lantern here?");
      const text = mail?.text ?? "";
      for (const said of [
        asked.url,
        "A watcher of\nlantern named this address",
        "enrolment e1",
        "If you did not ask for this: do nothing.",
      ])
        assert.ok(text.includes(said), `${said}\nis not in\n${text}`);
      assert.equal(mail?.html, false);
      assert.equal(mail?.headers.get("auto-submitted"), "auto-generated");
      assert.deepEqual(box.envelopes, [
        { from: "counterfoil@monitor.example", to: [ADDRESS], secure: false, user: null },
      ]);
    }));

  it("gets another letter for another token, and the same one for the same", () =>
    withMailbox(async (told, box) => {
      for (const token of ["one", "two", "two"]) await told.channels.ask(asking({ contact: to, token }));
      await told.drain();
      const ids = box.mails.map(({ messageId }) => messageId);
      assert.equal(ids.length, 3);
      assert.equal(new Set(ids).size, 2);
      assert.ok(ids.every((id) => !id?.includes("one") && !id?.includes("two")));
    }));
});

describe("an alert by mail", () => {
  it("says in text what it says everywhere, and how to be told no more", () =>
    withMailbox(async (told, box) => {
      await told.topics.publish(alert, [to]);
      await told.drain();
      const [mail] = box.mails;
      assert.equal(mail?.subject, alert.subject);
      assert.ok(mail?.text?.startsWith(alert.text), mail?.text);
      assert.match(mail?.text ?? "", /contact c1 of lantern.+\nWhoever holds a maintainer key/);
      assert.deepEqual(mail?.from?.value, [{ name: "Counterfoil", address: "counterfoil@monitor.example" }]);
      assert.equal(mail?.date?.toISOString(), told.clock.now().replace(/\.\d+/, ".000"));
      assert.equal(mail?.headers.get("auto-submitted"), "auto-generated");
      assert.equal(mail?.headers.get("counterfoil-severity"), alert.severity);
      assert.deepEqual(headerNames(box.raw[0] ?? ""), ALERT_HEADERS);
    }));

  it("has a Message-ID by which a repetition is recognised, and its version's thread", () =>
    withMailbox(async (told, box) => {
      const other: Finding = { ...alert.finding, id: "another" };
      await told.topics.publish(alert, [to]);
      await told.topics.publish(alert, [{ ...to, id: "c2" }]);
      await told.topics.publish(render(other), [to]);
      await told.drain();
      const thread = `<thread-${alert.finding.thread}@monitor.example>`;
      const own = `<${alert.id}@monitor.example>`;
      assert.deepEqual(box.mails.map(({ messageId }) => messageId === own).toSorted(), [false, true, true]);
      for (const mail of box.mails) {
        assert.equal(mail.inReplyTo, thread);
        assert.equal(mail.references, thread);
      }
    }));

  const INJECTIONS = [
    "a\r\nBcc: victim@project.example\r\n\r\nbody",
    "a\nBcc: victim@project.example",
    "a\rX: y",
    "a\u2028Bcc: x",
    "a\u0085Bcc: x",
    "a\0b",
    "=?utf-8?q?=0ABcc=3A_x?=",
    "\r\n.\r\nMAIL FROM:<x@project.example>\r\n",
    "ж".repeat(500),
    "x".repeat(5_000),
    "\u202Egpj.exe",
    " leading",
  ];
  for (const text of INJECTIONS)
    it(`gets no header and no recipient more from a name such as ${JSON.stringify(text.slice(0, 40))}`, () =>
      withMailbox(async (told, box) => {
        const rendered = render(hostile(text));
        // Also where nothing was made harmless on the way.
        const bare: Alert = { ...rendered, id: "f".repeat(64), subject: `[counterfoil] ${text}`, text };
        for (const each of [rendered, bare]) await told.topics.publish(each, [to]);
        await told.drain();
        assert.deepEqual(box.raw.map(headerNames), [ALERT_HEADERS, ALERT_HEADERS]);
        assert.deepEqual(
          box.envelopes.map((each) => each.to),
          [[ADDRESS], [ADDRESS]],
        );
        const subjects = box.mails.map(({ subject = "" }) => subject);
        assert.ok(
          subjects.every((subject) => /^[\x20-\x7e]{1,200}$/.test(subject)),
          subjects.join("\n"),
        );
      }));

  it("is sent again when the server was not there, or refused for now", () =>
    withMailbox(async (told, box) => {
      box.refusal = "451 try later";
      await told.topics.publish(alert, [to]);
      await told.drain();
      assert.equal(box.mails.length, 0);
      box.refusal = null;
      await told.pass(HOUR);
      await told.pass(HOUR);
      assert.equal(box.mails.length, 1);
      assert.deepEqual(told.said(), []);
    }));

  it("is given up when the recipient is refused for good, and the operator hears who and why", () =>
    withMailbox(async (told, box) => {
      box.refusal = "550 no such user here";
      await told.topics.publish(alert, [to]);
      await told.drain();
      box.refusal = null;
      await told.pass(HOUR);
      assert.equal(box.mails.length, 0);
      assert.equal(await told.dead("contacts"), 1);
      const [finding] = told.said();
      assert.equal(finding?.verdict, "contact-unreachable");
      assert.match(finding?.grounds.note ?? "", /^email c1 of lantern.+550 no such user here/);
    }));

  it("is not given up for what the operator can mend: a login or a sender that is refused", async () => {
    const refuse = (reply: number) => Object.assign(new Error("no"), { responseCode: reply });
    const servers: SMTPServerOptions[] = [
      { onMailFrom: (_address, _session, done) => done(refuse(550)) },
      { onAuth: (_auth, _session, done) => done(refuse(535)), authOptional: false, allowInsecureAuth: true },
      {
        onData: (stream, _session, done) => void stream.on("end", () => done(refuse(554))).resume(),
      },
    ];
    for (const server of servers)
      await withMailbox(
        async (told) => {
          await told.topics.publish(alert, [to]);
          await told.drain();
          assert.equal(await told.dead("contacts"), 0);
          assert.equal((await told.messages.counts()).find(({ queue }) => queue === "contacts")?.waiting, 1);
        },
        { server, mail: (port) => ({ smtp: parseSmtp(`smtp://me:pw@127.0.0.1:${port}`) }) },
      );
  });
});

describe("the way to the mail server", () => {
  it("is by TLS from the first byte on, with a login, where the URL says so", async () => {
    const made = await throwawayCertificate("127.0.0.1");
    const logins: string[] = [];
    await withMailbox(
      async (told, box) => {
        await told.topics.publish(alert, [to]);
        await told.drain();
        assert.equal(box.envelopes[0]?.secure, true);
        assert.deepEqual(logins, ["me@monitor.example p:w/d"]);
      },
      {
        server: {
          secure: true,
          ...made,
          onAuth: ({ username, password }, _session, done) => {
            logins.push(`${username} ${password}`);
            done(null, { user: username });
          },
        },
        mail: (port) => ({
          smtp: parseSmtp(`smtps://me%40monitor.example:p%3Aw%2Fd@localhost:${port}`),
          ca: made.authority,
        }),
      },
    );
  });

  it("is left when the certificate is of nobody known", async () => {
    const made = await throwawayCertificate("127.0.0.1");
    await withMailbox(
      async (told, box) => {
        await told.topics.publish(alert, [to]);
        await told.drain();
        assert.equal(box.mails.length, 0);
        assert.match(told.logged.join(), /certificate/);
      },
      {
        server: { secure: true, ...made },
        mail: (port) => ({ smtp: parseSmtp(`smtps://localhost:${port}`) }),
      },
    );
  });

  it("is never in the clear to another machine: without STARTTLS nothing is sent, no login either", async () => {
    const logins: unknown[] = [];
    await withMailbox(
      async (told, box) => {
        await told.topics.publish(alert, [to]);
        await told.drain();
        assert.equal(box.mails.length, 0);
        assert.deepEqual(logins, []);
        assert.match(told.logged.join(), /STARTTLS|TLS/);
      },
      {
        server: {
          disabledCommands: ["STARTTLS"],
          allowInsecureAuth: true,
          onAuth: (auth, _session, done) => {
            logins.push(auth);
            done(null, { user: "x" });
          },
        },
        // As for a name elsewhere, at which this test has a server.
        mail: (port) => ({
          smtp: { ...parseSmtp(`smtp://me:pw@mail.example:${port}`), host: "127.0.0.1" },
        }),
      },
    );
  });
});

describe("a contact's mail address", () => {
  for (const address of [
    "a@b",
    "security+alerts@project.example",
    "o'brien@sub.project-x.example",
    `${"a".repeat(64)}@project.example`,
  ])
    it(`may be ${address}`, () => assert.equal(isMailAddress(address), true));

  for (const address of [
    "",
    "a",
    "@project.example",
    "a@",
    "a@b@c",
    "a@b, c@d",
    "a@b;c@d",
    "Name <a@b>",
    "<a@b>",
    '"a b"@project.example',
    "a b@project.example",
    "a@project.example\r\nBcc: c@d",
    "a@project.example\n",
    " a@project.example",
    "a@[127.0.0.1]",
    "a@-project.example",
    "a@project..example",
    "ä@project.example",
    "a(comment)@project.example",
    "a@project.example\0",
    `${"a".repeat(65)}@project.example`,
    `a@${"b".repeat(260)}`,
  ])
    it(`is not ${JSON.stringify(address.slice(0, 40))}, and such a one is refused`, () =>
      withMailbox(async (told) => {
        assert.equal(isMailAddress(address), false);
        const asked = asking({ contact: { ...to, address } });
        await assert.rejects(told.channels.ask(asked), ChannelRefused);
      }));
});
