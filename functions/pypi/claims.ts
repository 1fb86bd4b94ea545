import type { Signer } from "@sigstore/verify";
import type { Attested } from "../domain/facts.ts";
import { NotHolding, type PublisherSaid } from "./attestations.ts";

/** Who published, by the certificate that Fulcio gave to the job. */
export type Identity = Pick<Attested, "provider" | "issuer" | "repository" | "workflow" | "ref" | "sha">;

/** Providers whose repositories have a home of their own. Of others only what the certificate itself says is told. */
const HOMES = {
  github: { issuer: "https://token.actions.githubusercontent.com", home: "https://github.com/" },
  gitlab: { issuer: "https://gitlab.com", home: "https://gitlab.com/" },
} as const;

/** https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md: 1.3.6.1.4.1.57264.1.n, each a DER UTF8String from 8 on. */
const FULCIO = "1.3.6.1.4.1.57264.1.";
const CLAIMS = { issuer: 8, repository: 12, sha: 13, ref: 14, build: 18 } as const;

/** Longer than any name that an enrolment can expect: one that was cut could be taken for another. */
const MOST_CLAIM_CHARACTERS = 1_000;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** Reads who published from the claims of a certificate whose chain holds. Throws `NotHolding` where it names nobody. */
export function identityOf(signer: Signer): Identity {
  const claim = (name: keyof typeof CLAIMS): string | null => claimIn(signer, CLAIMS[name]);
  const issuer = claim("issuer");
  if (issuer === null) throw new NotHolding("its certificate does not say who vouched for the publisher");
  const [provider, home] = providerOf(issuer);
  const source = claim("repository");
  if (source === null)
    return { provider, issuer, repository: addressOf(signer), workflow: null, ref: null, sha: null };
  const repository = repositoryIn(source, home);
  const [ref, sha] = [claim("ref"), claim("sha")];
  return { provider, issuer, repository, workflow: workflowIn(claim("build"), source, [ref, sha]), ref, sha };
}

function providerOf(issuer: string): readonly [provider: string, home: string | null] {
  const known = Object.entries(HOMES).find(([, each]) => each.issuer === issuer);
  return known === undefined ? [issuer, null] : [known[0], known[1].home];
}

/** No URI has this form; the certificate's other names are URIs. */
const ADDRESS = /^[^\s@/:]{1,200}@[^\s@/:]{1,200}$/;

/** A service account publishes by its address, and has no repository. */
function addressOf({ identity }: Signer): string {
  const address = identity?.subjectAlternativeName ?? "";
  if (!ADDRESS.test(address) || !PRINTABLE.test(address))
    throw new NotHolding("its certificate names neither a repository nor an account");
  return address;
}

function repositoryIn(source: string, home: string | null): string {
  const url = URL.parse(source);
  if (url === null || url.protocol !== "https:" || (home !== null && !source.startsWith(home)))
    throw new NotHolding(
      `its certificate names a repository where its provider has none, ${source.slice(0, 200)}`,
    );
  return home === null ? url.pathname.slice(1) : source.slice(home.length);
}

/**
 * `<repository>/.github/workflows/<file>@<ref>`, and for GitLab `<repository>//<path>@<ref>`. One that lies elsewhere, or is of
 * another ref than the sources, is told as it stands, and is nobody's workflow.
 */
function workflowIn(build: string | null, source: string, refs: readonly (string | null)[]): string | null {
  const at = refs.find((ref) => ref !== null && build?.endsWith(`@${ref}`) === true) ?? null;
  if (build === null || at === null) return build;
  const path = build.slice(0, -at.length - 1);
  const within = [`${source}/.github/workflows/`, `${source}//`].find((folder) => path.startsWith(folder));
  return within === undefined ? build : path.slice(within.length);
}

/** One claim's text. Throws `NotHolding` for one that no name can be. */
function claimIn({ identity }: Signer, number: number): string | null {
  const found = (identity?.oids ?? []).filter(({ oid }) => oid?.id.join(".") === `${FULCIO}${number}`);
  const [extension] = found;
  if (extension === undefined) return null;
  const text = found.length === 1 ? utf8StringIn(extension.value) : null;
  if (text === null || !PRINTABLE.test(text) || text.length > MOST_CLAIM_CHARACTERS)
    throw new NotHolding(`claim ${number} of its certificate is no plain text`);
  return text;
}

/** DER (X.690): tag 12, the length in one byte or behind how many bytes it takes, the text. `null` for anything else. */
function utf8StringIn(der: Buffer): string | null {
  const [tag, first = 0] = der;
  const begins = first < 0x80 ? 2 : 2 + (first & 0x7f);
  if (tag !== 0x0c || begins > 4 || der.length < begins) return null;
  const length = first < 0x80 ? first : der.readUIntBE(2, begins - 2);
  return der.length === begins + length ? der.toString("utf8", begins) : null;
}

/** PyPI's words for providers. */
const KINDS: Readonly<Record<string, string>> = {
  GitHub: "github",
  GitLab: "gitlab",
  Google: "https://accounts.google.com",
};

/**
 * The index's word on the publisher is signed by nobody, so nothing is taken from it; but where it says something else than
 * the certificate, one of the two is not what it was. Throws `NotHolding`.
 */
export function demandAgreement(said: PublisherSaid, is: Identity): void {
  const differs = (text: unknown, claim: string | null): boolean =>
    typeof text === "string" && text !== "" && text.toLowerCase() !== claim?.toLowerCase();
  const kind = KINDS[said.kind];
  // A self-managed server of GitLab's is an issuer of its own.
  const isOwnServer =
    kind === "gitlab" && is.provider.startsWith("https://") && is.provider !== KINDS["Google"];
  const contradictions = [
    kind !== undefined && !isOwnServer && kind !== is.provider,
    differs(said["repository"], is.repository),
    differs(said["workflow"], is.workflow),
    differs(said["workflow_filepath"], is.workflow),
    differs(said["email"], is.repository),
  ];
  if (contradictions.includes(true))
    throw new NotHolding("the index names another publisher beside it than its certificate does");
}
