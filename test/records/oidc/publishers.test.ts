import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PublisherClaims } from "../../../functions/domain/enrolments.ts";
import type { Claims } from "../../../functions/records/oidc/claims.ts";
import { publisherFor } from "../../../functions/records/oidc/publishers.ts";
import { TokenRefused } from "../../../functions/records/oidc/refusals.ts";

const claims: Claims = {
  provider: "github",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:octo/demo:environment:PyPI",
  repository: "octo/demo",
  ownerId: "4711",
  ref: "refs/tags/v1.0",
  workflow: "release.yml",
  definedIn: "octo/demo/.github/workflows/release.yml@refs/tags/v1.0",
  environment: "PyPI",
  event: "release",
  sha: "0123456789abcdef0123456789abcdef01234567",
  run: null,
  tokenId: null,
};

const publisher: PublisherClaims = {
  provider: "github",
  issuer: claims.issuer,
  repository: "Octo/Demo",
  ownerId: "4711",
  workflow: "release.yml",
  ref: "refs/tags/v*",
  environment: "pypi",
};

const fits = (said: Partial<Claims>, wanted: Partial<PublisherClaims> = {}): boolean => {
  try {
    publisherFor({ ...claims, ...said }, [{ ...publisher, ...wanted }]);
    return true;
  } catch (error) {
    assert.ok(error instanceof TokenRefused && error.code === "token-not-bound", String(error));
    return false;
  }
};

function whyNot(said: Partial<Claims>, publishers: readonly PublisherClaims[] = [publisher]): string {
  try {
    publisherFor({ ...claims, ...said }, publishers);
  } catch (error) {
    assert.ok(error instanceof TokenRefused);
    return error.message;
  }
  return assert.fail("it fits");
}

describe("a publisher", () => {
  it("fits the job it was enrolled for", () => {
    assert.ok(fits({}));
    assert.ok(fits({}, { workflow: null }));
    assert.ok(fits({}, { ref: null, environment: null, ownerId: null }));
  });

  it("is answered itself, with whatever else the caller keeps of it", () => {
    const kept = [
      { ...publisher, id: "a", repository: "octo/other" },
      { ...publisher, id: "b" },
      { ...publisher, id: "c" },
    ];
    assert.equal(publisherFor(claims, kept), kept[1]);
  });

  it("fits no other repository, and no other issuer's of the same name", () => {
    assert.ok(!fits({ repository: "octo/demo2" }));
    assert.ok(!fits({ repository: "mallory/demo" }));
    assert.ok(!fits({ issuer: "https://ghe.example/_services/token" }));
    assert.ok(!fits({ provider: "gitlab" }));
  });

  it("fits no new owner of an old name", () => {
    assert.ok(!fits({ ownerId: "4712" }));
    assert.ok(fits({ ownerId: "4712" }, { ownerId: null }));
  });

  it("fits no other workflow, and none that is not wholly the repository's own, even when it names none", () => {
    assert.ok(!fits({ workflow: "tests.yml" }));
    assert.ok(!fits({ workflow: "Release.yml" }));
    assert.ok(!fits({ workflow: null }));
    assert.ok(!fits({ workflow: null }, { workflow: null }));
  });

  it("fits its ref, or what its star covers", () => {
    assert.ok(fits({ ref: "refs/tags/v1" }));
    assert.ok(!fits({ ref: "refs/tags/1" }));
    assert.ok(!fits({ ref: "refs/heads/v1" }));
    assert.ok(!fits({ ref: null }));
    assert.ok(fits({ ref: "refs/heads/main" }, { ref: "refs/heads/main" }));
    assert.ok(!fits({ ref: "refs/heads/main2" }, { ref: "refs/heads/main" }));
  });

  it("fits its environment: in any case on GitHub, to the letter on GitLab", () => {
    assert.ok(!fits({ environment: "staging" }));
    assert.ok(!fits({ environment: null }));
    const ofGitlab = { provider: "gitlab" } as const;
    assert.ok(!fits(ofGitlab, ofGitlab));
    assert.ok(fits({ ...ofGitlab, environment: "pypi" }, ofGitlab));
  });

  it("fits nothing that a proposal set off", () => {
    for (const event of [
      "pull_request",
      "pull_request_target",
      "pull_request_review",
      "merge_request_event",
      "external_pull_request_event",
    ])
      assert.ok(!fits({ event }), event);
    for (const event of [
      "push",
      "release",
      "workflow_dispatch",
      "schedule",
      "web",
      "parent_pipeline",
      "merge_group",
    ])
      assert.ok(fits({ event }), event);
  });
});

describe("the refusal of a token that no publisher fits", () => {
  it("says what the token says, and which fields did not fit", () => {
    const why = whyNot({ ref: "refs/heads/main", environment: null });
    assert.match(
      why,
      /octo\/demo \(owner 4711\), the workflow "release.yml", on "refs\/heads\/main", in no environment, set off by release/,
    );
    assert.match(why, /What does not fit: ref, environment\.$/);
  });

  it("names where a foreign workflow lies", () => {
    const definedIn = "mallory/tools/.github/workflows/x.yml@main";
    assert.match(
      whyNot({ workflow: null, definedIn }),
      /defined in "mallory\/tools.*What does not fit: workflow\.$/,
    );
  });

  it("is about the closest publisher", () => {
    const far = { ...publisher, workflow: "other.yml", environment: "other" };
    assert.match(whyNot({ ref: null }, [far, publisher, far]), /What does not fit: ref\.$/);
  });

  it("tells a stranger nothing of any publisher", () => {
    const stranger = { repository: "mallory/demo", ownerId: "666" };
    assert.equal(whyNot(stranger), whyNot(stranger, []));
    assert.equal(whyNot(stranger), whyNot(stranger, [publisher, publisher]));
  });

  it("tells the new owner of an old name only that", () => {
    assert.match(
      whyNot({ ownerId: "666", ref: null, workflow: "x.yml", environment: null }),
      /What does not fit: ownerId\.$/,
    );
  });

  it("never says what a publisher holds", () => {
    const secretive = {
      ...publisher,
      workflow: "hidden.yml",
      ref: "refs/tags/hidden*",
      environment: "hidden",
    };
    assert.doesNotMatch(whyNot({}, [secretive]), /hidden/);
    assert.doesNotMatch(whyNot({ ownerId: "1" }, [{ ...secretive, ownerId: "999" }]), /hidden|999/);
  });
});
