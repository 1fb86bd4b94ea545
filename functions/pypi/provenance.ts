import type { IncomingMessage } from "node:http";
import { plainAddress } from "../domain/addresses.ts";
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
 * Provenance objects over the Integrity API. An edge may hold an old answer, or a wrong bit: that there is none (404), or that it
 * does not verify, is believed where a second copy of the answer, by another way, says no better. A 403 is PyPI's word for
 * "attestations are switched off", and no other status says anything either.
 */
export function provenances(config: ProvenanceConfig): Provenances {
  return {
    async read(url, file) {
      try {
        const first = await ask({ url, accept: INTEGRITY }, config);
        const found = examined(first, file, config);
        if (found.outcome === "verified") return found;
        const avoid = [first.address];
        return examined(await ask({ url, accept: "application/json", avoid }, config), file, config);
      } catch (error) {
        return unread(unavailable(error));
      }
    },
  };
}

const examined = ({ body }: Answered, file: string, { examine }: ProvenanceConfig): Provenance =>
  body === null ? { outcome: "none" } : examine(body, file);

const unread = ({ code, message }: IndexUnavailable): Provenance => ({
  outcome: "unread",
  reason: printable(`${code}: ${message}`),
});

interface Asking {
  readonly url: string;
  readonly accept: string;
  /** Asks by another connection, and of another address than these where there are several. */
  readonly avoid?: readonly string[];
}

/** An answer that says something: the object as it came, whole, or `null` for a 404. */
interface Answered {
  readonly body: Buffer | null;
  readonly address: string;
}

/** Throws `IndexUnavailable`, and whatever the socket throws. */
async function ask({ url, accept, avoid }: Asking, config: ProvenanceConfig): Promise<Answered> {
  const { connection, limits, clock } = config;
  const fresh = avoid === undefined ? {} : { fresh: { avoid } };
  const headers = { Accept: accept };
  const answer = await connection.ask({ url, totalMs: limits.provenanceMs, headers, ...fresh });
  const address = plainAddress(answer.socket.remoteAddress ?? "");
  if (answer.statusCode === 404) {
    dismiss(answer);
    return { body: null, address };
  }
  if (answer.statusCode !== 200) throw refusal(answer, clock.now());
  if (TYPES.has(mediaType(answer)) && encoding(answer) === "identity")
    return { body: await whole(answer), address };
  dismiss(answer);
  throw garbled(`the provenance is ${mediaType(answer) || "untyped"}, not ${INTEGRITY}`);
}

/** A body that was cut says nothing. */
async function whole(answer: IncomingMessage): Promise<Buffer> {
  const got: Buffer[] = [];
  for await (const piece of pieces(answer, MOST_OBJECT_BYTES)) got.push(piece);
  if (!answer.complete) throw new IndexUnavailable("unreachable", "the connection broke off");
  return Buffer.concat(got);
}
