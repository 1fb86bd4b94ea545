import { abreast } from "../../functions/domain/abreast.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { Asked, Item, Unclear } from "./items.ts";
import type { Monitor } from "./monitor.ts";
import { type Look, type Published, published } from "./published.ts";
import { type Released, unanswered } from "./released.ts";

/** Both answers come to this: `differs` if either is a difference, `ok` only if both are the same. */
export type Outcome = "ok" | "differs" | "unknown";

/** One digest, and both answers about it. */
export interface Verified {
  readonly label: string;
  readonly outcome: Outcome;
  readonly project: ProjectName | null;
  readonly file: string | null;
  readonly digest: Digest | null;
  readonly published: Pick<Published, "answer" | "why" | "listed" | "yanked" | "url">;
  readonly released: Released;
}

function outcomeOf({ answer }: Published, released: Released): Outcome {
  if (answer === "other" || answer === "gone" || released.answer === "differs") return "differs";
  return answer === "unknown" || released.answer === "unknown" ? "unknown" : "ok";
}

async function verify(item: Item, look: Look, monitor: Monitor): Promise<Verified> {
  const { project, file, ...found } = await published(item, look);
  const answer = await monitor.released(project, file, item.digest);
  return {
    label: item.label,
    outcome: outcomeOf({ project, file, ...found }, answer),
    project,
    file,
    digest: item.digest,
    published: found,
    released: answer,
  };
}

const unverified = ({ label, why }: Unclear): Verified => ({
  label,
  outcome: "unknown",
  project: null,
  file: null,
  digest: null,
  published: { answer: "unknown", why, listed: null, yanked: null, url: null },
  released: unanswered(why),
});

const AT_ONCE = 8;

/** Asks both questions about everything; what could not be asked about is among the answers, too. */
export async function verifyAll(asked: Asked, look: Look, monitor: Monitor): Promise<readonly Verified[]> {
  const verified = await abreast(AT_ONCE, asked.items, (item) => verify(item, look, monitor));
  return [...verified, ...asked.unclear.map(unverified)];
}

/** 1 if any answer is a difference, else 3 if any could not be told, else 0; nothing at all proves nothing. */
export function exitCodeOf(all: readonly Verified[]): number {
  if (all.some(({ outcome }) => outcome === "differs")) return 1;
  return all.length > 0 && all.every(({ outcome }) => outcome === "ok") ? 0 : 3;
}
