import { ApiUnreachable } from "./errors.ts";

/** One page of a list. */
interface Paged {
  readonly next: string | null;
}

/** A list's query: what was asked for, and where to go on. */
export const queryOf = (asked: Readonly<Record<string, string | null | undefined>>): string => {
  const said = Object.entries(asked).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return said.length === 0 ? "" : `?${new URLSearchParams(said)}`;
};

/** Reads a list to its end: all its pages, in order. A list that never ends is none. Throws as `read` does. */
export async function everyPage<P extends Paged>(
  read: (after: string | null) => Promise<P>,
): Promise<readonly [P, ...P[]]> {
  const first = await read(null);
  const pages: [P, ...P[]] = [first];
  const seen = new Set<string>();
  for (let { next } = first; next !== null; ) {
    if (seen.has(next)) throw new ApiUnreachable("The monitor's list leads in a circle, so it is not known.");
    seen.add(next);
    const page = await read(next);
    pages.push(page);
    next = page.next;
  }
  return pages;
}
