import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { type Instant, instant } from "../../../functions/domain/instants.ts";
import type { Issuer } from "../../../functions/records/oidc/issuers.ts";

/** A key of the provider's. `kid` is what it is called, by whoever calls it so. */
export interface ProviderKey {
  readonly kid: string;
  readonly alg: string;
  readonly private: CryptoKey;
  readonly public: JWK;
}

export async function newKey(kid: string, alg = "RS256"): Promise<ProviderKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return {
    kid,
    alg,
    private: pair.privateKey,
    public: { ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" },
  };
}

/** A CI provider on loopback: publishes keys, signs what it is told, and answers as badly as it is told. */
export interface Provider {
  readonly issuer: Issuer;
  /** How often it was asked for its keys. */
  readonly asked: () => number;
  /** Publishes these keys from now on. */
  publish(...keys: readonly ProviderKey[]): void;
  /** Answers in this way from now on; `null` for its keys. */
  answer(way: ((request: IncomingMessage, response: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

export async function startProvider(provider: Issuer["provider"] = "github"): Promise<Provider> {
  let [keys, asked]: [readonly JWK[], number] = [[], 0];
  let way: Parameters<Provider["answer"]>[0] = null;
  const server = createServer((request, response) => {
    asked += 1;
    if (way !== null) return way(request, response);
    response.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer: { provider, issuer: origin, keysUrl: `${origin}/keys` },
    asked: () => asked,
    publish: (...published) => {
      keys = published.map((key) => key.public);
    },
    answer: (next) => {
      way = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A clock that stands until it is moved. */
export class HandClock {
  #at: number;
  constructor(at: Instant) {
    this.#at = Date.parse(at);
  }
  now(): Instant {
    return instant(this.#at);
  }
  seconds(): number {
    return Math.floor(this.#at / 1000);
  }
  forward(ms: number): void {
    this.#at += ms;
  }
}

const SHA = "0123456789abcdef0123456789abcdef01234567";

/** What GitHub says of a push to the main branch of octo/demo, whose release.yml runs. */
export const githubPayload: JWTPayload = {
  sub: "repo:octo/demo:ref:refs/heads/main",
  repository: "octo/demo",
  repository_owner: "octo",
  repository_owner_id: "4711",
  ref: "refs/heads/main",
  ref_type: "branch",
  sha: SHA,
  workflow: "Release",
  workflow_ref: "octo/demo/.github/workflows/release.yml@refs/heads/main",
  workflow_sha: SHA,
  job_workflow_ref: "octo/demo/.github/workflows/release.yml@refs/heads/main",
  job_workflow_sha: SHA,
  environment: "PyPI",
  event_name: "push",
  head_ref: "",
  base_ref: "",
  run_id: "1746933707",
  run_attempt: "2",
  runner_environment: "github-hosted",
};

/** What a GitLab on `host` says of the tag v1 of group/sub/demo. */
export const gitlabPayload = (host: string): JWTPayload => ({
  sub: "project_path:group/sub/demo:ref_type:tag:ref:v1",
  project_path: "group/sub/demo",
  project_id: "28",
  namespace_path: "group/sub",
  namespace_id: "4712",
  user_login: "somebody",
  pipeline_id: "455",
  pipeline_source: "push",
  job_id: "1123",
  ref: "v1",
  ref_type: "tag",
  ref_path: "refs/tags/v1",
  ref_protected: "true",
  environment: "production",
  runner_id: 1,
  sha: SHA,
  ci_config_ref_uri: `${host}/group/sub/demo//.gitlab-ci.yml@refs/tags/v1`,
  ci_config_sha: SHA,
});

/** The times and names that every token has, as of now. */
export const stamped = (issuer: Issuer, audience: string, clock: HandClock): JWTPayload => ({
  iss: issuer.issuer,
  aud: audience,
  iat: clock.seconds(),
  nbf: clock.seconds() - 600,
  exp: clock.seconds() + 300,
  jti: "17dfb15e-10fa-4139-86c7-86b4d77e1243",
});

/** Without a `kid` the token names no key. */
export const signed = (
  { kid, alg, private: secret }: Pick<ProviderKey, "alg" | "private"> & { readonly kid?: string | undefined },
  payload: JWTPayload,
): Promise<string> =>
  new SignJWT(payload)
    .setProtectedHeader({ alg, typ: "JWT", ...(kid === undefined ? {} : { kid }) })
    .sign(secret);
