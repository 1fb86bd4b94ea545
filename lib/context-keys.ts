/** CDK's own keys that look like anybody's; all others of its own have a colon, a slash or an at sign in them. */
const PLAIN_KEYS_OF_CDK = ["acknowledged-issue-numbers", "cli-telemetry"];

/**
 * Whether a key of the app's context is CDK's or another library's, and none of our business: `@aws-cdk/…`, `aws:cdk:…`,
 * what a look-up found (`vpc-provider:account=…`), what `cdk acknowledge` and `cdk cli-telemetry` write.
 */
export const isForeign = (key: string): boolean => /[:/@]/.test(key) || PLAIN_KEYS_OF_CDK.includes(key);

/** Of some keys the one that somebody who typed this most likely meant: case, hyphens, underscores and digits aside. */
export function nearest(typed: string, keys: readonly string[]): string {
  const distances = keys.map((key) => ({ key, steps: distance(lettersOf(typed), lettersOf(key)) }));
  return distances.reduce((best, each) => (each.steps < best.steps ? each : best)).key;
}

const lettersOf = (key: string): string => key.toLowerCase().replaceAll(/[^a-z]/g, "");

/** Levenshtein's, but for letters that are merely not there yet at the end: `poll` is `pollSeconds`, not `index`. */
function distance(typed: string, key: string): number {
  if (typed !== "" && key.startsWith(typed)) return typed === key ? 0 : 0.5;
  const first = Array.from({ length: key.length + 1 }, (_, index) => index);
  const last = [...typed].reduce((row, letter) => nextRow(row, letter, key), first);
  return last.at(-1) ?? 0;
}

function nextRow(row: readonly number[], letter: string, key: string): number[] {
  const [corner = 0] = row;
  const next = [corner + 1];
  for (const [index, other] of [...key].entries()) {
    const swapped = (row[index] ?? 0) + (letter === other ? 0 : 1);
    next.push(Math.min(swapped, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
  }
  return next;
}
