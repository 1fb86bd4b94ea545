import { type Command, Option } from "commander";
import type { ContactTyped, PublisherTyped } from "../functions/client/watching.ts";
import { inert, quoted } from "../functions/records/quoted.ts";
import { parsePublicKey } from "../functions/records/ssh/keys.ts";
import { textIn } from "./asking.ts";
import { Misused } from "./misused.ts";

/** An option that may be given several times. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, `${description} (repeatable)`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], "none");

/** Whom to tell, as typed: an https URL is a webhook, what has an `@` a mail address. Throws `Misused`. */
export function contactTyped(typed: string): ContactTyped {
  if (/^https?:\/\//i.test(typed)) return { kind: "webhook", address: typed };
  const address = typed.replace(/^mailto:/i, "");
  if (/^\S+@\S+$/.test(address)) return { kind: "email", address };
  throw new Misused(`a contact is an https URL or a mail address, and this is neither: ${quoted(typed)}`);
}

/** The public key in a file such as `~/.ssh/id_ed25519.pub`, as it stands there. Throws `Misused` and `SignatureRefused`. */
export function publicKeyIn(path: string): string {
  const line = textIn(path, "public key");
  if (line.includes("PRIVATE KEY"))
    throw new Misused(
      `${inert(path)} is a PRIVATE key, which never leaves your machine: name the .pub file beside it`,
    );
  parsePublicKey(line);
  return line;
}

/** A CI job as it is typed. */
export interface PublisherOptions {
  readonly github?: string;
  readonly gitlab?: string;
  readonly workflow?: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly ownerId?: string;
  readonly issuer?: string;
}

/** Adds the flags that describe a CI job. */
export const publisherOptions = (command: Command): Command =>
  command
    .option("--github <owner/repo>", "a GitHub repository whose workflow may record, without a secret")
    .option("--gitlab <group/name>", "the same for a GitLab project")
    .option("--workflow <file>", "the workflow that releases, such as release.yml")
    .option("--ref <ref>", "the ref it must run on, such as refs/tags/v*")
    .option("--environment <name>", "the deployment environment it must run in")
    .option("--owner-id <number>", "the owner's numeric id, so that a name given up is not trusted again")
    .option("--issuer <url>", "whose tokens, for a provider of your own");

const NARROWER = ["workflow", "ref", "environment", "ownerId", "issuer"] as const;

/** The job that was described, or `null` for none. Throws `Misused`. */
export function publisherTyped(options: PublisherOptions): PublisherTyped | null {
  const { github, gitlab } = options;
  const repository = github ?? gitlab;
  const chosen = NARROWER.filter((name) => options[name] !== undefined);
  if (github !== undefined && gitlab !== undefined)
    throw new Misused(
      "--github and --gitlab are two publishers; add the second with counterfoil publisher add",
    );
  if (repository === undefined) {
    if (chosen.length > 0) throw new Misused("say whose workflow it is, with --github or --gitlab");
    return null;
  }
  const narrower = Object.fromEntries(chosen.map((name) => [name, options[name]]));
  return { provider: github === undefined ? "gitlab" : "github", repository, ...narrower };
}
