import type { Branch } from "./branch.ts";
import { type Choices, HOUR, projectOf, releaseOf } from "./script.ts";

const DAY_MS = 24 * HOUR;

/** How grave it is that nobody recorded a file: several where the design or the timing leaves room. */
export function severities(
  file: string,
  { strict, frozen }: Choices,
  branch: Branch,
  recorded: readonly string[],
  branches: ReadonlyMap<string, readonly Branch[]>,
): readonly string[] {
  const release = releaseOf(file);
  // "Recorded an earlier release" is a habit: whoever recorded another one before, whatever its number, is expected to again.
  if (strict || frozen || recorded.some((each) => releaseOf(each) !== release)) return ["critical"];
  const joins = joinsOldRelease(file, branch, branches);
  return joins === "yes" ? ["critical"] : joins === "no" ? ["warning"] : ["critical", "warning"];
}

function joinsOldRelease(
  file: string,
  { firstSeen }: Branch,
  branches: ReadonlyMap<string, readonly Branch[]>,
): "yes" | "no" | "maybe" {
  if (firstSeen === null) return "no";
  const isOther = (name: string): boolean =>
    name !== file && projectOf(name) === projectOf(file) && releaseOf(name) === releaseOf(file);
  const others = [...branches].flatMap(([name, of]) => (isOther(name) ? [of] : []));
  const never = Number.POSITIVE_INFINITY;
  const loMs = Math.min(...others.flatMap((of) => of.map((each) => each.firstSeen?.loMs ?? never)));
  const hiMs = Math.min(...others.map((of) => Math.max(...of.map((each) => each.firstSeen?.hiMs ?? never))));
  if (firstSeen.loMs - hiMs > DAY_MS) return "yes";
  return firstSeen.hiMs - loMs > DAY_MS ? "maybe" : "no";
}
