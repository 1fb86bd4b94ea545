import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import { type Examined, examinationUnder } from "../../functions/pypi/sigstore.ts";
import { PUBLISH, provenanceOf, SLSA } from "./minting.ts";

const FOLDER = new URL("../fixtures/provenance/", import.meta.url);
const examine = examinationUnder(undefined);
const bytes = (text: string): Buffer => Buffer.from(text);

/** A fixture as an object of the Integrity API, with what the index would have written beside it. */
function fixture(name: string, publisher: object = { kind: "unheard of" }): string {
  const text = readFileSync(new URL(name, FOLDER), "utf8");
  return name.endsWith(".provenance.json") ? text : provenanceOf([JSON.parse(text)], publisher);
}

const fileOf = (name: string): string =>
  name.replace(/(\.publish|\.slsa)?\.(attestation|provenance)\.json$/, "");

const reasonIn = (examined: Examined): string => {
  assert.equal(examined.outcome, "refused", JSON.stringify(examined));
  return examined.outcome === "refused" ? examined.reason : "";
};

const GITHUB = { provider: "github", issuer: "https://token.actions.githubusercontent.com" };
const BY_RELEASE = { ...GITHUB, workflow: "release.yml", predicateType: PUBLISH };
const SHA_OF_ATTESTATIONS = {
  repository: "trailofbits/pypi-attestations",
  ref: "refs/tags/v0.0.19",
  sha: "08802efe1f8e5fec4ad842d6b8ce97656092ee72",
  digest: "sha256:9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3",
};

/** What certificates and statements of real ones say, read with other tools. */
const REAL: Readonly<Record<string, object>> = {
  "gitlab_oidc_project-0.0.3.tar.gz.publish.attestation.json": {
    provider: "gitlab",
    issuer: "https://gitlab.com",
    repository: "facutuesca/gitlab-oidc-project",
    workflow: ".gitlab-ci.yml",
    ref: "refs/heads/main",
    sha: "72f7c63b75eb55ea80864962f0e645c93414da34",
    predicateType: PUBLISH,
    digest: "sha256:c1ca9b0d85df1606451098233018534497bf584362e10e4a8c21dfaea92c02a8",
    at: "2024-11-19T17:37:00.000Z",
  },
  "pypi_attestation_models-0.0.4a2.tar.gz.attestation.json": {
    ...BY_RELEASE,
    repository: "trailofbits/pypi-attestation-models",
    ref: "refs/tags/v0.0.4a2",
    sha: "153c9a3f5c152ef5405cba227676534658acde27",
    digest: "sha256:c9709ce6fd5b67b59b4a28758cf14d3f411803c4b89b6068b1f1a8e4ee94c8ef",
    at: "2024-06-10T19:47:25.000Z",
  },
  "pypi_attestations-0.0.19.tar.gz.provenance.json": {
    ...BY_RELEASE,
    ...SHA_OF_ATTESTATIONS,
    at: "2024-12-04T23:14:01.000Z",
  },
  "pypi_attestations-0.0.19.tar.gz.slsa.attestation.json": {
    ...BY_RELEASE,
    ...SHA_OF_ATTESTATIONS,
    predicateType: SLSA,
    at: "2024-12-04T23:13:46.000Z",
  },
  "sampleproject-3.0.0.tar.gz.publish.attestation.json": {
    provider: "https://accounts.google.com",
    issuer: "https://accounts.google.com",
    repository: "919436158236-compute@developer.gserviceaccount.com",
    workflow: null,
    ref: null,
    sha: null,
    predicateType: PUBLISH,
    digest: "sha256:117ed88e5db073bb92969a7545745fd977ee85b7019706dd256a64058f70963d",
    at: "2024-08-29T17:09:39.000Z",
  },
  "sampleproject-4.0.0.tar.gz.provenance.json": {
    ...BY_RELEASE,
    repository: "pypa/sampleproject",
    ref: "refs/heads/main",
    sha: "621e4974ca25ce531773def586ba3ed8e736b3fc",
    digest: "sha256:0ace7980f82c5815ede4cd7bf9f6693684cec2ae47b9b7ade9add533b8627c6b",
    at: "2024-11-06T22:37:07.000Z",
  },
};

const FIXTURES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

describe("a real attestation under the bundled root", () => {
  for (const name of FIXTURES.filter((each) => each in REAL))
    it(`verifies with the claims of its certificate: ${name}`, () => {
      const text = fixture(name);
      assert.deepEqual(examine(bytes(text), fileOf(name)), {
        outcome: "verified",
        attested: [REAL[name]],
        object: sha256(text),
      });
    });

  it("is in the fixtures six times, and two were signed under another root", () => {
    assert.equal(Object.keys(REAL).length, 6);
    const others = FIXTURES.filter((name) => !(name in REAL));
    assert.equal(others.length, 2);
    for (const name of others)
      assert.match(reasonIn(examine(bytes(fixture(name)), fileOf(name))), /not of Sigstore's authority/);
  });

  it("says nothing of another file", () => {
    const text = fixture("sampleproject-4.0.0.tar.gz.provenance.json");
    assert.match(reasonIn(examine(bytes(text), "sampleproject-4.0.1.tar.gz")), /another file/);
  });
});
