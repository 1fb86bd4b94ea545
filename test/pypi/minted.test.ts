import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Attested } from "../../functions/domain/facts.ts";
import { type Examined, examination } from "../../functions/pypi/sigstore.ts";
import { trustedRoot } from "../../functions/pypi/trusted-root.ts";
import {
  type Attestation,
  type Claims,
  github,
  gitlab,
  type Mint,
  mint,
  PUBLISH,
  provenanceOf,
  SLSA,
  type Wish,
} from "./minting.ts";

const FILE = "lantern-1.0.tar.gz";
const SIGSTORE = await mint();
const STRANGER = await mint();

const under = (root: object) => {
  const examine = examination(trustedRoot(root));
  return (text: string, file = FILE): Examined => examine(Buffer.from(text), file);
};
const examine = under(SIGSTORE.root);

const attest = (wish: Partial<Wish> = {}, by: Mint = SIGSTORE): Promise<Attestation> =>
  by.attest({ file: FILE, ...wish });

function attestedIn(examined: Examined): readonly Attested[] {
  assert.equal(examined.outcome, "verified", JSON.stringify(examined));
  return examined.outcome === "verified" ? examined.attested : [];
}

function refused(examined: Examined, reason: RegExp): void {
  assert.equal(examined.outcome, "refused", JSON.stringify(examined));
  if (examined.outcome === "refused") assert.match(examined.reason, reason);
}

const UNHEARD = { kind: "unheard of" };
const claimed = async (claims: Claims, publisher: object = UNHEARD): Promise<Examined> =>
  examine(provenanceOf([await attest({ claims })], publisher));

suite("an attestation under an operator's root", () => {
  test("says what its certificate claims, of GitHub", async () => {
    const text = provenanceOf([await attest({ bytes: "genuine" })]);
    const [only, ...others] = attestedIn(examine(text));
    const { at = "", ...said } = only ?? {};
    assert.match(at, /^20\d\d-\S+\.000Z$/);
    assert.deepEqual(
      [said, others],
      [
        {
          provider: "github",
          issuer: "https://token.actions.githubusercontent.com",
          repository: "lantern/lantern",
          workflow: "release.yml",
          ref: "refs/tags/v1.0",
          sha: "0123456789abcdef0123456789abcdef01234567",
          predicateType: PUBLISH,
          digest: sha256("genuine"),
        },
        [],
      ],
    );
  });

  test("and of GitLab, whose paths have folders", async () => {
    const publisher = {
      kind: "GitLab",
      repository: "light/house/lantern",
      workflow_filepath: "ci/release.yml",
      environment: "",
    };
    const [one] = attestedIn(await claimed(gitlab("light/house/lantern", "ci/release.yml"), publisher));
    assert.deepEqual(
      [one?.provider, one?.repository, one?.workflow],
      ["gitlab", "light/house/lantern", "ci/release.yml"],
    );
  });

  test("tells other issuers by their address, and a CI file elsewhere as it stands", async () => {
    const own = "https://gitlab.example.org";
    const [one] = attestedIn(
      await claimed(
        {
          8: own,
          12: `${own}/light/lantern`,
          14: "refs/heads/main",
          18: `${own}/light/lantern//x.yml@refs/heads/main`,
        },
        { kind: "GitLab", repository: "light/lantern", workflow_filepath: "x.yml" },
      ),
    );
    assert.deepEqual(
      [one?.provider, one?.repository, one?.workflow, one?.sha],
      [own, "light/lantern", "x.yml", null],
    );
    const build = "https://github.com/thief/actions/.github/workflows/release.yml@refs/heads/main";
    for (const elsewhere of [
      build,
      `${build}2`,
      "https://github.com/lantern/lantern/.github/workflows/release.yml@refs/heads/x",
    ]) {
      const [other] = attestedIn(await claimed({ ...github("lantern/lantern"), 18: elsewhere }));
      assert.equal(other?.workflow, elsewhere);
    }
  });

  test("verifies beside others, each with its own claims; and one bad one spoils all", async () => {
    const all = [await attest(), await attest({ predicateType: SLSA, claims: gitlab("lantern/lantern") })];
    assert.deepEqual(
      attestedIn(examine(provenanceOf(all, UNHEARD))).map(({ provider, predicateType }) => [
        provider,
        predicateType,
      ]),
      [
        ["github", PUBLISH],
        ["gitlab", SLSA],
      ],
    );
    const bad = await attest({}, STRANGER);
    for (const spoiled of [[...all, bad], [bad, ...all], [bad]])
      refused(examine(provenanceOf(spoiled, UNHEARD)), /not of Sigstore's authority/);
    const two = { publisher: UNHEARD, attestations: [bad] };
    const object = { version: 1, attestation_bundles: [{ publisher: UNHEARD, attestations: all }, two] };
    refused(examine(JSON.stringify(object)), /not of Sigstore's authority/);
  });

  test("verifies in the forms in which old ones are stored", async () => {
    const { verification_material: material, envelope } = await attest();
    const broken = (base64: string): string => base64.replace(/.{76}/g, "$&\n");
    const old = {
      version: 1,
      verification_material: { ...material, certificate: broken(material.certificate) },
      envelope: { statement: broken(envelope.statement), signature: `${broken(envelope.signature)}\n` },
      unheard: "of",
    };
    const publisher = {
      kind: "GitHub",
      claims: null,
      environment: "",
      repository: "Lantern/Lantern",
      workflow: "release.yml",
    };
    assert.equal(attestedIn(examine(provenanceOf([old], publisher))).length, 1);
  });
});

suite("an attestation is refused", () => {
  test("under another root, an outdated one, and one that begins later", async () => {
    const text = provenanceOf([await attest()]);
    refused(under(STRANGER.root)(text), /not of Sigstore's authority/);
    const [soon, year] = [Date.now() + 60_000, 365 * 86_400_000];
    const trusts: readonly [object, RegExp][] = [
      [{ trustedUntil: new Date(soon - year) }, /authority|promised|log/],
      [{ trustedFrom: new Date(soon + year) }, /authority|promised|log/],
      [{ issuedAt: new Date(soon + 2 * year) }, /authority/],
    ];
    for (const [times, reason] of trusts) {
      const other = await mint(times);
      refused(under(other.root)(provenanceOf([await attest({}, other)])), reason);
    }
  });

  test("when its certificate was not good when the log took it in", async () => {
    const soon = Date.now() + 60_000;
    for (const minutes of [-5, 11]) {
      const late = await mint({ issuedAt: new Date(soon), loggedAt: new Date(soon + minutes * 60_000) });
      refused(under(late.root)(provenanceOf([await attest({}, late)])), /was not good when it was used/);
    }
  });

  test("about another file, several, none, or of an unknown kind", async () => {
    const digest = { sha256: "ab".repeat(32) };
    const statement = (spoiled: object): string =>
      JSON.stringify({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: FILE, digest }],
        predicateType: PUBLISH,
        ...spoiled,
      });
    const other = { name: "lantern-1.1.tar.gz", digest };
    const rows: readonly [string, RegExp][] = [
      [statement({ subject: [other] }), /another file, lantern-1\.1\.tar\.gz/],
      [statement({ subject: [{ name: FILE, digest }, other] }), /2 files instead of one/],
      [statement({ subject: [] }), /0 files instead of one/],
      [statement({ subject: [{ name: FILE, digest: { sha256: "ab" } }] }), /no SHA-256/],
      [statement({ subject: [{ name: FILE, digest: { sha512: "ab" } }] }), /no in-toto statement/],
      [statement({ predicateType: "https://example.org/x" }), /unknown kind, https:\/\/example\.org\/x/],
      [statement({ _type: "https://in-toto.io/Statement/v0.1" }), /no in-toto statement/],
      ["[]", /no in-toto statement/],
      ["genuine", /is no JSON/],
    ];
    assert.equal(attestedIn(examine(provenanceOf([await attest({ payload: statement({}) })]))).length, 1);
    for (const [payload, reason] of rows) refused(examine(provenanceOf([await attest({ payload })])), reason);
  });

  test("by a certificate that does not say who published", async () => {
    const { 8: issuer = "", 12: source = "", ...rest } = github("lantern/lantern");
    refused(await claimed({ ...rest, 12: source }), /who vouched/);
    refused(await claimed({ ...rest, 8: issuer }), /neither a repository nor an account/);
    refused(
      await claimed({ ...rest, 8: issuer, 12: "https://gitlab.com/lantern/lantern" }),
      /where its provider has none/,
    );
    refused(await claimed({ ...rest, 8: issuer, 12: "lantern/lantern" }), /where its provider has none/);
    refused(await claimed({ ...rest, 8: issuer, 12: `${source}\u0000` }), /claim 12 .* no plain text/);
    refused(await claimed({ ...rest, 8: issuer, 12: `${source}${"x".repeat(1_000)}` }), /claim 12/);
  });

  test("where the index says somebody else published it", async () => {
    const GITHUB = { kind: "GitHub", repository: "lantern/lantern", workflow: "release.yml" };
    for (const publisher of [
      { ...GITHUB, repository: "thief/lantern" },
      { ...GITHUB, workflow: "test.yml" },
      { kind: "GitLab", repository: "lantern/lantern" },
      { kind: "Google", email: "thief@example.org" },
    ])
      refused(await claimed(github("lantern/lantern"), publisher), /another publisher beside it/);
    const silent = [
      GITHUB,
      { kind: "GitHub" },
      { ...GITHUB, workflow: null },
      { kind: "GitHub", repository: 7 },
    ];
    for (const publisher of silent) attestedIn(await claimed(github("lantern/lantern"), publisher));
  });

  test("with parts of another one", async () => {
    const [mine, other] = [
      await attest({ bytes: "genuine" }),
      await attest({ bytes: "malware", claims: github("thief/x") }),
    ];
    const mixed: readonly [Attestation, RegExp][] = [
      [{ ...mine, envelope: other.envelope }, /entry is about something else|not of what it claims/],
      [{ ...mine, verification_material: other.verification_material }, /entry is about something else/],
      [{ ...mine, envelope: { ...mine.envelope, statement: other.envelope.statement } }, /something else/],
      [{ ...mine, envelope: { ...mine.envelope, signature: other.envelope.signature } }, /something else/],
      [
        {
          ...mine,
          verification_material: {
            ...mine.verification_material,
            certificate: other.verification_material.certificate,
          },
        },
        /not of what it claims to sign/,
      ],
    ];
    for (const [spoiled, reason] of mixed) refused(examine(provenanceOf([spoiled], UNHEARD)), reason);
  });

  test("without what shows that the log took it in", async () => {
    const without = async (...names: string[]): Promise<Examined> => {
      const { verification_material: material, ...rest } = await attest();
      const [entry = {}] = material.transparency_entries;
      const kept = Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)));
      return examine(
        provenanceOf([{ ...rest, verification_material: { ...material, transparency_entries: [kept] } }]),
      );
    };
    attestedIn(await without());
    refused(await without("inclusionPromise"), /no log says when/);
    refused(await without("inclusionProof"), /cannot be read/);
    refused(await without("canonicalizedBody"), /./);
    refused(await without("integratedTime"), /./);
    const { verification_material: material, ...rest } = await attest();
    refused(
      examine(provenanceOf([{ ...rest, verification_material: { ...material, transparency_entries: [] } }])),
      /no provenance object of PEP 740/,
    );
  });
});
