import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { s3Client } from "../../functions/aws/clients.ts";
import { evidence } from "../../functions/aws/evidence.ts";
import { objects } from "../../functions/aws/objects.ts";
import type { Evidence } from "../../functions/ports.ts";
import { evidenceContract } from "../contracts/evidence.ts";
import { GENUINE, minute } from "../domain/perfect.ts";
import { CALLER, fresh, hostOf } from "./over-aws.ts";

const s3 = s3Client(CALLER);
const CAPS = { bodyBytes: 100, findingBytes: 150, dayBytes: 400 };

async function create(): Promise<string> {
  const Bucket = fresh("evidence");
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

evidenceContract("S3", async () =>
  hostOf({
    evidence: evidence(objects(s3, await create()), { caps: CAPS }),
    evidenceCaps: CAPS,
    close: async () => {},
  }),
);

async function keep(kept: Evidence, file: string): Promise<void> {
  const spool = kept.spool();
  spool.tap(new Uint8Array([1, 2, 3]));
  await spool.commit({ project: "lantern", file, digest: GENUINE, at: minute(0), keptFor: null });
}

const HOSTILE = ["a b+c%2F.whl", "../../x", "..", "é\uD800", "é\uDBFF", "x".repeat(5_000), "\u0000\n", "a/b"];

describe("S3: evidence", () => {
  it("of files with hostile names is kept apart, and found by name", async () => {
    const kept = evidence(objects(s3, await create()));
    for (const file of HOSTILE) await keep(kept, file);
    for (const file of HOSTILE) {
      const items = await kept.list("lantern", file);
      assert.deepEqual(
        items.map((item) => [item.file, item.sizeBytes]),
        [[file, 3]],
      );
    }
  });

  it("keeps the bytes themselves, once, under their digest", async () => {
    const store = objects(s3, await create());
    const kept = evidence(store);
    await keep(kept, "one.whl");
    await keep(kept, "two.whl");
    const keys = (await store.list("bytes/")).map(({ key }) => key);
    assert.deepEqual(keys, [`bytes/sha256/${GENUINE.slice(7)}`]);
    assert.equal(await store.text(keys[0] ?? ""), "\u0001\u0002\u0003");
    assert.equal(await store.putIfAbsent(keys[0] ?? "", "others", "text/plain"), false);
    assert.equal(await store.text(keys[0] ?? ""), "\u0001\u0002\u0003");
  });

  it("is listed to the end, however much there is", async () => {
    const store = objects(s3, await create());
    const keys = Array.from({ length: 1_001 }, (_, index) => `many/${String(index).padStart(4, "0")}`);
    for (let first = 0; first < keys.length; first += 50)
      await Promise.all(
        keys.slice(first, first + 50).map((key) => store.putIfAbsent(key, "x", "text/plain")),
      );
    assert.deepEqual(
      (await store.list("many/")).map(({ key }) => key),
      keys,
    );
  });
});
