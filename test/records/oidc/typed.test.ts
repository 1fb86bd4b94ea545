import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DEFAULT_ISSUERS, type Issuer } from "../../../functions/records/oidc/issuers.ts";
import { PublisherRefused } from "../../../functions/records/oidc/refusals.ts";
import { checkPublisher, type TypedPublisher } from "../../../functions/records/oidc/typed.ts";

const ENTERPRISE: Issuer = {
  provider: "github",
  issuer: "https://ghe.example/_services/token",
  keysUrl: "https://ghe.example/_services/token/.well-known/jwks",
};

const github = (over: Partial<TypedPublisher> = {}): TypedPublisher => ({
  provider: "github",
  repository: "octo/demo",
  workflow: "release.yml",
  ...over,
});

const refused = (typed: TypedPublisher, why: RegExp, issuers = DEFAULT_ISSUERS): void =>
  assert.throws(
    () => checkPublisher(typed, issuers),
    (error) => error instanceof PublisherRefused && error.code === "bad-publisher" && why.test(error.message),
    JSON.stringify(typed),
  );

describe("a publisher that somebody typed", () => {
  it("is enrolled with what it leaves out as null", () => {
    assert.deepEqual(checkPublisher(github({ ref: "", environment: null })), {
      provider: "github",
      issuer: "https://token.actions.githubusercontent.com",
      repository: "octo/demo",
      ownerId: null,
      workflow: "release.yml",
      ref: null,
      environment: null,
    });
  });

  it("may be a page's address, which says whose it is", () => {
    for (const repository of [
      "https://github.com/octo/demo",
      "https://github.com/octo/demo.git",
      " https://GitHub.com/octo/demo/ ",
    ]) {
      const claims = checkPublisher({ repository, workflow: ".github/workflows/release.yml" });
      assert.deepEqual(
        [claims.provider, claims.repository, claims.workflow],
        ["github", "octo/demo", "release.yml"],
      );
    }
    const claims = checkPublisher({
      repository: "https://gitlab.com/group/sub/demo",
      ref: "refs/heads/main",
    });
    assert.deepEqual(
      [claims.provider, claims.issuer, claims.repository],
      ["gitlab", "https://gitlab.com", "group/sub/demo"],
    );
  });

  it("may leave out the scheme of the address", () => {
    assert.equal(checkPublisher(github({ repository: "github.com/octo/demo" })).repository, "octo/demo");
    const typed = { provider: "gitlab", repository: "gitlab.com/group/demo", workflow: ".gitlab-ci.yml" };
    assert.equal(checkPublisher(typed).repository, "group/demo");
  });

  it("keeps the owner's id as text, typed as text or number", () => {
    assert.equal(checkPublisher(github({ ownerId: 4711 })).ownerId, "4711");
    assert.equal(checkPublisher(github({ ownerId: "4711" })).ownerId, "4711");
    for (const ownerId of ["octo", "0", "-1", "1.5", "1e3"]) refused(github({ ownerId }), /number/);
  });

  it("keeps a GitLab path with its folders", () => {
    const typed = { provider: "gitlab", repository: "group/demo", workflow: "/ci/release.yaml" };
    assert.equal(checkPublisher(typed).workflow, "ci/release.yaml");
  });

  it("is refused when it is of a provider that the operator did not name", () => {
    refused(github({ provider: "bitbucket" }), /believes the tokens of https:\/\/token/);
    refused(github({ issuer: "https://evil.example" }), /no such provider/);
    refused({ repository: "https://codeberg.org/octo/demo", workflow: "a.yml" }, /no such provider/);
    refused(github({ repository: "https://gitlab.com/octo/demo" }), /no such provider/);
  });

  it("must say whose tokens it means when there are two", () => {
    const issuers = [...DEFAULT_ISSUERS, ENTERPRISE];
    refused({ repository: "octo/demo", workflow: "a.yml" }, /"issuer" is one of/);
    refused(github(), /"issuer" is one of/, issuers);
    assert.equal(
      checkPublisher(github({ repository: "https://ghe.example/octo/demo" }), issuers).issuer,
      ENTERPRISE.issuer,
    );
    assert.equal(checkPublisher(github({ issuer: ENTERPRISE.issuer }), issuers).issuer, ENTERPRISE.issuer);
  });

  it("is refused when its repository is none", () => {
    for (const repository of [
      "",
      "demo",
      "octo/",
      "/demo",
      "a/b/c",
      "../demo",
      "octo/..",
      "octo/de mo",
      "octo/demo?x",
      "https://github.com/",
      "octo/\u202edemo",
    ])
      refused(github({ repository }), /owner\/name/);
  });

  it("is refused when its workflow is no file there", () => {
    for (const workflow of ["release", "a/b.yml", "Release notes", "x.yml@main", ".yml/", "a\u0000.yml"])
      refused(github({ workflow }), /workflow/);
  });

  it("is refused when its ref is not written in full, or has a star within", () => {
    for (const ref of [
      "main",
      "v*",
      "refs/pull/1/merge",
      "refs/*",
      "*",
      "refs/tags/v*.0",
      "refs/tags/",
      "refs/heads/a b",
      "refs/tags/v**",
    ])
      refused(github({ ref }), /in full/);
    for (const ref of ["refs/heads/main", "refs/tags/v*", "refs/tags/*", "refs/heads/release/1.x"])
      assert.equal(checkPublisher(github({ ref })).ref, ref);
  });

  it("is refused when any job of the repository would fit", () => {
    for (const ref of [null, "refs/heads/*", "refs/tags/*"])
      refused(github({ workflow: null, ref, environment: "pypi" }), /every job/);
    checkPublisher(github({ workflow: null, ref: "refs/tags/v*" }));
  });

  it("is refused when its environment's name would be drawn otherwise than it is", () => {
    for (const environment of ["py\u202epi", "a\u0000", "x".repeat(256)])
      refused(github({ environment }), /environment/);
  });

  it("is what it was when it is typed again", () => {
    const once = checkPublisher(github({ ref: "refs/tags/v*", environment: "PyPI", ownerId: 1 }));
    assert.deepEqual(checkPublisher(once), once);
  });

  it("is enrolled or refused, and nothing else happens, whatever it is", () => {
    const some = (...likely: readonly string[]) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...likely) },
        fc.constantFrom(null, ""),
        fc.string({ unit: "binary" }),
        fc.webUrl(),
      );
    const typed = fc.record({
      provider: some("github", "gitlab"),
      repository: some("a/b", "https://github.com/a/b").map(String),
      ownerId: some("7"),
      workflow: some("a.yml", "ci/a.yml"),
      ref: some("refs/heads/main", "refs/tags/*"),
      environment: some("pypi"),
    });
    let enrolled = 0;
    const check = (each: TypedPublisher): void => {
      try {
        const claims = checkPublisher(each);
        enrolled += 1;
        assert.deepEqual(checkPublisher(claims), claims);
      } catch (error) {
        if (!(error instanceof PublisherRefused)) throw error;
      }
    };
    fc.assert(fc.property(typed, check), { numRuns: 2000 });
    assert.ok(enrolled > 100, `only ${enrolled} were enrolled`);
  });
});
