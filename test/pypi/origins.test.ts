import assert from "node:assert/strict";
import { test } from "node:test";
import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { guardedLookup, type Resolve } from "../../functions/pypi/addresses.ts";
import { allowList, isLoopbackOrigin, OriginRefused } from "../../functions/pypi/origins.ts";
import { standingClock } from "./serving.ts";

const list = allowList([
  "https://pypi.org",
  "https://files.pythonhosted.org/",
  "http://127.0.0.1:8080",
  "http://[::1]:3000",
]);

for (const url of [
  "https://pypi.org/simple/six/",
  "https://PYPI.org:443/pypi",
  "https://files.pythonhosted.org/packages/a/b/c.whl?x=1",
  "http://127.0.0.1:8080/",
  "http://[0:0::1]:3000/x",
])
  test(`${url} is of a named origin`, () => assert.ok(list.allowed(url)));

for (const url of [
  "http://pypi.org/simple/",
  "https://pypi.org:8443/",
  "https://pypi.org./",
  "https://pypi.org.evil.example/",
  "https://user@pypi.org/",
  "https://:secret@pypi.org/",
  "https://pypi.org@evil.example/",
  "https://xn--ppi-gma.org/",
  "http://127.0.0.1/",
  "http://127.0.0.1:8081/",
  "https://127.0.0.1:8080/",
  "http://2130706433:80/",
  "http://localhost:8080/",
  "http://[::ffff:127.0.0.1]:8080/",
  "http://[::1]/",
  "ftp://pypi.org/",
  "//pypi.org/",
  "",
])
  test(`${JSON.stringify(url)} is not, and is refused`, () =>
    assert.throws(() => list.allowed(url), OriginRefused));

for (const index of [
  "pypi.org",
  "ftp://pypi.org",
  "https://me:secret@pypi.org",
  "https://pypi.org/?x=1",
  "https://pypi.org/#x",
  "",
])
  test(`${JSON.stringify(index)} is refused as an index, without telling a password`, () => {
    const make = () => pypiAdapters({ index, filesOrigins: [], contact: "x" }, standingClock());
    assert.throws(
      make,
      (error: unknown) => error instanceof OriginRefused && !error.message.includes("secret"),
    );
  });

const loopback: Readonly<Record<string, boolean>> = {
  "http://127.0.0.1:8080": true,
  "http://127.9.9.9": true,
  "http://[::1]": true,
  "http://[::ffff:127.0.0.1]": true,
  "https://localhost": true,
  "http://index.localhost:1": true,
  "https://pypi.org": false,
  "http://10.0.0.1": false,
  "http://0.0.0.0": false,
  "https://localhost.example": false,
};
for (const [origin, expected] of Object.entries(loopback))
  test(`${origin} is ${expected ? "" : "not "}this machine`, () =>
    assert.equal(isLoopbackOrigin(origin), expected));

const resolving =
  (...addresses: string[]): Resolve =>
  (_hostname, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const lookedUp = (hostname: string, resolve: Resolve, all: boolean) =>
  new Promise<unknown>((done, fail) =>
    guardedLookup([], resolve)(hostname, { all }, (error, address) =>
      error === null ? done(address) : fail(error),
    ),
  );

test("one answer from inside refuses the whole name", async () => {
  for (const all of [true, false])
    await assert.rejects(
      lookedUp("pypi.org", resolving("151.101.0.223", "::ffff:10.0.0.1"), all),
      OriginRefused,
    );
});

test("a localhost name leads to loopback and nowhere else", async () => {
  assert.equal(await lookedUp("localhost", resolving("::1"), false), "::1");
  await assert.rejects(lookedUp("localhost", resolving("151.101.0.223"), false), OriginRefused);
});

test("a name without addresses fails, whatever form was asked for", async () => {
  await assert.rejects(lookedUp("pypi.org", resolving(), false));
});
