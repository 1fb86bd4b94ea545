import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSmtp } from "../../functions/embedded/smtp.ts";

const elsewhere = { secure: false, requireTLS: true, ignoreTLS: false };
const here = { secure: false, requireTLS: false, ignoreTLS: true };
const tls = { secure: true, requireTLS: false, ignoreTLS: false };
const auth = { user: "me", pass: "pw" };

const READ = {
  "smtps://mail.example": { host: "mail.example", port: 465, ...tls },
  "smtps://mail.example:8465/": { host: "mail.example", port: 8465, ...tls },
  "SMTPS://me:pw@MAIL.example": { host: "mail.example", port: 465, ...tls, auth },
  "smtp://me:pw@mail.example": { host: "mail.example", port: 587, ...elsewhere, auth },
  "smtp://mail.example:80": { host: "mail.example", port: 80, ...elsewhere },
  "smtp://me%40x.example:p%40%3A%2F@mail.example:25": {
    host: "mail.example",
    port: 25,
    ...elsewhere,
    auth: { user: "me@x.example", pass: "p@:/" },
  },
  "smtp://10.0.0.9:25": { host: "10.0.0.9", port: 25, ...elsewhere },
  "smtp://localhost:1025": { host: "localhost", port: 1025, ...here },
  "smtp://127.0.0.1": { host: "127.0.0.1", port: 587, ...here },
  "smtp://[::1]:2525": { host: "::1", port: 2525, ...here },
  "smtp://[2a04:4e42::223]": { host: "2a04:4e42::223", port: 587, ...elsewhere },
  "smtp://localhost.example": { host: "localhost.example", port: 587, ...elsewhere },
};
for (const [url, smtp] of Object.entries(READ))
  test(`${url} is read`, () => assert.deepEqual(parseSmtp(url), smtp));

for (const url of [
  "",
  "mail.example",
  "mail.example:25",
  "https://mail.example",
  "smtp:",
  "smtp://",
  "smtp:mail.example",
  "smtp://me@mail.example",
  "smtp://:secret@mail.example",
  "smtp://me:secret@mail.example/path",
  "smtp://me:secret@mail.example?pool=true",
  "smtp://me:secret@mail.example#x",
  "smtp://me:secret%zz@mail.example",
  "smtp://me:secret@mail.example:99999",
  "smtp://me:secret@mail example",
])
  test(`${JSON.stringify(url)} is refused, without telling a password`, () =>
    assert.throws(
      () => parseSmtp(url),
      (error: unknown) => error instanceof TypeError && !error.message.includes("secret"),
    ));
