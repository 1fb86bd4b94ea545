import { hexOf } from "../../functions/domain/digests.ts";
import { inert } from "../../functions/records/quoted.ts";
import { type Colour, coloured, counted, say } from "../printing.ts";
import type { Released } from "./released.ts";
import type { Outcome, Verified } from "./verifying.ts";

/** Where the answers come from. */
export interface Asked {
  readonly index: string;
  readonly monitor: string;
  readonly signers: string | null;
}

const OUTCOMES: Readonly<Record<Outcome, { readonly text: string; readonly colour: Colour }>> = {
  ok: { text: "OK", colour: "green" },
  differs: { text: "FAILED", colour: "red" },
  unknown: { text: "COULD NOT TELL", colour: "yellow" },
};

const shown = (outcome: Outcome): string => coloured(OUTCOMES[outcome].colour, OUTCOMES[outcome].text);

const PUBLISHED: Readonly<Record<string, string>> = { same: "yes", other: "NO", gone: "NO" };
const RELEASED: Readonly<Record<string, string>> = { ok: "yes", differs: "NO" };

const yanked = ({ published }: Verified): string => {
  if (published.yanked === null) return "";
  return published.yanked === "" ? " It is yanked." : ` It is yanked: ${inert(published.yanked)}.`;
};

/** On what a yes to the second question rests, where a reader would otherwise think of more. */
function strength({ by, watchers }: Released, { signers }: Asked): string {
  if (by === "monitor") return " (the monitor's word)";
  if (by !== "signature") return "";
  const pinned = watchers.some(({ signature }) => signature?.trust === "pinned");
  return pinned
    ? ` (signature checked here, by a key in ${inert(signers ?? "")})`
    : " (signature checked here, by a key that the monitor serves)";
}

/** One file: the line that sha256sum -c would print, and why. */
function sayVerified(verified: Verified, asked: Asked): void {
  const { label, outcome, project, file, digest, published, released } = verified;
  const named = file === null || label.endsWith(file) ? "" : ` (${inert(file)})`;
  say(`${inert(label)}${named}: ${shown(outcome)}`);
  if (digest === null) {
    say(`  ${inert(published.why)}`);
    return;
  }
  say(`  project    ${project}`);
  say(`  sha256     ${hexOf(digest)}`);
  say(`  published  ${PUBLISHED[published.answer] ?? "unknown"}: ${inert(published.why)}${yanked(verified)}`);
  say(
    `  released   ${RELEASED[released.answer] ?? "unknown"}: ${inert(released.why)}${strength(released, asked)}`,
  );
  if (released.caveats.length === 0) return;
  say("  This would not have caught:");
  for (const caveat of released.caveats) say(`    - ${inert(caveat)}`);
}

function tally(all: readonly Verified[]): string {
  const of = (outcome: Outcome): number => all.filter((each) => each.outcome === outcome).length;
  return `${counted(all.length, "digest")}: ${of("ok")} ok, ${of("differs")} failed, ${of("unknown")} could not be told`;
}

/** Everything that was asked, for people. */
export function sayReport(all: readonly Verified[], asked: Asked): void {
  for (const verified of all) {
    sayVerified(verified, asked);
    say();
  }
  say(
    coloured(
      "dim",
      `published: asked of ${inert(asked.index)}; released: of the monitor at ${inert(asked.monitor)}`,
    ),
  );
  if (all.length > 1) say(tally(all));
}
