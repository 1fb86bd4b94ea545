import type { Count, Watched } from "./branch.ts";

/** Adds alerts of this key: so many for certain, so many at most. */
export function told(of: Watched, key: string, [least, most]: Count): Watched {
  const [before, beforeMost] = of.told[key] ?? [0, 0];
  return { ...of, told: { ...of.told, [key]: [before + least, beforeMost + most] } };
}

/** What makes a finding this one and no other, its verdict first. */
export type Identity = `${string} ${string}`;

/**
 * Opens a finding: told once while it is open. One that was open before and resolved is told again; one that is told of a mere
 * return of the same may be another finding or the same one.
 */
export function opened(of: Watched, identity: Identity, severity: string): Watched {
  const key = `${severity} ${verdictOf(identity)} open`;
  // Graver than when it was told: whether it is told again is left open.
  if (of.open.includes(identity)) return key in of.told ? of : told(of, key, [0, 1]);
  const known = { open: [...of.open, identity], opened: [...new Set([...of.opened, identity])] };
  return told({ ...of, ...known }, key, [1, 1]);
}

/** Ends every open finding of the verdict; `certain` says whether the design leaves no room. */
export function resolved(
  of: Watched,
  verdict: string,
  severities: readonly string[],
  certain: boolean,
): Watched {
  const ended = of.open.filter((each) => verdictOf(each) === verdict);
  if (ended.length === 0) return of;
  if (!certain) {
    return severities.reduce((now, each) => told(now, `${each} ${verdict} resolved`, [0, 1]), of);
  }
  const open = of.open.filter((each) => verdictOf(each) !== verdict);
  // As the gravest that it was told as.
  const severity = severities.findLast((each) => `${each} ${verdict} open` in of.told) ?? "notice";
  const [already = 0, most = 0] = of.told[`${severity} ${verdict} resolved`] ?? [];
  // Where it may have been resolved before, it need not be resolved once more.
  return told({ ...of, open }, `${severity} ${verdict} resolved`, [most > already ? 0 : 1, 1]);
}

export const verdictOf = (identity: string): string => identity.split(" ")[0] ?? "";
