import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Examined, examination } from "../../functions/pypi/sigstore.ts";
import { trustedRoot } from "../../functions/pypi/trusted-root.ts";
import { mint, provenanceOf } from "./minting.ts";

const FILE = "lantern-1.0.tar.gz";
const UNHEARD = { kind: "unheard of" };
const SIGSTORE = await mint();
const EXAMINE = examination(trustedRoot(SIGSTORE.root));
const examine = (text: string): Examined => EXAMINE(Buffer.from(text), FILE);

function refused(examined: Examined, reason: RegExp): void {
  assert.equal(examined.outcome, "refused", JSON.stringify(examined));
  if (examined.outcome === "refused") assert.match(examined.reason, reason);
}

const one = await SIGSTORE.attest({ file: FILE, bytes: "genuine" });

suite("what is no provenance object", () => {
  const rows: readonly [string, string][] = [
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["no UTF-8", "\ud800"],
    ["a list", "[]"],
    [
      "another version",
      JSON.stringify({ version: 2, attestation_bundles: [{ publisher: UNHEARD, attestations: [one] }] }),
    ],
    ["without bundles", JSON.stringify({ version: 1, attestation_bundles: [] })],
    ["without attestations", provenanceOf([])],
    ["without a publisher", JSON.stringify({ version: 1, attestation_bundles: [{ attestations: [one] }] })],
    ["an attestation of another version", provenanceOf([{ ...one, version: 2 }])],
    ["not base64", provenanceOf([{ ...one, envelope: { ...one.envelope, signature: "-_-_" } }])],
    ["too many", provenanceOf(Array.from({ length: 17 }, () => one))],
  ];
  for (const [what, text] of rows) test(`is refused: ${what}`, () => refused(examine(text), /./));

  test("costs no more time for whitespace that goes on and on", () => {
    const envelope = { ...one.envelope, signature: `${" ".repeat(100_000)}!` };
    const begunMs = performance.now();
    refused(examine(provenanceOf([{ ...one, envelope }])), /envelope\.signature$/);
    // Going through it anew from each place would take several seconds.
    assert.ok(performance.now() - begunMs < 1_000);
  });

  test("says where it is wrong, in words without anything of it", () => {
    refused(
      examine(provenanceOf([{ ...one, version: 2 }])),
      /at attestation_bundles\.0\.attestations\.0\.version$/,
    );
  });
});

suite("no change of an object", () => {
  const text = provenanceOf([one]);
  const whole = examine(text);
  const genuine = whole.outcome === "verified" ? whole.attested : [];
  const spoil = { examined: 0, verified: 0 };

  /** Whatever is done to it, what verifies is what was signed. */
  const holds = (changed: string): void => {
    const examined = examine(changed);
    spoil.examined += 1;
    if (examined.outcome === "refused") return;
    spoil.verified += 1;
    assert.deepEqual(examined.attested, genuine);
  };

  test("is needed: it verifies as it is", () => {
    assert.equal(genuine.length, 1);
  });

  test("of one character makes it say anything else", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, code) => {
        holds(text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1));
      }),
      { numRuns: 500 },
    );
    assert.ok(spoil.verified < spoil.examined / 2, JSON.stringify(spoil));
  });

  test("by cutting, doubling or moving a part makes it say anything else", () => {
    const span = fc.tuple(fc.nat(text.length), fc.nat(300), fc.nat(text.length));
    fc.assert(
      fc.property(span, fc.boolean(), ([from, length, to], cuts) => {
        const part = text.slice(from, from + length);
        const rest = cuts ? text.slice(0, from) + text.slice(from + length) : text;
        holds(rest.slice(0, to) + part + rest.slice(to));
      }),
      { numRuns: 500 },
    );
  });

  test("inside what is base64 makes it say anything else", () => {
    const fields = ["certificate", "statement", "signature", "canonicalizedBody", "signedEntryTimestamp"];
    const places = fields.map((name) => ({
      name,
      found: new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1] ?? "",
    }));
    assert.ok(places.every(({ found }) => found.length > 50));
    let verified = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ name, found }, at, mask) => {
          const bytes = Buffer.from(found, "base64");
          const place = at % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place);
          const examined = examine(text.replace(found, bytes.toString("base64")));
          // A certificate's wrapping is signed by nobody; what it wraps is.
          verified += Number(examined.outcome === "verified" && name !== "certificate");
          if (examined.outcome === "verified") assert.deepEqual(examined.attested, genuine);
        },
      ),
      { numRuns: 200 },
    );
    assert.equal(verified, 0, "a changed byte of what is signed or logged must be noticed");
  });
});
