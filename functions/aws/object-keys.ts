import { sha256 } from "../domain/digests.ts";

const MOST_CHARS = 255;

/**
 * Any text as one segment of an object's key. Names come from strangers: none may leave its folder (`..`, `/`), be unprintable,
 * outgrow S3's 1024 bytes or be taken for another. What cannot be spelled is named by its hash, behind an `@` that no spelled
 * one contains.
 */
export function segment(text: string): string {
  const spelled = text.isWellFormed() ? encodeURIComponent(text) : "";
  if (spelled !== "" && !/^\.+$/.test(spelled) && spelled.length <= MOST_CHARS) return spelled;
  // As JSON, because UTF-8 makes all lone surrogates the same.
  return `@${sha256(JSON.stringify(text))}`.replace(":", "-");
}

/** One segment for each part of a path. */
export const path = (...parts: readonly string[]): string => parts.map(segment).join("/");
