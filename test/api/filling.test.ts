/** An enrolment that somebody fills with what ends again: its watcher must always be able to end more. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Contact, Signer } from "../../functions/domain/enrolments.ts";
import { enrolmentSubject } from "../../functions/domain/ledger.ts";
import { contact, done, pathOf, refusal, standing } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld } from "./world.ts";

/** What one item of the table takes (Amazon DynamoDB Developer Guide, "Item sizes and formats"). */
const MOST_ITEM_BYTES = 400 * 1024;
/** An RSA key of 16,384 bits, base64. */
const BLOB = "A".repeat(2_760);

/** A watcher who held so many signing keys before. */
async function scene(ended: number) {
  const world = await openWorld();
  const term = { addedAt: world.kept.now, endsAt: world.kept.now, name: "x".repeat(100) };
  const signers = Array.from(
    { length: ended },
    (_, index): Signer => ({ ...term, fingerprint: `SHA256:${index}`, type: "ssh-rsa", blob: BLOB }),
  );
  const contacts = Array.from({ length: 9 }, (_, index): Contact => contact(`c${index}`, world));
  const own = await watcher(world, { contacts });
  const subject = enrolmentSubject(own.id);
  const last = (await world.ports.ledger.read(subject)).at(-1) ?? null;
  const { number } = await world.ports.ledger.append(subject, last, {
    kind: "first-seen",
    at: world.kept.now,
  });
  await world.ports.enrolments.put({ ...own.enrolment, signers, number });
  return { world, own, key: own.maintainer };
}

const OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDuvK4C8J0WnJcuSBq4Jbh4nIh2ee4T5u8UCdHnqOUvK";

suite("an enrolment that holds a quarter of a megabyte, with what ended", () => {
  for (const [path, json] of [
    ["/credentials", { kind: "ci" }],
    ["/signers", { key: OTHER }],
    ["/publishers", { provider: "github", repository: "six/six", workflow: "release.yml" }],
    ["/contacts", { kind: "email", address: "one@six.example" }],
  ] as const)
    test(`takes no more ${path.slice(1)}: too-many, and nothing is stored`, async () => {
      const { world, own, key } = await scene(100);
      const history = world.kept.ledger.get(`enrolment/${own.id}`)?.length;
      assert.equal(await refusal(world, "POST", pathOf(own) + path, { key, json }), "too-many");
      assert.equal(world.kept.ledger.get(`enrolment/${own.id}`)?.length, history);
      assert.deepEqual([world.kept.alerts, standing(world, own).amendments], [[], []]);
    });

  test("lets everything be ended, taken back and changed, and fits its item with all of that", async () => {
    const { world, own, key } = await scene(100);
    const at = pathOf(own);
    const asks = [
      ["PATCH", "/policy", { graceMinutes: 60, strict: true, deadlines: { unseenMinutes: 5 } }],
      ["DELETE", `/credentials/${own.ci.split("_")[2]}`, undefined],
      ...Array.from({ length: 9 }, (_, index) => ["DELETE", `/contacts/c${index}`, undefined] as const),
      ["DELETE", "", undefined],
    ] as const;
    for (const [method, path, json] of asks) await done(world, method, at + path, { key, json });
    const bytes = Buffer.byteLength(JSON.stringify(standing(world, own)));
    assert.ok(bytes > 250_000 && bytes < MOST_ITEM_BYTES - 50_000, `${bytes} bytes`);
  });

  test("is more than anybody comes by: fifty keys that ended leave room", async () => {
    const { world, own, key } = await scene(50);
    await done(world, "POST", `${pathOf(own)}/signers`, { key, json: { key: OTHER } });
  });
});
