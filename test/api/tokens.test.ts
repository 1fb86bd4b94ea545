import assert from "node:assert/strict";
import { after as afterAll, before as beforeAll, suite, test } from "node:test";
import type { Hono } from "hono";
import { createApi } from "../../functions/api/api.ts";
import type { Enrolment, Publisher } from "../../functions/domain/enrolments.ts";
import { after } from "../../functions/domain/instants.ts";
import { enrolmentSubject } from "../../functions/domain/ledger.ts";
import type { Receipt } from "../../functions/records/receipts.ts";
import {
  githubPayload,
  HandClock,
  newKey,
  type Provider,
  type ProviderKey,
  signed,
  stamped,
  startProvider,
} from "../records/oidc/provider.ts";
import { watcher } from "./watchers.ts";
import {
  A,
  assertRefused,
  B,
  jsonOf,
  MONITOR_URL,
  openWorld,
  SDIST,
  STALE_AFTER_MS,
  type World,
} from "./world.ts";

const PATH = "/v1/projects/six/records";
const BODY = `${A}  ${SDIST}\n`;

let provider: Provider;
let key: ProviderKey;
beforeAll(async () => {
  provider = await startProvider();
  key = await newKey("key-1");
  provider.publish(key);
});
afterAll(() => provider.close());

const publisher = (spoiled: Partial<Publisher> = {}): Publisher => ({
  id: "publisher-1",
  provider: "github",
  issuer: provider.issuer.issuer,
  repository: "octo/demo",
  ownerId: null,
  workflow: "release.yml",
  ref: null,
  environment: null,
  name: "release",
  addedAt: "2026-11-01T00:00:00.000Z",
  endsAt: null,
  ...spoiled,
});

/** The API of a world, believing the provider of these tests. */
const believing = (world: World): Hono =>
  createApi(world.ports, {
    version: "1.2.3",
    staleAfterMs: STALE_AFTER_MS,
    source: "journal",
    sweepMs: 86_400_000,
    rehashMs: 604_800_000,
    registration: "open",
    url: MONITOR_URL,
    quieteningMs: 86_400_000,
    issuers: [{ provider: "github", issuer: provider.issuer.issuer }],
    limits: null,
    addressOf: () => null,
    report: (fault) => world.faults.push(fault),
  });

async function tokenWorld() {
  const world = await openWorld();
  const app = believing(world);
  const token = (spoiled: Record<string, unknown> = {}, audience = MONITOR_URL): Promise<string> => {
    const clock = new HandClock(world.kept.now);
    return signed(key, { ...githubPayload, ...stamped(provider.issuer, audience, clock), ...spoiled });
  };
  const submit = async (bearer: string, query = "", body = BODY): Promise<Response> =>
    app.request(PATH + query, {
      method: "POST",
      headers: { Authorization: `Bearer ${bearer}`, Accept: "application/json" },
      body,
    });
  return { world, app, token, submit };
}

const expecting = (world: World, chosen: Partial<Enrolment> = {}) =>
  watcher(world, { publishers: [publisher()], ...chosen });

suite("a CI provider's token that a publisher fits", () => {
  test("records with authority ci, and everything says by which job", async () => {
    const { world, token, submit } = await tokenWorld();
    const { id } = await expecting(world);
    const answer = await submit(await token());
    assert.equal(answer.status, 201);
    const { enrolment, credential, job, files } = await jsonOf<Receipt>(answer);
    assert.deepEqual([enrolment, credential, files[0]?.authority], [id, "publisher publisher-1", "ci"]);
    assert.deepEqual([job?.repository, job?.workflow], ["octo/demo", "release.yml"]);
    const [record] = world.kept.records;
    assert.deepEqual([record?.authority, record?.credential], ["ci", "publisher-1"]);
    const entry = (await world.ports.ledger.read(enrolmentSubject(id))).at(-1);
    assert.ok(entry?.body.kind === "recorded");
    assert.equal(entry.body.by, "publisher publisher-1");
    assert.deepEqual(
      [entry.body.job?.repository, entry.body.job?.sha, entry.body.job?.tokenId],
      ["octo/demo", githubPayload["sha"], "17dfb15e-10fa-4139-86c7-86b4d77e1243"],
    );
    assert.equal(world.kept.unflushed, 0);
  });

  test("is refused once the publisher has ended, before it is in force, and when the watch is over", async () => {
    const { world, token, submit } = await tokenWorld();
    const pending = {
      id: "change-1",
      ask: { kind: "add-publisher", publisher: publisher({ id: "publisher-2" }) },
      askedAt: world.kept.now,
      inForceAt: after(world.kept.now, 86_400_000),
      by: "key-1",
    } as const;
    await watcher(world, { publishers: [publisher({ endsAt: world.kept.now })], amendments: [pending] });
    const before = world.stored();
    await assertRefused(await submit(await token()), { code: "token-not-bound", status: 403 });
    assert.equal(world.stored(), before);
    world.kept.now = pending.inForceAt;
    assert.equal((await submit(await token())).status, 201);
    const { id } = await expecting(world, { endedAt: world.kept.now });
    await assertRefused(await submit(await token(), `?enrolment=${id}`), {
      code: "no-such-enrolment",
      status: 404,
    });
  });
});

suite("a token that is not for this is refused, and nothing stored", () => {
  const REFUSED: readonly [what: string, spoiled: Record<string, unknown>, code: string, status: number][] = [
    ["another repository", { repository: "octo/other" }, "token-not-bound", 403],
    [
      "another workflow",
      { workflow_ref: "octo/demo/.github/workflows/x.yml@refs/heads/main" },
      "token-not-bound",
      403,
    ],
    ["an hour ago", { exp: 1_000_000_000 }, "expired-token", 401],
    ["another issuer", { iss: "https://issuer.example" }, "unknown-issuer", 401],
  ];
  for (const [what, spoiled, code, status] of REFUSED)
    test(`${what}: ${code}`, async () => {
      const { world, token, submit } = await tokenWorld();
      await expecting(world);
      const before = world.stored();
      const answer = await submit(await token(spoiled));
      if (status === 401) assert.match(answer.headers.get("WWW-Authenticate") ?? "", /invalid_token/);
      await assertRefused(answer, { code, status });
      assert.equal(world.stored(), before);
    });

  test("one made for somebody else: wrong-audience", async () => {
    const { world, token, submit } = await tokenWorld();
    await expecting(world);
    await assertRefused(await submit(await token({}, "https://pypi.org")), {
      code: "wrong-audience",
      status: 401,
    });
  });

  test("where nobody expects a publisher, in the words for a stranger's repository", async () => {
    const { world, token, submit } = await tokenWorld();
    await watcher(world);
    const nobody = await submit(await token({ repository: "octo/other" }));
    await expecting(world);
    const other = await submit(await token({ repository: "octo/other" }));
    assert.deepEqual(await nobody.json(), await other.json());
  });

  test("on routes that take keys only, and it opens nothing where anybody may read", async () => {
    const { world, app, token } = await tokenWorld();
    await expecting(world);
    const headers = { Authorization: `Bearer ${await token()}` };
    const withdrawal = JSON.stringify({ file: SDIST, digest: A });
    const answer = await app.request(`${PATH}/withdraw`, { method: "POST", headers, body: withdrawal });
    await assertRefused(answer, { code: "wrong-key-kind", status: 403 });
    assert.equal((await app.request("/v1/projects/six/records", { headers })).status, 200);
  });
});

suite("among several watchers who expect the same job", () => {
  const enrolmentOf = async (answer: Response): Promise<string> => {
    assert.equal(answer.status, 201);
    return (await jsonOf<Receipt>(answer)).enrolment;
  };
  /** The stranger was there first. */
  async function contendedWorld(chosen: Partial<Enrolment> = {}) {
    const opened = await tokenWorld();
    const { world } = opened;
    const stranger = await expecting(world, { selfClaimed: true, enrolledAt: "2026-11-01T00:00:00.000Z" });
    const [first, second] = [
      await expecting(world, { enrolledAt: "2026-11-02T00:00:00.000Z", ...chosen }),
      await expecting(world, { enrolledAt: "2026-11-03T00:00:00.000Z", ...chosen }),
    ];
    return { ...opened, stranger, first, second };
  }

  test("the oldest of those invited or vouched for has it, whoever else came before", async () => {
    const { token, submit, first } = await contendedWorld();
    assert.equal(await enrolmentOf(await submit(await token())), first.id);
  });
  test("one that was vouched for is not a stranger's any more", async () => {
    const vouched = { selfClaimed: true, vouchedAt: "2026-11-04T00:00:00.000Z" };
    const { token, submit, first } = await contendedWorld(vouched);
    assert.equal(await enrolmentOf(await submit(await token())), first.id);
  });
  test("the query picks", async () => {
    const { token, submit, second, stranger } = await contendedWorld();
    for (const [id, body] of [
      [second.id, BODY],
      [stranger.id, `${B}  ${SDIST}\n`],
    ] as const)
      assert.equal(await enrolmentOf(await submit(await token(), `?enrolment=${id}`, body)), id);
  });
  test("the query picks none that does not expect the job, or is none", async () => {
    const { world, token, submit } = await contendedWorld();
    const { id } = await watcher(world);
    await assertRefused(await submit(await token(), `?enrolment=${id}`), {
      code: "token-not-bound",
      status: 403,
    });
    await assertRefused(await submit(await token(), "?enrolment=none"), {
      code: "no-such-enrolment",
      status: 404,
    });
  });
  test("a key is for its own enrolment, and no query changes that", async () => {
    const { submit, first, second } = await contendedWorld();
    await assertRefused(await submit(first.ci, `?enrolment=${second.id}`), {
      code: "wrong-project-key",
      status: 403,
    });
    assert.equal(await enrolmentOf(await submit(first.ci, `?enrolment=${first.id}`)), first.id);
  });
});
