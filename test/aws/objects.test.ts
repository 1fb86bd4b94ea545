import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evidence } from "../../functions/aws/evidence.ts";
import { path, segment } from "../../functions/aws/object-keys.ts";
import { objects } from "../../functions/aws/objects.ts";
import { GENUINE, minute, OTHER } from "../domain/perfect.ts";
import { fakeClient, named } from "./fake.ts";

describe("an object", () => {
  it("is put on condition that nothing is there", async () => {
    const { client, calls } = fakeClient();
    assert.equal(await objects(client, "b").putIfAbsent("k", "text", "text/plain"), true);
    const put = { Bucket: "b", Key: "k", Body: "text", ContentType: "text/plain", IfNoneMatch: "*" };
    assert.deepEqual(calls, [{ action: "PutObject", input: put }]);
  });

  it("that was there stays, which is no failure", async () => {
    const { client } = fakeClient(() => {
      throw named("PreconditionFailed");
    });
    assert.equal(await objects(client, "b").putIfAbsent("k", "text", "text/plain"), false);
  });

  it("put twice at the same moment is tried again, a few times", async () => {
    const once = fakeClient(() => {
      if (once.calls.length === 1) throw named("ConditionalRequestConflict");
      return {};
    });
    assert.equal(await objects(once.client, "b").putIfAbsent("k", "text", "text/plain"), true);
    const always = fakeClient(() => {
      throw named("ConditionalRequestConflict");
    });
    await assert.rejects(objects(always.client, "b").putIfAbsent("k", "text", "text/plain"));
    assert.equal(always.calls.length, 3);
  });

  it("is listed from every page of the answer", async () => {
    const { client, calls } = fakeClient(({ input }) =>
      input["ContinuationToken"] === undefined
        ? { Contents: [{ Key: "a", LastModified: new Date(1) }], NextContinuationToken: "more" }
        : { Contents: [{ Key: "b", LastModified: new Date(2) }] },
    );
    assert.deepEqual(await objects(client, "b").list("x/"), [
      { key: "a", takenMs: 1 },
      { key: "b", takenMs: 2 },
    ]);
    assert.deepEqual(
      calls.map(({ input }) => [input["Prefix"], input["ContinuationToken"]]),
      [
        ["x/", undefined],
        ["x/", "more"],
      ],
    );
  });
});

describe("a key", () => {
  const NAMES = [
    ...["a", "A", "a/b", "a%2Fb", "..", ".", "", " ", "a b", "é", "\u0000", "@", "~", "x".repeat(255)],
    ...["x".repeat(256), "x".repeat(257), "é".repeat(100), "\uD800", "\uD801", "\uFFFD"],
    segment("x".repeat(256)),
  ];

  it("is another one for every name, and never leads elsewhere", () => {
    const segments = NAMES.map(segment);
    assert.equal(new Set(segments).size, NAMES.length);
    for (const each of segments) {
      assert.match(each, /^[\w.%@!~*'()-]{1,255}$/);
      assert.doesNotMatch(each, /^\.*$/);
    }
  });

  it("of an item of evidence stays within what S3 takes", () => {
    const longest = `items/${path("p".repeat(255), "é".repeat(42))}/${"0".repeat(64)}.json`;
    assert.ok(Buffer.byteLength(longest) <= 1024, `${Buffer.byteLength(longest)}`);
  });
});

describe("evidence on S3", () => {
  /** An item of so many bytes, seen on the second day; and when the bucket took it. */
  async function kept(sizeBytes: number, takenAt: string): Promise<string[]> {
    const item = {
      project: "lantern",
      file: "f",
      digest: OTHER,
      at: minute(24 * 60),
      sizeBytes,
      whole: true,
    };
    const { client, calls } = fakeClient(({ action }) =>
      action === "ListObjectsV2"
        ? { Contents: [{ Key: "items/lantern/f/0.json", LastModified: new Date(takenAt) }] }
        : { Body: { transformToString: async () => JSON.stringify(item) } },
    );
    const spool = evidence(objects(client, "b"), {
      caps: { bodyBytes: 10, findingBytes: 10, dayBytes: 30 },
    }).spool();
    spool.tap(new Uint8Array(5));
    await spool.commit({
      project: "lantern",
      file: "f",
      digest: GENUINE,
      at: minute(24 * 60 + 5),
      keptFor: null,
    });
    return calls.map(({ action, input }) => `${action} ${input["Key"] ?? input["Prefix"]}`);
  }
  const bytes = `PutObject bytes/sha256/${GENUINE.slice(7)}`;
  const item = `PutObject items/lantern/f/${GENUINE.slice(7)}.json`;

  it("puts the bytes before the item that names them, within the day's cap", async () => {
    const calls = await kept(15, minute(24 * 60));
    assert.deepEqual(calls, [
      "ListObjectsV2 items/lantern/f/",
      "GetObject items/lantern/f/0.json",
      bytes,
      item,
    ]);
    assert.equal((await kept(16, minute(24 * 60))).includes(bytes), false);
  });

  it("does not read what the bucket took on an earlier day", async () => {
    assert.deepEqual(await kept(99, minute(0)), ["ListObjectsV2 items/lantern/f/", bytes, item]);
  });
});
