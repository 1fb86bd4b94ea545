import assert from "node:assert/strict";
import { createHmac, createPublicKey } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import type { JWTPayload } from "jose";
import type { TokenCode } from "../../../functions/records/oidc/refusals.ts";
import { TokenRefused } from "../../../functions/records/oidc/refusals.ts";
import {
  createTokenVerifier,
  looksLikeToken,
  type TokenVerifier,
} from "../../../functions/records/oidc/tokens.ts";
import {
  githubPayload,
  gitlabPayload,
  HandClock,
  newKey,
  type Provider,
  type ProviderKey,
  signed,
  stamped,
  startProvider,
} from "./provider.ts";

const AUDIENCE = "https://monitor.example";

let github: Provider;
let gitlab: Provider;
let key: ProviderKey;
let clock: HandClock;
let verifier: TokenVerifier;

before(async () => {
  [github, gitlab, key] = await Promise.all([
    startProvider("github"),
    startProvider("gitlab"),
    newKey("one"),
  ]);
  for (const provider of [github, gitlab]) provider.publish(key);
});
after(() => Promise.all([github.close(), gitlab.close()]));
beforeEach(() => {
  clock = new HandClock("2026-11-22T12:00:00.000Z");
  verifier = createTokenVerifier({ issuers: [github.issuer, gitlab.issuer], audience: AUDIENCE, clock });
});

const payload = (over: Record<string, unknown> = {}): JWTPayload => ({
  ...githubPayload,
  ...stamped(github.issuer, AUDIENCE, clock),
  ...over,
});

async function refused(token: string, code: TokenCode): Promise<TokenRefused> {
  const error: unknown = await verifier.verify(token).then(
    () => assert.fail("accepted"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof TokenRefused, String(error));
  assert.equal(error.code, code, error.message);
  assert.doesNotMatch(error.message, /eyJ/, "repeats the token");
  return error;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token of GitHub Actions", () => {
  it("tells the job it was made for", async () => {
    assert.deepEqual(await verifier.verify(await signed(key, payload())), {
      provider: "github",
      issuer: github.issuer.issuer,
      subject: "repo:octo/demo:ref:refs/heads/main",
      repository: "octo/demo",
      ownerId: "4711",
      ref: "refs/heads/main",
      workflow: "release.yml",
      definedIn: "octo/demo/.github/workflows/release.yml@refs/heads/main",
      environment: "PyPI",
      event: "push",
      sha: "0123456789abcdef0123456789abcdef01234567",
      run: `${github.issuer.issuer}/octo/demo/actions/runs/1746933707/attempts/2`,
      tokenId: "17dfb15e-10fa-4139-86c7-86b4d77e1243",
    });
  });

  it("may run for a bare commit, outside any environment", async () => {
    const at = `octo/demo/.github/workflows/release.yml@${githubPayload["sha"]}`;
    const token = payload({ ref: "", environment: undefined, workflow_ref: at, job_workflow_ref: at });
    const claims = await verifier.verify(await signed(key, token));
    assert.deepEqual([claims.ref, claims.environment, claims.workflow], [null, null, "release.yml"]);
  });

  it("names no workflow when another file than the one that began the run holds the job", async () => {
    const own = "octo/demo/.github/workflows";
    for (const over of [
      { job_workflow_ref: "mallory/tools/.github/workflows/release.yml@refs/heads/main" },
      { job_workflow_ref: `${own}/build.yml@refs/heads/main` },
      { workflow_ref: "mallory/rules/.github/workflows/release.yml@refs/heads/main" },
      { workflow_ref: `${own}/tests.yml@refs/heads/main` },
      { job_workflow_ref: `${own}/release.yml@refs/heads/other` },
      { job_workflow_ref: "octo/demo-evil/.github/workflows/release.yml@refs/heads/main" },
    ])
      assert.equal(
        (await verifier.verify(await signed(key, payload(over)))).workflow,
        null,
        JSON.stringify(over),
      );
  });

  it("names no workflow when it runs as it is at another ref than the job's", async () => {
    const at = "octo/demo/.github/workflows/release.yml@refs/heads/main-not";
    const token = payload({ workflow_ref: at, job_workflow_ref: at });
    assert.equal((await verifier.verify(await signed(key, token))).workflow, null);
  });

  it("takes the ref's end for no workflow, whatever the file is called", async () => {
    const name = "a@refs/heads/main.yml";
    const at = `octo/demo/.github/workflows/${name}@refs/heads/main`;
    const claims = await verifier.verify(
      await signed(key, payload({ workflow_ref: at, job_workflow_ref: at })),
    );
    assert.equal(claims.workflow, name);
  });

  it("is made inert, and its subject short", async () => {
    const token = payload({ sub: `a\u001b[2J${"x".repeat(400)}`, environment: "py\u202epi" });
    const claims = await verifier.verify(await signed(key, token));
    assert.equal(claims.subject.length, 255);
    assert.ok(claims.subject.startsWith("a\\u{1b}[2J"));
    assert.equal(claims.environment, "py\\u{202e}pi");
  });
});

describe("a token of GitLab CI", () => {
  const host = (): string => gitlab.issuer.issuer.slice("http://".length);
  const ofGitlab = (over: Record<string, unknown> = {}): Promise<string> =>
    signed(key, { ...gitlabPayload(host()), ...stamped(gitlab.issuer, AUDIENCE, clock), ...over });

  it("tells the job it was made for", async () => {
    const claims = await verifier.verify(await ofGitlab());
    assert.deepEqual(
      [claims.provider, claims.repository, claims.ownerId, claims.ref, claims.workflow, claims.environment],
      ["gitlab", "group/sub/demo", "4712", "refs/tags/v1", ".gitlab-ci.yml", "production"],
    );
    assert.equal(claims.run, `${gitlab.issuer.issuer}/group/sub/demo/-/jobs/1123`);
    assert.equal(claims.event, "push");
  });

  it("has no ref when a merge request calls its source a branch", async () => {
    const over = { ref: "main", ref_type: "branch", ref_path: "refs/merge-requests/7/head" };
    assert.equal((await verifier.verify(await ofGitlab(over))).ref, null);
  });

  it("names no workflow when the pipeline is defined in another project, or nowhere", async () => {
    for (const uri of [`${host()}/group/other//.gitlab-ci.yml@refs/tags/v1`, null, ""])
      assert.equal((await verifier.verify(await ofGitlab({ ci_config_ref_uri: uri }))).workflow, null);
  });

  it("is not taken for one of GitHub's by its claims", async () => {
    await refused(
      await signed(key, { ...githubPayload, ...stamped(gitlab.issuer, AUDIENCE, clock) }),
      "bad-token",
    );
  });
});

describe("a token that proves nothing", () => {
  it("is signed by another key of the same name", async () => {
    await refused(await signed(await newKey("one"), payload()), "bad-token");
  });

  it("is not signed at all", async () => {
    await refused(`${encoded({ alg: "none", kid: "one" })}.${encoded(payload())}.`, "bad-token");
  });

  it("is signed with the public key as a secret", async () => {
    const spki = createPublicKey({ key: { ...key.public }, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const body = `${encoded({ alg: "HS256", kid: "one" })}.${encoded(payload())}`;
    for (const secret of [spki, JSON.stringify(key.public)])
      await refused(`${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`, "bad-token");
  });

  it("is signed by the right key with an algorithm that no provider uses", async () => {
    const odd = await newKey("odd", "RS512");
    github.publish(key, odd);
    await refused(await signed(odd, payload()), "bad-token");
    github.publish(key);
  });

  it("brings its own key, or says where to find one", async () => {
    const own = await newKey("one");
    const before = github.asked();
    for (const extra of [
      { jwk: own.public },
      { jku: `${github.issuer.issuer}/mallory` },
      { x5u: github.issuer.issuer },
    ]) {
      const head = encoded({ alg: "RS256", kid: "one", ...extra });
      const body = `${head}.${encoded(payload())}`;
      const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", own.private, Buffer.from(body));
      await refused(`${body}.${Buffer.from(signature).toString("base64url")}`, "bad-token");
    }
    assert.equal(github.asked(), before + 1, "asked for something else than the keys");
  });

  it("names no key", async () => {
    await refused(await signed({ ...key, kid: undefined }, payload()), "bad-token");
  });

  it("comes from nobody whom the operator named", async () => {
    for (const iss of ["https://token.actions.example", `${github.issuer.issuer}/`, undefined, 7, ["a"]])
      await refused(await signed(key, payload({ iss })), "unknown-issuer");
  });

  it("is of one issuer, signed by another's key", async () => {
    const theirs = await newKey("theirs");
    gitlab.publish(key, theirs);
    await refused(await signed(theirs, payload()), "bad-token");
    gitlab.publish(key);
  });

  it("is meant for somebody else, or not only for us", async () => {
    for (const aud of [
      undefined,
      "",
      "https://other.example",
      `${AUDIENCE}/`,
      [],
      [AUDIENCE, "https://other.example"],
    ]) {
      const error = await refused(await signed(key, payload({ aud })), "wrong-audience");
      assert.match(error.message, /https:\/\/monitor\.example/);
    }
    await verifier.verify(await signed(key, payload({ aud: [AUDIENCE] })));
  });

  it("lacks a claim, or has one of another form", async () => {
    for (const claim of [
      "exp",
      "iat",
      "sub",
      "repository",
      "repository_owner_id",
      "sha",
      "workflow_ref",
      "job_workflow_ref",
      "event_name",
    ])
      await refused(await signed(key, payload({ [claim]: undefined })), "bad-token");
    for (const over of [
      { exp: "soon" },
      { iat: "now" },
      { repository: "demo" },
      { repository: "a/b/c" },
      { sha: "main" },
      { ref: {} },
      { ref: "x".repeat(600) },
    ])
      await refused(await signed(key, payload(over)), "bad-token");
  });

  it("is longer than any provider's", async () => {
    await verifier.verify(await signed(key, payload({ groups: "x".repeat(10_000) })));
    await refused(await signed(key, payload({ groups: "x".repeat(12_000) })), "bad-token");
  });

  it("has no form of a token, and costs nobody a question", async () => {
    const asked = github.asked();
    const texts = [
      "",
      "x",
      "a.b.c",
      "eyJ.eyJ.x",
      "eyJhbGciOiJSUzI1NiJ9.W10.x",
      `eyJ${"x".repeat(20_000)}.x.x`,
      "cf_ci_0_0",
      "eyJ.\u0000.\u2028",
    ];
    for (const text of texts) await refused(text, "bad-token");
    assert.equal(github.asked(), asked);
  });
});

describe("a token's time", () => {
  const at = (over: Record<string, unknown>): Promise<string> => signed(key, payload(over));

  it("ends", async () => {
    const token = await at({});
    clock.forward(300_000);
    await verifier.verify(token);
    clock.forward(30_000);
    await refused(token, "expired-token");
  });

  it("lasts an hour at most, whatever end it claims", async () => {
    const token = await at({ exp: clock.seconds() + 86_400 });
    clock.forward(3_600_000);
    await verifier.verify(token);
    clock.forward(31_000);
    await refused(token, "expired-token");
  });

  it("is not yet to come", async () => {
    await refused(await at({ nbf: clock.seconds() + 31 }), "bad-token");
    await refused(await at({ iat: clock.seconds() + 31, nbf: undefined }), "bad-token");
    await verifier.verify(await at({ iat: clock.seconds() + 30, nbf: clock.seconds() + 30 }));
  });
});

describe("what looks like a token", () => {
  it("has three parts, and is no key of ours", async () => {
    assert.ok(looksLikeToken(await signed(key, payload())));
    assert.ok(looksLikeToken(`${encoded({ alg: "none" })}.${encoded({})}.`));
    for (const text of [
      `cf_ci_${"0".repeat(16)}_${"0".repeat(64)}`,
      "",
      "eyJ",
      "a.b.c",
      "eyJx.y",
      "eyJx.y.z w",
    ])
      assert.ok(!looksLikeToken(text), text);
  });
});
