import type { PublisherClaims } from "../../domain/enrolments.ts";
import { inert, quoted } from "../quoted.ts";
import { DEFAULT_ISSUERS, type Issuer, siteOf } from "./issuers.ts";
import { PublisherRefused } from "./refusals.ts";

/** A publisher as somebody typed it. Absent, `null` and empty mean the same. */
export interface TypedPublisher {
  /** May be left out where the repository is a full URL, or only one issuer is known. */
  readonly provider?: string | null | undefined;
  /** May be left out where the provider has one issuer here. */
  readonly issuer?: string | null | undefined;
  /** `owner/name`, or the address of its page. */
  readonly repository: string;
  readonly ownerId?: string | number | null | undefined;
  readonly workflow?: string | null | undefined;
  readonly ref?: string | null | undefined;
  readonly environment?: string | null | undefined;
}

const said = (text: string | number | null | undefined): string | null =>
  String(text ?? "").trim() === "" ? null : String(text).trim();

/** Those issuers that the typed words leave. A full URL says whose repository it is. */
function issuerOf(typed: TypedPublisher, issuers: readonly Issuer[]): Issuer {
  const [provider, named] = [said(typed.provider), said(typed.issuer)];
  const host = URL.parse(typed.repository.trim())?.host ?? null;
  const [issuer, ...others] = issuers.filter(
    (each) =>
      (provider === null || each.provider === provider.toLowerCase()) &&
      (named === null || each.issuer === named) &&
      (host === null || new URL(siteOf(each)).host === host),
  );
  const known = issuers.map((each) => each.issuer).join(", ");
  if (issuer === undefined)
    throw new PublisherRefused(`This monitor knows no such provider. It believes the tokens of ${known}.`);
  if (others.length > 0)
    throw new PublisherRefused(`Say whose tokens these will be: "issuer" is one of ${known}.`);
  return issuer;
}

const REPOSITORIES: Readonly<Record<Issuer["provider"], { form: RegExp; like: string }>> = {
  github: { form: /^[\w.-]{1,100}\/[\w.-]{1,100}$/, like: "owner/name" },
  gitlab: { form: /^(?=.{1,512}$)[\w.-]+(\/[\w.-]+)+$/, like: "group/name or group/subgroup/name" },
};

function repositoryOf(typed: string, issuer: Issuer): string {
  const text = typed.trim();
  const site = `${siteOf(issuer)}/`;
  const [page] = [site, site.replace(/^https?:\/\//, "")].filter((each) =>
    text.toLowerCase().startsWith(each),
  );
  const path = text.slice(page?.length ?? 0);
  const bare = path.replace(/\/+$/, "").replace(/\.git$/, "");
  const { form, like } = REPOSITORIES[issuer.provider];
  const dotted = bare.split("/").some((part) => part === "." || part === "..");
  if (!form.test(bare) || dotted)
    throw new PublisherRefused(`A repository is written ${like}, and this is not: ${quoted(typed)}.`);
  return bare;
}

function ownerIdOf(typed: TypedPublisher): string | null {
  const id = said(typed.ownerId);
  if (id !== null && !/^[1-9]\d{0,19}$/.test(id))
    throw new PublisherRefused(`An owner's id is a number, not its name: ${quoted(id)}.`);
  return id;
}

const WORKFLOW = /^[^@\p{C}]{1,250}\.ya?ml$/u;

function workflowOf(typed: TypedPublisher, provider: Issuer["provider"]): string | null {
  const text = said(typed.workflow);
  if (text === null) return null;
  const path = text.replace(/^\.?\/+/, "");
  const file = provider === "github" ? path.replace(/^\.github\/workflows\//, "") : path;
  if (!WORKFLOW.test(file) || (provider === "github" && file.includes("/")))
    throw new PublisherRefused(
      provider === "github"
        ? `A workflow is a file in .github/workflows, such as release.yml, and this is not: ${quoted(text)}.`
        : `A workflow is the path of a CI file, such as .gitlab-ci.yml, and this is not: ${quoted(text)}.`,
    );
  return file;
}

/** What git allows in a ref (git-check-ref-format), with one `*` at the end. */
const REF = /^refs\/(heads|tags)\/[^\p{C} ~^:?*[\\]{0,255}\*?$/u;

function refOf(typed: TypedPublisher): string | null {
  const ref = said(typed.ref);
  if (ref !== null && (!REF.test(ref) || ref.endsWith("/")))
    throw new PublisherRefused(
      `A ref is written in full, such as refs/heads/main or refs/tags/v*, and this is not: ${quoted(ref)}.`,
    );
  return ref;
}

function environmentOf(typed: TypedPublisher): string | null {
  const environment = said(typed.environment);
  if (environment !== null && (environment.length > 255 || inert(environment) !== environment))
    throw new PublisherRefused(`An environment's name is up to 255 printable characters.`);
  return environment;
}

/**
 * The claims that somebody typed: a repository's page becomes its name, `.github/workflows/release.yml` becomes `release.yml`.
 * Throws `PublisherRefused` for what no job could have.
 */
export function claimsTyped(
  typed: TypedPublisher,
  issuers: readonly Issuer[] = DEFAULT_ISSUERS,
): PublisherClaims {
  const issuer = issuerOf(typed, issuers);
  return {
    provider: issuer.provider,
    issuer: issuer.issuer,
    repository: repositoryOf(typed.repository, issuer),
    ownerId: ownerIdOf(typed),
    workflow: workflowOf(typed, issuer.provider),
    ref: refOf(typed),
    environment: environmentOf(typed),
  };
}

/** Whoever may push at all can push to some ref, so one that fits all of a kind narrows nothing. */
const isWide = (ref: string | null): boolean => ref === null || /^refs\/(heads|tags)\/\*$/.test(ref);

/**
 * What somebody typed, as it is enrolled. Throws `PublisherRefused` for what no token could fit, and for what too many would:
 * any job of a repository, tests of a branch included, is not a release.
 */
export function checkPublisher(
  typed: TypedPublisher,
  issuers: readonly Issuer[] = DEFAULT_ISSUERS,
): PublisherClaims {
  const claims = claimsTyped(typed, issuers);
  if (claims.workflow === null && isWide(claims.ref))
    throw new PublisherRefused(
      "Name the workflow that releases, or the ref it releases from: otherwise every job of the repository could record.",
    );
  return claims;
}
