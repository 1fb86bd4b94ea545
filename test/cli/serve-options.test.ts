import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { register } from "../../bin/commands/serve.ts";
import { addServeOptions, type ServeOptions } from "../../bin/serve-options.ts";

/** What is parsed of a command line in an environment, or what is complained of. */
function parsed(args: readonly string[], env: Readonly<Record<string, string>> = {}): ServeOptions {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const command = addServeOptions(new Command("serve"))
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    return command.parse(args, { from: "user" }).opts<ServeOptions>();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

test("without any option it is PyPI, on loopback, a day to quieten, and no mail", () => {
  const { index, host, port, quietening, filesOrigin, oidcIssuer, ...rest } = parsed([]);
  assert.deepEqual(
    { index, host, port, quietening, filesOrigin, oidcIssuer },
    {
      index: "https://pypi.org",
      host: "127.0.0.1",
      port: 8080,
      quietening: 24,
      filesOrigin: [],
      oidcIssuer: [],
    },
  );
  for (const name of ["smtp", "mailFrom", "publicUrl", "allowPrivateContacts", "verbose"] as const)
    assert.equal(rest[name], undefined);
});

const ENVIRONMENT = {
  COUNTERFOIL_INDEX: "http://127.0.0.1:1",
  COUNTERFOIL_FILES_ORIGIN: "http://127.0.0.1:2 http://127.0.0.1:3",
  COUNTERFOIL_DATA: "there",
  COUNTERFOIL_HOST: "::1",
  COUNTERFOIL_PORT: "0",
  COUNTERFOIL_PUBLIC_URL: "https://monitor.example/",
  COUNTERFOIL_POLL: "0.2",
  COUNTERFOIL_CONFIRM: "1",
  COUNTERFOIL_SOURCE: "list",
  COUNTERFOIL_SWEEP: "60",
  COUNTERFOIL_REHASH: "61",
  COUNTERFOIL_SWEEP_BUDGET: "62",
  COUNTERFOIL_SWEEP_RATE: "63",
  COUNTERFOIL_QUIETENING: "0.001",
  COUNTERFOIL_NOTIFY: "https://one.example https://two.example",
  COUNTERFOIL_NOTIFY_COMMAND: "cat > /dev/null",
  COUNTERFOIL_CONTACT: "ops@monitor.example",
  COUNTERFOIL_TRUSTED_ROOT: "trusted_root.json",
  COUNTERFOIL_REGISTRATION: "open",
  COUNTERFOIL_OIDC_ISSUER: "gitlab=https://git.example github=https://ci.example/x",
  COUNTERFOIL_SMTP_URL: "smtps://me:pw@mail.example",
  COUNTERFOIL_MAIL_FROM: "counterfoil@monitor.example",
  COUNTERFOIL_ALLOW_PRIVATE_CONTACTS: "yes",
  COUNTERFOIL_VERBOSE: "1",
};

test("every option may come from the environment", () => {
  assert.deepEqual(parsed([], ENVIRONMENT), {
    index: "http://127.0.0.1:1",
    filesOrigin: ["http://127.0.0.1:2", "http://127.0.0.1:3"],
    data: "there",
    host: "::1",
    port: 0,
    publicUrl: "https://monitor.example",
    poll: 0.2,
    confirm: 1,
    source: "list",
    sweep: 60,
    rehash: 61,
    sweepBudget: 62,
    sweepRate: 63,
    quietening: 0.001,
    notify: ["https://one.example", "https://two.example"],
    notifyCommand: ["cat > /dev/null"],
    contact: "ops@monitor.example",
    trustedRoot: "trusted_root.json",
    registration: "open",
    oidcIssuer: [
      { provider: "gitlab", issuer: "https://git.example" },
      { provider: "github", issuer: "https://ci.example/x" },
    ],
    smtp: "smtps://me:pw@mail.example",
    mailFrom: "counterfoil@monitor.example",
    allowPrivateContacts: true,
    verbose: true,
  });
  const { options } = addServeOptions(new Command());
  assert.equal(options.length, Object.keys(ENVIRONMENT).length, "an option is not tried here");
});

test("what is typed wins over the environment", () => {
  const args = ["--poll", "7", "--notify", "https://a.example", "--notify", "https://b.example"];
  const { poll, notify, confirm } = parsed(args, ENVIRONMENT);
  assert.deepEqual([poll, confirm, notify], [7, 1, ["https://a.example", "https://b.example"]]);
});

test("an empty variable says nothing", () => {
  const { smtp, port, index } = parsed([], {
    COUNTERFOIL_SMTP_URL: "",
    COUNTERFOIL_PORT: "",
    COUNTERFOIL_INDEX: "",
  });
  assert.deepEqual([smtp, port, index], [undefined, 8080, "https://pypi.org"]);
});

test("the guard of contacts is lifted by yes and by nothing else", () => {
  const lifted = (value: string) =>
    parsed([], { COUNTERFOIL_ALLOW_PRIVATE_CONTACTS: value }).allowPrivateContacts;
  for (const value of ["yes", "true", "1"]) assert.equal(lifted(value), true);
  for (const value of ["no", "false", "0"]) assert.equal(lifted(value), false);
  assert.equal(lifted(""), undefined);
  assert.throws(() => lifted("maybe"), /yes or no/);
  assert.equal(parsed(["--allow-private-contacts"]).allowPrivateContacts, true);
  assert.equal(parsed(["--allow-private-contacts", "no"]).allowPrivateContacts, false);
});

test("the public URL is a plain one, and loses the slash at its end", () => {
  const url = (text: string) => parsed(["--public-url", text]).publicUrl;
  assert.equal(url("https://monitor.example"), "https://monitor.example");
  assert.equal(url("http://10.0.0.1:8080/counterfoil/"), "http://10.0.0.1:8080/counterfoil");
  for (const wrong of [
    "monitor.example",
    "ftp://monitor.example",
    "https://a@monitor.example",
    "https://:secret@monitor.example",
    "https://monitor.example/?a",
    "https://monitor.example/#a",
  ])
    assert.throws(() => url(wrong), /It must be an http\(s\) URL/, wrong);
});

const REFUSED: readonly (readonly string[])[] = [
  ["--quietening", "0"],
  ["--quietening", "-1"],
  ["--quietening", "721"],
  ["--quietening", "a day"],
  ["--port", "65536"],
  ["--port", " "],
  ["--oidc-issuer", "https://ci.example"],
  ["--oidc-issuer", "bitbucket=https://ci.example"],
  ["--oidc-issuer", "gitlab=http://ci.example"],
  ["--oidc-issuer", "gitlab=https://me@ci.example"],
  ["--oidc-issuer", "gitlab="],
  ["--mail-from", "Counterfoil <counterfoil@monitor.example>"],
  ["--mail-from", "nobody"],
  ["--registration", "everybody"],
];
for (const args of REFUSED)
  test(`${args.join(" ")} is refused`, () => {
    assert.throws(() => parsed(args), { code: "commander.invalidArgument" });
  });

test("720 hours and a CI server on this machine are not", () => {
  const args = ["--quietening", "720", "--oidc-issuer", "gitlab=http://127.0.0.1:8080"];
  const { quietening, oidcIssuer } = parsed(args);
  assert.deepEqual([quietening, oidcIssuer.length], [720, 1]);
});

/** What `serve` itself complains of, before it opens anything. */
async function complaint(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => printed.push(text) });
  register(program);
  await assert.rejects(program.parseAsync(["serve", ...args], { from: "user" }), { code: "commander.error" });
  return printed.join("");
}

test("half of what mail needs is refused, and names the other half", async () => {
  assert.match(
    await complaint("--smtp", "smtps://mail.example"),
    /needs --mail-from \(or COUNTERFOIL_MAIL_FROM\)/,
  );
  assert.match(
    await complaint("--mail-from", "a@monitor.example"),
    /needs --smtp \(or COUNTERFOIL_SMTP_URL\)/,
  );
});

test("a mail server's URL that cannot be read is refused, without printing the password in it", async () => {
  const said = await complaint(
    "--smtp",
    "smtp://me:secret@mail.example/x",
    "--mail-from",
    "a@monitor.example",
  );
  assert.match(said, /--smtp \(or COUNTERFOIL_SMTP_URL\) is invalid\. Nothing may follow/);
  assert.ok(!said.includes("secret"));
});

test("a trusted root that is none ends the program before anything is opened, and says why", async () => {
  const missing = await complaint("--trusted-root", "no-such-file.json");
  assert.match(
    missing,
    /--trusted-root \(or COUNTERFOIL_TRUSTED_ROOT\) cannot be used: no-such-file\.json: ENOENT/,
  );
  assert.match(
    await complaint("--trusted-root", "package.json"),
    /cannot be used: package\.json: this is no trusted root of Sigstore's/,
  );
});
