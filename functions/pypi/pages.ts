import type { IncomingMessage } from "node:http";
import { isProjectName } from "../domain/names.ts";
import { type Clock, IndexUnavailable, type PageAnswer, type Pages } from "../ports.ts";
import { dismiss, garbled, mediaType, refusal, unavailable } from "./answers.ts";
import type { Connection } from "./connection.ts";
import type { Limits } from "./limits.ts";
import { decodedBody } from "./packed.ts";
import { pageOf } from "./simple.ts";

/** What reading pages needs; `index` ends in a slash. */
export interface PagesConfig {
  readonly index: URL;
  readonly connection: Connection;
  readonly limits: Limits;
  readonly clock: Clock;
}

type Ask = Parameters<Pages["read"]>[1];

const JSON_PAGE = "application/vnd.pypi.simple.v1+json";
const MOST_ETAG_CHARACTERS = 500;

/** Project pages over the JSON Simple API (PEP 691). Only a 404 is `gone`: every other failure says nothing of the project. */
export function pages(config: PagesConfig): Pages {
  return {
    async read(project, ask) {
      if (!isProjectName(project)) throw new IndexUnavailable("refused", "this is no project's name");
      const url = new URL(`simple/${encodeURIComponent(project)}/`, config.index).href;
      try {
        const answer = await config.connection.ask({
          url,
          totalMs: config.limits.pageMs,
          headers: headers(ask),
        });
        return await read(answer, { config, project, url, ask });
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

const headers = ({ etag, plain }: Ask) => ({
  Accept: JSON_PAGE,
  "Accept-Encoding": plain ? "identity" : "gzip",
  ...(etag === null ? {} : { "If-None-Match": etag }),
});

interface Reading {
  readonly config: PagesConfig;
  readonly project: string;
  readonly url: string;
  readonly ask: Ask;
}

async function read(answer: IncomingMessage, reading: Reading): Promise<PageAnswer> {
  const { config, project, url, ask } = reading;
  if (answer.statusCode === 304 && ask.etag !== null) return nothing(answer, "unchanged");
  if (answer.statusCode === 404) return nothing(answer, "gone");
  if (answer.statusCode !== 200) throw refusal(answer, config.clock.now());
  if (mediaType(answer) !== JSON_PAGE) {
    dismiss(answer);
    throw garbled(`the page of ${project} is ${mediaType(answer) || "untyped"}, not ${JSON_PAGE}`);
  }
  const body = await decodedBody(answer, config.limits.pageBytes);
  const source = { project, url, etag: etagOf(answer), serial: serialOf(answer) };
  return { kind: "page", page: pageOf(body, source), body };
}

function nothing<K extends "unchanged" | "gone">(answer: IncomingMessage, kind: K): { kind: K } {
  dismiss(answer);
  return { kind };
}

/** One too long to be worth keeping is none: then the page is simply read in full. */
export function etagOf({ headers: { etag } }: IncomingMessage): string | null {
  return etag === undefined || etag.length > MOST_ETAG_CHARACTERS ? null : etag;
}

function serialOf(answer: IncomingMessage): number | null {
  const said = String(answer.headers["x-pypi-last-serial"] ?? "");
  return /^\d{1,15}$/.test(said) ? Number(said) : null;
}
