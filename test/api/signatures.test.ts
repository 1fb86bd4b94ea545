import assert from "node:assert/strict";
import { after as afterAll, before as beforeAll, suite, test } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Enrolment, Signer } from "../../functions/domain/enrolments.ts";
import { after } from "../../functions/domain/instants.ts";
import { enrolmentSubject } from "../../functions/domain/ledger.ts";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import type { Receipt } from "../../functions/records/receipts.ts";
import { allowedSigners } from "../../functions/records/ssh/allowed-signers.ts";
import { parsePublicKey } from "../../functions/records/ssh/keys.ts";
import { Keygen, type Pair } from "../records/ssh/keygen.ts";
import { row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, assertRefused, B, get, jsonOf, openWorld, post, SDIST, WHEEL } from "./world.ts";

const PATH = "/v1/projects/six/records";
const BODY = `${A}  ${SDIST}\n`;

const keygen = new Keygen();
let [alice, bob]: Pair[] = [];
beforeAll(() => {
  alice = keygen.make("ed25519");
  bob = keygen.make("ed25519");
});
afterAll(() => keygen.end());

const pairOf = (pair: Pair | undefined): Pair => {
  assert.ok(pair);
  return pair;
};

const signerOf = (pair: Pair | undefined, spoiled: Partial<Signer> = {}): Signer => {
  const { type, blob, fingerprint } = parsePublicKey(pairOf(pair).line);
  const term = { addedAt: "2026-11-01T00:00:00.000Z", endsAt: null };
  return { type, blob, fingerprint, name: "alice", ...term, ...spoiled };
};

const signed = (body: string, pair = alice, namespace?: string): string =>
  body + keygen.sign(pairOf(pair), body, namespace);

async function signedWorld(chosen: Partial<Enrolment> = {}) {
  const world = await openWorld();
  const keys = await watcher(world, { signers: [signerOf(alice)], ...chosen });
  const record = (body: string, key = keys.ci): Promise<Response> =>
    post(world, PATH, { key, body, accept: "application/json" });
  return { world, keys, record };
}

const SHOWN = (enrolment: string) => [row({ enrolment }), row({ enrolment, file: WHEEL })];

suite("a submission with a signature", () => {
  test("of a registered key has the authority of a maintainer, whoever carried it", async () => {
    const { world, keys, record } = await signedWorld();
    const answer = await record(signed(BODY));
    assert.equal(answer.status, 201);
    const receipt = await jsonOf<Receipt>(answer);
    const signers = [pairOf(alice).fingerprint];
    assert.deepEqual([receipt.signed, receipt.manifest], [true, sha256(BODY)]);
    assert.deepEqual([receipt.files[0]?.authority, receipt.files[0]?.signers], ["maintainer", signers]);
    const [record0] = world.kept.records;
    assert.deepEqual(
      [record0?.authority, record0?.signers, record0?.manifest],
      ["maintainer", signers, sha256(BODY)],
    );
    const ci = keys.enrolment.credentials.find(({ kind }) => kind === "ci");
    assert.equal(record0?.credential, ci?.id);
  });

  test("confirms what was recorded without one, and each is a record of its own", async () => {
    const { world, keys, record } = await signedWorld();
    await record(BODY);
    await record(BODY, keys.maintainer);
    assert.equal((await record(signed(BODY))).status, 201);
    assert.equal((await record(signed(BODY))).status, 200);
    assert.deepEqual(
      world.kept.records.map(({ authority, signers }) => `${authority} ${signers.length}`),
      ["ci 0", "maintainer 0", "maintainer 1"],
    );
    assert.equal(world.kept.manifests.size, 1);
    assert.equal(world.kept.manifests.get(`${keys.id} ${sha256(BODY)}`)?.signatures.length, 1);
    assert.deepEqual(world.kept.alerts, []);
  });

  test("by two people keeps both signatures over the same bytes", async () => {
    const { world, keys, record } = await signedWorld({ signers: [signerOf(alice), signerOf(bob)] });
    await record(signed(BODY));
    await record(signed(BODY, bob));
    const signatures = world.kept.manifests.get(`${keys.id} ${sha256(BODY)}`)?.signatures ?? [];
    assert.equal(new Set(signatures.map(({ signer }) => signer)).size, 2);
  });

  test("that proves nothing is refused with the reason, and nothing stored", async () => {
    const { world, record } = await signedWorld({
      amendments: [
        {
          id: "later",
          ask: { kind: "add-signer", signer: signerOf(bob) },
          askedAt: "2026-11-22T11:00:00.000Z",
          inForceAt: "2026-11-23T11:00:00.000Z",
          by: "key-1",
        },
      ],
    });
    const before = world.stored();
    const refused = async (body: string, code: string, status: number): Promise<void> =>
      assertRefused(await record(body), { code, status });
    await refused(signed(BODY, bob), "signer-pending", 403);
    assert.match(await (await record(signed(BODY, bob))).text(), /counts from 2026-11-23T11:00:00\.000Z on/);
    await refused(signed(BODY, keygen.make("ed25519")), "unknown-signer", 403);
    await refused(signed(BODY).replace(A, B), "altered-manifest", 422);
    await refused(signed(BODY, alice, "git"), "wrong-namespace", 422);
    await refused(`${signed(BODY)}${A}  ${WHEEL}\n`, "bad-signature", 422);
    assert.equal(world.stored(), before);
    world.kept.now = "2026-11-23T11:00:00.000Z";
    assert.equal((await record(signed(BODY, bob))).status, 201);
  });

  test("of a revoked key counts no more from then on", async () => {
    const { world, record } = await signedWorld({
      signers: [signerOf(alice, { endsAt: "2026-11-22T13:00:00.000Z" })],
    });
    assert.equal((await record(signed(BODY))).status, 201);
    world.kept.now = "2026-11-22T13:00:00.000Z";
    await assertRefused(await record(signed(`${B}  ${WHEEL}\n`)), { code: "revoked-signer", status: 403 });
  });

  test("is demanded where the policy says so, of maintainers too", async () => {
    const { world, keys, record } = await signedWorld({
      policy: { ...DEFAULT_POLICY, requireSignature: true },
    });
    const before = world.stored();
    for (const key of [keys.ci, keys.maintainer])
      await assertRefused(await record(BODY, key), { code: "signature-required", status: 403 });
    assert.equal(world.stored(), before);
    assert.equal((await record(signed(BODY))).status, 201);
  });

  test("does not bring back what was withdrawn, unless a maintainer's key carries it", async () => {
    const { world, keys, record } = await signedWorld();
    await record(signed(BODY));
    const body = JSON.stringify({ file: SDIST, digest: A });
    await post(world, `${PATH}/withdraw`, { key: keys.maintainer, body });
    const before = world.stored();
    await assertRefused(await record(signed(BODY)), { code: "was-withdrawn", status: 409 });
    assert.equal(world.stored(), before);
    assert.equal((await record(signed(BODY), keys.maintainer)).status, 201);
  });
});

suite("a manifest", () => {
  const manifestPath = (body: string, rest = ""): string =>
    `/v1/projects/six/manifests/${sha256(body)}${rest}`;
  const text = async (answer: Response): Promise<string> => {
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer()).toString("latin1");
  };
  const isHidden = async (answer: Response): Promise<void> =>
    assertRefused(answer, { code: "no-such-manifest", status: 404 });

  test("comes back to the byte, and stock ssh-keygen accepts its signature", async () => {
    const { world, keys, record } = await signedWorld();
    const body = `${A} *${SDIST}\r\n\r\n${B}  dist/${WHEEL}`;
    await record(signed(`${body}\n`));
    await world.ports.view.put(SHOWN(keys.id));
    const [bytes, signature] = [
      await text(await get(world, manifestPath(`${body}\n`))),
      await text(await get(world, manifestPath(`${body}\n`, "/signature"))),
    ];
    assert.equal(bytes, `${body}\n`);
    const { type, blob, addedAt } = signerOf(alice);
    const allowed = allowedSigners("six", [{ type, blob, validFrom: addedAt, validUntil: null }]);
    assert.match(keygen.check(allowed, "six", bytes, signature), /Good "counterfoil" signature/);
  });

  test("is kept for submissions without a signature too, which then is not there", async () => {
    const { world, keys, record } = await signedWorld();
    await record(BODY);
    await world.ports.view.put(SHOWN(keys.id));
    assert.equal(await text(await get(world, manifestPath(BODY))), BODY);
    await isHidden(await get(world, manifestPath(BODY, "/signature")));
  });

  test("that is no UTF-8 comes as octets, so that nothing on the way reads it as text", async () => {
    const { world, keys, record } = await signedWorld();
    const utf16 = Buffer.from(`\ufeff${A}  ${SDIST}\r\n`, "utf16le");
    assert.equal((await post(world, PATH, { key: keys.ci, body: new Uint8Array(utf16) })).status, 201);
    assert.equal((await record(`${B}  ${WHEEL}\n`)).status, 201);
    const path = `/v1/projects/six/manifests/${sha256(utf16)}`;
    const answer = await get(world, path, { key: keys.maintainer });
    assert.equal(answer.headers.get("Content-Type"), "application/octet-stream");
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(utf16));
  });

  test("of which a page has not shown every file is its own watcher's and the operator's", async () => {
    const { world, keys, record } = await signedWorld();
    const other = await watcher(world);
    const body = `${A}  ${SDIST}\n${B}  ${WHEEL}\n`;
    await record(signed(body));
    await world.ports.view.put([row({ enrolment: keys.id })]);
    for (const rest of ["", "/signature"]) {
      const path = manifestPath(body, rest);
      for (const key of [null, keys.ci, other.maintainer]) await isHidden(await get(world, path, { key }));
      for (const key of [keys.maintainer, world.operator])
        assert.equal((await get(world, path, { key })).status, 200);
    }
    // One that was never submitted is refused in the same words.
    const [hidden, unknown] = [
      await get(world, manifestPath(body)),
      await get(world, manifestPath("another")),
    ];
    assert.equal(await hidden.text(), await unknown.text());
  });

  test("stays hidden though every record that came by it is shown: an earlier manifest may have told a secret first", async () => {
    const { world, keys, record } = await signedWorld();
    await record(BODY);
    const both = `${A}  ${SDIST}\n${B}  ${WHEEL}\n`;
    await record(both);
    assert.deepEqual(
      world.kept.records.filter(({ manifest }) => manifest === sha256(both)).map(({ file }) => file),
      [WHEEL],
    );
    await world.ports.view.put([row({ enrolment: keys.id, file: WHEEL })]);
    await isHidden(await get(world, manifestPath(both)));
  });

  test("that says more than names and digests is never shown to strangers", async () => {
    const { world, keys, record } = await signedWorld();
    await world.ports.view.put(SHOWN(keys.id));
    const more = [
      `# built by somebody@example.org\n${A}  ${SDIST}\n`,
      `${A}  /home/somebody/secret-client/${SDIST}\n`,
      `--index-url https://user:password@index.example/simple\n./${SDIST} --hash=sha256:${A}\n`,
    ];
    let tried = 0;
    for (const body of more) {
      const answer = await record(body, keys.maintainer);
      if (answer.status >= 400) continue;
      tried += 1;
      const fresh = world.kept.manifests.has(`${keys.id} ${sha256(body)}`);
      if (fresh) await isHidden(await get(world, manifestPath(body)));
      const withdrawal = JSON.stringify({ file: SDIST, digest: A });
      await post(world, `${PATH}/withdraw`, { key: keys.maintainer, body: withdrawal });
      assert.ok(fresh);
    }
    assert.ok(tried >= 2, `only ${tried} of them were taken at all`);
  });

  test("that adds no record is not kept: the same lines in another order cost nobody anything", async () => {
    const { world, keys, record } = await signedWorld();
    const [one, other] = [`${A}  ${SDIST}\n`, `${B}  ${WHEEL}\n`];
    await record(one + other);
    for (const body of [other + one, `\n${one}${other}`, `${one}\n\n${other}`]) {
      world.kept.now = after(world.kept.now, 1_000);
      assert.equal((await record(body)).status, 200);
    }
    assert.equal(world.kept.manifests.size, 1);
    assert.equal((await world.ports.ledger.read(enrolmentSubject(keys.id))).length, 2);
  });
});
