import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwnMachine, isPublicAddress, literalOf } from "../../functions/domain/addresses.ts";

const inside = [
  ...[
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
  ],
  ...["192.0.2.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::7f00:1", "::ffff:127.0.0.1"],
  ...[
    "::ffff:a00:1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
  ],
  ...["2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "nonsense", ""],
];
for (const address of inside)
  test(`${JSON.stringify(address)} is not of the public Internet`, () =>
    assert.equal(isPublicAddress(address), false));

for (const address of ["151.101.0.223", "2a04:4e42::223", "::ffff:151.101.0.223", "64:ff9b::151.101.0.223"])
  test(`${address} is of the public Internet`, () => assert.equal(isPublicAddress(address), true));

/** As a URL writes it, and what a URL's parser makes of it. */
const written: Readonly<Record<string, string | null>> = {
  "https://2130706433/": "127.0.0.1",
  "https://0x7f.1/": "127.0.0.1",
  "https://0177.0.0.1/": "127.0.0.1",
  "https://127.1/": "127.0.0.1",
  "https://[::ffff:127.0.0.1]/": "::ffff:7f00:1",
  "https://[0:0:0:0:0:0:0:1]/": "::1",
  "https://１２７.0.0.1/": "127.0.0.1",
  "https://name.example/": null,
  "https://127.0.0.1.example/": null,
};
for (const [url, literal] of Object.entries(written))
  test(`the host of ${url} is ${literal ?? "a name"}`, () => assert.equal(literalOf(new URL(url)), literal));

test("this machine is told by its addresses and by names that mean it", () => {
  for (const host of ["127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "localhost", "a.localhost"])
    assert.equal(isOwnMachine(new URL(`http://${host}/`)), true, host);
  for (const host of ["10.0.0.1", "0.0.0.0", "localhost.example"])
    assert.equal(isOwnMachine(new URL(`http://${host}/`)), false, host);
});
