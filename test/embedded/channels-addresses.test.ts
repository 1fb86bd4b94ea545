import assert from "node:assert/strict";
import { test } from "node:test";
import { throwawayCertificate } from "../../bin/sandbox/index/certificates.ts";
import { render } from "../../functions/alert/render.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { type WebhookConfig, webhooks } from "../../functions/embedded/webhooks.ts";
import { ChannelRefused } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { contact } from "./contacts.ts";
import { startHook, startServer } from "./receivers.ts";

const alert = render(aboutMonitor("blind", minute(0), "no answer"));
const AGENT = "counterfoil/test";

type Resolve = NonNullable<WebhookConfig["resolve"]>;

const resolving =
  (...addresses: string[]): Resolve =>
  (_hostname, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

/** Fails a test in which a name is asked for that must not be. */
const asksNobody: Resolve = (hostname) => assert.fail(`asked for ${hostname}`);

const guarded = webhooks({ userAgent: AGENT, resolve: asksNobody });

const INSIDE = [
  "127.0.0.1",
  "127.0.0.1:8443",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "１２７.0.0.1",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "192.0.2.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "[::]",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:a9fe:a9fe]",
  "[::127.0.0.1]",
  "[64:ff9b::10.0.0.1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[fec0::1]",
  "[ff02::1]",
  "[2001:db8::1]",
  "localhost",
  "LOCALHOST",
  "a.localhost",
];
for (const host of INSIDE)
  test(`https://${host}/ is refused when it is typed, and not contacted if it was taken before`, async () => {
    const address = `https://${host}/hook`;
    assert.throws(() => guarded.check(address), ChannelRefused);
    await assert.rejects(guarded.tell(contact({ address }), alert), ChannelRefused);
  });

for (const address of [
  "http://hook.example/",
  "https://user@hook.example/",
  "https://:secret@hook.example/",
  "https://hook.example@127.0.0.1/",
  "ftp://hook.example/",
  "file:///etc/passwd",
  "//hook.example/",
  "hook.example",
  "https://",
  "https://1.2.3.4.5/",
  "",
])
  test(`${JSON.stringify(address)} is no address of a webhook`, () => {
    assert.throws(
      () => guarded.check(address),
      (error: unknown) => error instanceof ChannelRefused && !error.message.includes("secret"),
    );
  });

for (const address of [
  "https://hook.example/a?b=c",
  "https://93.184.215.14:8443/x",
  "https://[2a04:4e42::223]/",
])
  test(`${address} is one`, () => assert.doesNotThrow(() => guarded.check(address)));

const LEADING_INSIDE = [
  ["127.0.0.1"],
  ["::1"],
  ["10.0.0.7"],
  ["169.254.169.254"],
  ["::ffff:127.0.0.1"],
  ["93.184.215.14", "192.168.0.1"],
];
for (const addresses of LEADING_INSIDE)
  test(`a name that leads to ${addresses.join(" and ")} is connected to nowhere`, async () => {
    const way = webhooks({ userAgent: AGENT, resolve: resolving(...addresses) });
    way.check("https://hook.example/");
    await assert.rejects(
      way.tell(contact({ address: "https://hook.example/" }), alert),
      (error: unknown) => error instanceof ChannelRefused && /hook\.example leads to/.test(error.message),
    );
  });

test("a name is asked for anew for every delivery, and may lead inside the second time", async () => {
  const hook = await startHook();
  const { port } = new URL(hook.url);
  const asked: string[] = [];
  const resolve: Resolve = (hostname, options, done) => {
    asked.push(hostname);
    resolving("127.0.0.1")(hostname, options, done);
  };
  const open = webhooks({ userAgent: AGENT, resolve, allowPrivate: true });
  const address = `http://hook.example:${port}/`;
  await open.tell(contact({ address }), alert);
  await open.tell(contact({ address }), alert);
  assert.deepEqual(asked, ["hook.example", "hook.example"]);
  assert.equal(hook.got.length, 2);
  await hook.close();
});

test("where the operator allows it, http and inner addresses are contacted, and credentials still are not", async () => {
  const hook = await startHook();
  const open = webhooks({ userAgent: AGENT, allowPrivate: true });
  await open.tell(contact({ address: hook.url }), alert);
  assert.equal(hook.got.length, 1);
  assert.throws(() => open.check("http://user:secret@127.0.0.1/"), ChannelRefused);
  assert.throws(() => open.check("ftp://127.0.0.1/"), ChannelRefused);
  await hook.close();
});

test("over TLS a certificate must be of an authority that is trusted", async () => {
  const made = await throwawayCertificate("127.0.0.1");
  const hook = await startHook(made);
  const config = { userAgent: AGENT, allowPrivate: true };
  await webhooks({ ...config, ca: made.authority }).tell(contact({ address: hook.url }), alert);
  assert.equal(hook.got.length, 1);
  await assert.rejects(webhooks(config).tell(contact({ address: hook.url }), alert), /certificate/);
  assert.equal(hook.got.length, 1);
  await hook.close();
});

const quick = webhooks({ userAgent: AGENT, allowPrivate: true, timeoutMs: 300 });

test("an answer that never begins ends the delivery", async () => {
  const server = await startServer(() => {});
  await assert.rejects(quick.tell(contact({ address: server.url }), alert));
  await server.close();
});

test("an answer that never ends is not waited for, and nothing of it is read", async () => {
  let written = 0;
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = await startServer((_request, response) => {
    response.writeHead(200);
    response.on("close", left).on("error", () => {});
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  await quick.tell(contact({ address: server.url }), alert);
  await gone;
  assert.ok(written < 64 * 1024 ** 2, `${written} bytes were taken`);
  await server.close();
});

test("a server that hangs up without an answer, or switches protocols, has not got it", async () => {
  const hangsUp = await startServer((request) => void request.socket.destroy());
  await assert.rejects(quick.tell(contact({ address: hangsUp.url }), alert));
  await hangsUp.close();
  const switches = await startServer((request) => {
    request.socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
  });
  await assert.rejects(quick.tell(contact({ address: switches.url }), alert));
  await switches.close();
});
