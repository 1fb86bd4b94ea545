import type { IncomingMessage } from "node:http";
import type { Provenance } from "../domain/facts.ts";
import { type Clock, IndexUnavailable, type Provenances } from "../ports.ts";
import { dismiss, encoding, garbled, mediaType, pieces, printable, refusal, unavailable } from "./answers.ts";
import { MOST_OBJECT_BYTES } from "./attestations.ts";
import type { Connection } from "./connection.ts";
import type { Limits } from "./limits.ts";
import type { Examine } from "./sigstore.ts";

/** What reading provenance needs. */
export interface ProvenanceConfig {
  readonly connection: Connection;
  readonly limits: Pick<Limits, "provenanceMs">;
  readonly clock: Clock;
  readonly examine: Examine;
}

/** https://docs.pypi.org/api/integrity/ */
const INTEGRITY = "application/vnd.pypi.integrity.v1+json";
const TYPES: ReadonlySet<string> = new Set([INTEGRITY, "application/json"]);

/**
 * Provenance objects over the Integrity API. Only a 404 says that there is none, and only twice: edges remember answers. A 403 is
 * PyPI's word for "attestations are switched off".
 */
export function provenances(config: ProvenanceConfig): Provenances {
  return {
    async read(url, file) {
      try {
        const body = (await ask(url, INTEGRITY, config)) ?? (await ask(url, "application/json", config));
        return body === null ? { outcome: "none" } : config.examine(body, file);
      } catch (error) {
        return unread(unavailable(error));
      }
    },
  };
}

const unread = ({ code, message }: IndexUnavailable): Provenance => ({
  outcome: "unread",
  reason: printable(`${code}: ${message}`),
});

/** The object as it came, whole; `null` for a 404. Throws `IndexUnavailable`, and whatever the socket throws. */
async function ask(url: string, accept: string, config: ProvenanceConfig): Promise<Buffer | null> {
  const { connection, limits, clock } = config;
  const answer = await connection.ask({ url, totalMs: limits.provenanceMs, headers: { Accept: accept } });
  if (answer.statusCode === 404) {
    dismiss(answer);
    return null;
  }
  if (answer.statusCode !== 200) throw refusal(answer, clock.now());
  if (TYPES.has(mediaType(answer)) && encoding(answer) === "identity") return whole(answer);
  dismiss(answer);
  throw garbled(`the provenance is ${mediaType(answer) || "untyped"}, not ${INTEGRITY}`);
}

/** A body that was cut says nothing; neither does one that is no JSON at all: edges answer so, and nobody signs it. */
async function whole(answer: IncomingMessage): Promise<Buffer> {
  const got: Buffer[] = [];
  for await (const piece of pieces(answer, MOST_OBJECT_BYTES)) got.push(piece);
  if (!answer.complete) throw new IndexUnavailable("unreachable", "the connection broke off");
  return Buffer.concat(got);
}
