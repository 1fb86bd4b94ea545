import type { Digest } from "../../functions/domain/digests.ts";
import type { RecordAnswer } from "../../functions/records/answers/records.ts";
import type { VerifiedFor } from "../../functions/records/answers/verify.ts";
import { inert } from "../../functions/records/quoted.ts";
import { caveatsOf } from "./caveats.ts";
import type { SignedManifests } from "./signatures.ts";
import { type WatcherSays, watcherSays } from "./watchers.ts";

/** The second question: is this what the developer released? */
export interface Released {
  readonly answer: "ok" | "differs" | "unknown";
  /** What the answer rests on: a signature checked here, records that the monitor shows, or the monitor's word alone. */
  readonly by: "signature" | "records" | "monitor" | "nothing";
  /** One sentence. */
  readonly why: string;
  /** What an ok would not have caught. */
  readonly caveats: readonly string[];
  readonly watchers: readonly WatcherSays[];
}

/** What is known about one file before anything is concluded. */
export interface Known {
  readonly digest: Digest;
  /** Every record of the file, of all watchers, withdrawn ones too. */
  readonly records: readonly RecordAnswer[];
  /** By enrolment, when its watcher first recorded anything of the project by a maintainer's key. */
  readonly maintainersSince: ReadonlyMap<string, string>;
  readonly manifests: SignedManifests;
  /** Whoever asks said who may sign. */
  readonly isPinned: boolean;
  readonly blind: string | null;
  /** The monitor's own judgement, asked for only where no record decides. */
  readonly monitorSays: () => Promise<readonly VerifiedFor[]>;
}

const UNCAUGHT = { caveats: [], watchers: [] } as const;

/** Nobody can be asked, or nobody knows. */
export const unanswered = (why: string): Released => ({ answer: "unknown", by: "nothing", why, ...UNCAUGHT });

/** A stranger who enrolled uninvited is not heard, unless a key that whoever asks trusts has signed. */
const isHeard = ({ selfClaimed, signature }: WatcherSays): boolean =>
  !selfClaimed || signature?.trust === "pinned";

const basis = ({ signature }: WatcherSays): Released["by"] => (signature === null ? "records" : "signature");

function unproven(watchers: readonly WatcherSays[]): Released | null {
  const first = watchers.find(isHeard) ?? watchers[0];
  if (first === undefined) return null;
  const why = isHeard(first)
    ? first.why
    : `Only somebody recorded it for whom nobody vouches (${first.enrolment}), which anybody could be. ${first.why}`;
  return { answer: "unknown", by: "records", why, caveats: [], watchers };
}

/**
 * What several watchers come to: one who differs outweighs those who agree. Strangers can make neither a false file look
 * right nor a right one look false.
 */
function concluded(watchers: readonly WatcherSays[], blind: string | null): Released | null {
  const heard = watchers.filter(isHeard);
  const differing = heard.find(({ answer }) => answer === "differs");
  if (differing !== undefined)
    return { answer: "differs", by: "records", why: differing.why, caveats: [], watchers };
  const agreeing = heard.filter(({ answer }) => answer === "ok");
  const best = agreeing.find(({ signature }) => signature !== null) ?? agreeing[0];
  if (best === undefined) return unproven(watchers);
  const caveats = caveatsOf(best, watchers, blind);
  return { answer: "ok", by: basis(best), why: best.why, caveats, watchers };
}

const FIRST_SEEN =
  "The monitor first saw this digest before anybody recorded one, and nobody confirmed it since.";

function monitorsWord(said: readonly VerifiedFor[], digest: Digest): Released {
  const known = said.filter(({ selfClaimed }) => !selfClaimed);
  const differing = known.find(({ answer }) => answer === "differs");
  if (differing !== undefined)
    return {
      answer: "differs",
      by: "monitor",
      why: `The monitor's word, which nothing here proves: ${inert(differing.why)}`,
      ...UNCAUGHT,
    };
  const seen = said.find(({ verdict, observed }) => verdict === "baseline" && observed === digest);
  const [first] = said;
  return {
    answer: "unknown",
    by: first === undefined ? "nothing" : "monitor",
    why: `No developer's record says what this file shall be.${seen === undefined ? "" : ` ${FIRST_SEEN}`}`,
    ...UNCAUGHT,
  };
}

/**
 * Whether CI alone is enough is the watcher's policy and habit, which only the monitor knows: here its word can take an ok
 * back, and never make one.
 */
async function confirmed(said: Released, { monitorSays }: Known): Promise<Released> {
  const best = said.watchers.find(({ answer }) => answer === "ok");
  if (said.answer !== "ok" || best?.authority !== "ci" || best.signature?.trust === "pinned") return said;
  const word = (await monitorSays()).find(({ enrolment }) => enrolment === best.enrolment);
  if (word === undefined || word.answer === "ok") return said;
  return {
    ...said,
    answer: "unknown",
    by: "monitor",
    why: `The monitor's word: ${inert(word.why)}`,
    caveats: [],
  };
}

/** Answers from records and signatures, and where these say nothing by the monitor's word, named as such. */
export async function released(known: Known): Promise<Released> {
  const { digest, maintainersSince, manifests, isPinned } = known;
  const said = await Promise.all(
    [...Map.groupBy(known.records, ({ enrolment }) => enrolment)].map(([id, [first, ...more]]) => {
      const maintainerSince = maintainersSince.get(id) ?? null;
      return (
        first && watcherSays({ records: [first, ...more], maintainerSince, digest, manifests, isPinned })
      );
    }),
  );
  const watchers = said.filter((each) => each !== null && each !== undefined);
  const conclusion = concluded(watchers, known.blind);
  return conclusion === null ? monitorsWord(await known.monitorSays(), digest) : confirmed(conclusion, known);
}
