import { JSONParser } from "@streamparser/json";
import * as z from "zod/mini";
import { isProjectName, normalizeProject } from "../domain/names.ts";
import type { Shown } from "../domain/sources.ts";
import { garbled } from "./answers.ts";

const SERIAL = z.int().check(z.nonnegative());
const META = z.object({ "api-version": z.string().check(z.regex(/^1\.\d+$/)), "_last-serial": SERIAL });

/** Between one project and the next stand some sixty bytes. Whatever is longer is held in memory, at many times its length where it is nested. */
const MOST_BETWEEN_BYTES = 64 * 1024;

/** Reads the list of all projects piece by piece, cut anywhere. */
export interface ListReader {
  /** Throws `IndexUnavailable` (`garbled`) for what is no JSON, or no such list. */
  write(piece: Uint8Array): void;
  /** How many projects are read and not taken. */
  waiting(): number;
  taken(): readonly Shown[];
  /** Answers the list's own serial. Throws when the list is not whole. */
  end(): number;
}

/** Holds what is not taken yet, whatever the list's length. */
export function listReader(): ListReader {
  const parser = new JSONParser({ paths: ["$.meta", "$.projects.*"], keepStack: false });
  let waiting: Shown[] = [];
  let meta: unknown;
  let broken: Error | null = null;
  let count = 0;
  let sinceBytes = 0;
  parser.onValue = ({ value, key, parent }) => {
    sinceBytes = 0;
    if (key === "meta") meta = value;
    if (!Array.isArray(parent)) return;
    const shown = shownBy(value);
    count += shown.length;
    waiting.push(...shown);
  };
  parser.onError = (error) => {
    broken = error;
  };
  return {
    write(piece) {
      sinceBytes += piece.length;
      parser.write(piece);
      if (sinceBytes > MOST_BETWEEN_BYTES)
        throw garbled(`the list of projects holds none in over ${MOST_BETWEEN_BYTES} bytes`);
      if (broken !== null) throw garbled("the list of projects is no JSON", broken);
    },
    waiting: () => waiting.length,
    taken() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    end() {
      if (!parser.isEnded) throw garbled("the list of projects ends before its end");
      const said = META.safeParse(meta);
      if (!said.success) throw garbled("the list of projects names no serial of its own");
      const serial = said.data["_last-serial"];
      // Taken at its word, an empty list would say that every project is gone.
      if (count === 0 && serial > 0) throw garbled("the list of projects names none");
      return serial;
    },
  };
}

/** Who has no readable serial is there all the same. Read by hand: a schema for each of a million items takes seconds. */
function shownBy(item: unknown): Shown[] {
  if (typeof item !== "object" || item === null || !("name" in item)) return [];
  const { name } = item;
  if (typeof name !== "string" || !isProjectName(name)) return [];
  const said = "_last-serial" in item ? item["_last-serial"] : null;
  const serial = typeof said === "number" && Number.isSafeInteger(said) && said >= 0 ? said : null;
  return [{ project: normalizeProject(name), serial, release: null, published: null }];
}
