import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { initializeCA, initializeCTLog, initializeTLog } from "@sigstore/mock";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";

/** What one attestation shall say, and of whom. */
export interface Wish {
  readonly file: string;
  /** The bytes that it is about; or their digest, in hexadecimal digits. */
  readonly bytes?: string | Uint8Array;
  readonly hex?: string;
  readonly claims?: Claims;
  readonly predicateType?: string;
  /** In place of the statement: what is signed. */
  readonly payload?: string;
}

/** Fulcio's claims by number, as `1.3.6.1.4.1.57264.1.n`. */
export type Claims = Readonly<Record<number, string>>;

export const PUBLISH = "https://docs.pypi.org/attestations/publish/v1";
export const SLSA = "https://slsa.dev/provenance/v1";
const SHA = "0123456789abcdef0123456789abcdef01234567";

/** As GitHub's certificates have them. */
export const github = (repository: string, workflow = "release.yml", ref = "refs/tags/v1.0"): Claims => {
  const home = `https://github.com/${repository}`;
  const build = `${home}/.github/workflows/${workflow}@${ref}`;
  return {
    8: "https://token.actions.githubusercontent.com",
    9: build,
    12: home,
    13: SHA,
    14: ref,
    18: build,
  };
};

/** As GitLab's have them. */
export const gitlab = (repository: string, workflow = ".gitlab-ci.yml", ref = "refs/heads/main"): Claims => {
  const home = `https://gitlab.com/${repository}`;
  const build = `${home}//${workflow}@${ref}`;
  return { 8: "https://gitlab.com", 9: build, 12: home, 13: SHA, 14: ref, 18: build };
};

export interface Attestation {
  readonly version: number;
  verification_material: { certificate: string; transparency_entries: Record<string, unknown>[] };
  envelope: { statement: string; signature: string };
}

/** A Sigstore of one's own: authority, certificate log and transparency log, and the trusted root that names them. */
export interface Mint {
  /** In its JSON form. */
  readonly root: object;
  attest(wish: Wish): Promise<Attestation>;
}

const REKOR = "https://rekor.example";
const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const base64 = (bytes: string | ArrayBuffer | Uint8Array): string =>
  Buffer.from(typeof bytes === "string" ? Buffer.from(bytes) : new Uint8Array(bytes)).toString("base64");

/** Times that are not as they should be. */
export interface Times {
  /** When its certificates are issued, each for ten minutes. @default in a minute */
  readonly issuedAt?: Date;
  /** When its log takes entries in. @default when they are issued */
  readonly loggedAt?: Date;
  /** From when the root trusts its keys. @default always */
  readonly trustedFrom?: Date;
  readonly trustedUntil?: Date;
}

/** The authority's own certificate is good for a year from the moment at which it is made, by the machine's clock. */
export async function mint(times: Times = {}): Promise<Mint> {
  const { issuedAt = new Date(Date.now() + 60_000), loggedAt = issuedAt, trustedFrom = new Date(0) } = times;
  const ctLog = await initializeCTLog(keys(), issuedAt);
  const ca = await initializeCA(keys(), ctLog, issuedAt);
  const tLog = await initializeTLog(REKOR, keys(), loggedAt);
  const validFor = {
    start: trustedFrom.toISOString(),
    ...(times.trustedUntil && { end: times.trustedUntil.toISOString() }),
  };
  const log = (baseUrl: string, publicKey: Buffer) => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(publicKey), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: base64(createHash("sha256").update(publicKey).digest()) },
  });
  return {
    root: {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [log(REKOR, tLog.publicKey)],
      ctlogs: [log("https://ct.example", ctLog.publicKey)],
      certificateAuthorities: [
        {
          subject: { organization: "example", commonName: "example" },
          uri: "https://fulcio.example",
          certChain: { certificates: [{ rawBytes: base64(bytesOf(ca.rootCertificate)) }] },
          validFor,
        },
      ],
      timestampAuthorities: [],
    },
    attest: async (wish) => {
      const { publicKey, privateKey } = keys();
      const claims = wish.claims ?? github("lantern/lantern");
      const certificate = await ca.issueCertificate({
        publicKey: publicKey.export({ format: "der", type: "spki" }),
        subjectAltName: claims[9] ?? "https://nobody.example",
        extensions: Object.entries(claims).map(([n, value]) => ({ oid: `1.3.6.1.4.1.57264.1.${n}`, value })),
      });
      const statement = Buffer.from(wish.payload ?? statementOf(wish));
      const signature = sign("sha256", preAuthenticated(statement), privateKey);
      const der = base64(bytesOf(certificate));
      const pem = `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
      const entry = await tLog.log({
        apiVersion: "0.0.1",
        kind: "dsse",
        spec: {
          envelopeHash: { algorithm: "sha256", value: randomBytes(32).toString("hex") },
          payloadHash: { algorithm: "sha256", value: createHash("sha256").update(statement).digest("hex") },
          signatures: [{ signature: base64(signature), verifier: base64(pem) }],
        },
      });
      const [logged] = Object.values(entry);
      return {
        version: 1,
        verification_material: { certificate: der, transparency_entries: [entryOf(logged)] },
        envelope: { statement: base64(statement), signature: base64(signature) },
      };
    },
  };
}

const bytesOf = (view: ArrayBufferView<ArrayBuffer>): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function statementOf({ file, bytes = file, hex, predicateType = PUBLISH }: Wish): string {
  return JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: file, digest: { sha256: hex ?? hexOf(sha256(bytes)) } }],
    predicateType,
    predicate: null,
  });
}

/** DSSE v1. */
function preAuthenticated(payload: Buffer): Buffer {
  const type = "application/vnd.in-toto+json";
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
}

type Logged = Awaited<ReturnType<Awaited<ReturnType<typeof initializeTLog>>["log"]>>[string];

/** Rekor's own answer as attestations store it: 64-bit numbers are strings. */
function entryOf(logged: Logged | undefined): Record<string, unknown> {
  const { inclusionProof: proof, signedEntryTimestamp } = logged?.verification ?? {};
  if (logged === undefined || proof === undefined) throw new Error("the log gave no proof");
  return {
    logIndex: String(logged.logIndex),
    logId: { keyId: Buffer.from(logged.logID, "hex").toString("base64") },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: String(logged.integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: Buffer.from(proof.rootHash, "hex").toString("base64"),
      treeSize: String(proof.treeSize),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: String(logged.body),
  };
}

/** A provenance object, as the Integrity API answers it. */
export const provenanceOf = (
  attestations: readonly unknown[],
  publisher: object = {
    kind: "GitHub",
    repository: "lantern/lantern",
    workflow: "release.yml",
    environment: null,
  },
): string => JSON.stringify({ version: 1, attestation_bundles: [{ publisher, attestations }] });
