import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributesOf, ItemTooLarge, MOST_ITEM_BYTES, sizeOf } from "../../functions/aws/items.ts";
import { named, padded, partition, shardOf, shardsOf } from "../../functions/aws/keys.ts";

describe("an item", () => {
  it("is as large as its names and values are in UTF-8", () => {
    assert.equal(sizeOf({ pk: "a", näme: "ö€" }), 2 + 1 + 5 + 5);
    assert.equal(sizeOf({ yes: true, bytes: new Uint8Array(7) }), 3 + 1 + 5 + 7);
  });

  it("goes up to DynamoDB's limit, and says what it is about when it is beyond", () => {
    const fits = { pk: "x".repeat(MOST_ITEM_BYTES - 2) };
    assert.ok(attributesOf(fits, "a subject")["pk"]);
    assert.throws(
      () => attributesOf({ pk: `${fits.pk}x` }, "ledger entry 7 of artifact/lantern/x"),
      (error) =>
        error instanceof ItemTooLarge && /^ledger entry 7 of artifact\/lantern\/x/.test(error.message),
    );
  });

  it("counts characters by their bytes, not one by one", () => {
    assert.throws(() => attributesOf({ pk: "€".repeat(MOST_ITEM_BYTES / 3) }, "it"), ItemTooLarge);
  });
});

describe("a name in a key", () => {
  it("is itself while it fits", () => {
    assert.equal(named("lantern-1.0.tar.gz"), "lantern-1.0.tar.gz");
    assert.equal(named(""), "");
    assert.equal(partition("artifact/lantern/lantern-1.0.tar.gz"), "artifact/lantern/lantern-1.0.tar.gz");
  });

  it("is short enough whatever a stranger calls a file", () => {
    const long = "€".repeat(500);
    assert.ok(Buffer.byteLength(named(long)) <= 512);
    assert.ok(Buffer.byteLength(partition(`artifact/lantern/${long}${long}`)) <= 2_048);
    assert.notEqual(named(`${long}a`), named(`${long}b`));
  });

  it("is its own also where it cannot be sent as it is", () => {
    assert.notEqual(named("a\ud800"), named("a\udfff"));
    assert.ok(named("a\ud800").isWellFormed());
  });

  it("is never the hash of another that somebody chose", () => {
    const hashed = named("€".repeat(500));
    assert.notEqual(named(hashed), hashed);
  });
});

describe("keys", () => {
  it("of numbers are in the order of the numbers", () => {
    const numbers = [0, 9, 10, 99, 12_345_678, Number.MAX_SAFE_INTEGER];
    assert.deepEqual(numbers.map(padded).toSorted(), numbers.map(padded));
  });

  it("of shards are the ones that are asked, all of them used", () => {
    const used = new Set(Array.from({ length: 500 }, (_, index) => shardOf("due", `project-${index}`)));
    assert.deepEqual([...used].sort(), [...shardsOf("due")].sort());
    assert.ok(used.size > 1);
  });
});
