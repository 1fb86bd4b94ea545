import { SaxesParser } from "saxes";
import { isProjectName, normalizeProject } from "../domain/names.ts";
import type { Shown } from "../domain/sources.ts";
import { garbled } from "./answers.ts";

const MOST_RELEASE_CHARACTERS = 200;
const MOST_DATE_CHARACTERS = 100;
const MOST_ATTRIBUTES = 10_000;

/** An ampersand that begins no reference: it would swallow all up to the next semicolon. */
const BARE = /&(?!(?:#\d+|#x[0-9a-f]+|\w+);)/gi;

/**
 * The items of an RSS document. Items come with summaries that anybody writes: what is no XML, no link or no project's name spoils
 * the item it stands in and no other. Throws `IndexUnavailable` (`garbled`) for what is no feed, or ends before its end.
 */
export function itemsOf(text: string): Shown[] {
  const parser = new SaxesParser({ position: false });
  const items = new Items();
  let attributes = 0;
  let root = "";
  parser.on("opentag", ({ name }) => {
    root ||= name;
    items.open(name);
  });
  parser.on("text", (piece) => items.say(piece));
  parser.on("cdata", (piece) => items.say(piece));
  parser.on("closetag", ({ name }) => items.close(name));
  parser.on("attribute", () => {
    if (++attributes > MOST_ATTRIBUTES) throw garbled("the feed is full of attributes");
  });
  // Handed to somebody, an error does not end the parser: it goes on behind it.
  parser.on("error", () => {});
  parser.write(text.replace(BARE, "&amp;"));
  if (root !== "rss") throw garbled(`the feed is <${root.slice(0, 40)}>, not RSS`);
  if (!text.trimEnd().endsWith("</rss>")) throw garbled("the feed ends before its end");
  return items.all.flatMap(shownBy);
}

interface Item {
  link: string;
  published: string;
}

/** Gathers items from tags. A stray closing tag ends all that is open; what begins behind it is an item like any other. */
class Items {
  readonly all: Item[] = [];
  #item: Item | null = null;
  #depth = 0;
  #said = "";

  open(name: string): void {
    this.#said = "";
    if (name === "item") {
      this.#item = { link: "", published: "" };
      this.#depth = 0;
      this.all.push(this.#item);
    } else this.#depth += 1;
  }

  say(piece: string): void {
    this.#said += piece;
  }

  close(name: string): void {
    if (this.#item !== null && this.#depth === 1) note(this.#item, name, this.#said.trim());
    if (name === "item") this.#item = null;
    else this.#depth -= 1;
    this.#said = "";
  }
}

/** The first of each name speaks. */
function note(item: Item, tag: string, text: string): void {
  if (tag === "link" && item.link === "") item.link = text;
  if (tag === "pubDate" && item.published === "") item.published = text.slice(0, MOST_DATE_CHARACTERS);
}

const LINK = /^\/project\/([^/]+)\/(?:([^/]+)\/?)?$/;

/** Of the link, because a title holds a display name and a version with a blank between, and either may hold blanks. */
function shownBy({ link, published }: Item): Shown[] {
  const [, name = "", version] = LINK.exec(URL.parse(link)?.pathname ?? "") ?? [];
  const project = normalizeProject(decoded(name));
  if (!isProjectName(project)) return [];
  const release = version === undefined ? null : decoded(version).slice(0, MOST_RELEASE_CHARACTERS);
  return [
    { project, serial: null, release: release?.toWellFormed() ?? null, published: published.toWellFormed() },
  ];
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
