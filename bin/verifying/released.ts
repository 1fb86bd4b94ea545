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

const byEnrolment = (records: readonly RecordAnswer[]): readonly [RecordAnswer, ...RecordAnswer[]][] => [
  ...records
    .reduce((groups, record) => {
      const group = groups.get(record.enrolment);
      if (group === undefined) groups.set(record.enrolment, [record]);
      else group.push(record);
      return groups;
    }, new Map<string, [RecordAnswer, ...RecordAnswer[]]>())
    .values(),
];

/** A stranger who enrolled uninvited decides nothing, unless a key that whoever asks trusts has signed. */
const isHeard = ({ selfClaimed, signature }: WatcherSays): boolean =>
  !selfClaimed || signature?.trust === "pinned";

const basis = ({ signature }: WatcherSays): Released["by"] => (signature === null ? "records" : "signature");

/**
 * What several watchers come to: one who differs outweighs those who agree. Strangers are heard last: they can neither make a
 * file right, nor one wrong that somebody known calls right.
 */
function concluded(watchers: readonly WatcherSays[], blind: string | null): Released | null {
  const known = watchers.filter(isHeard);
  const differing =
    known.find(({ answer }) => answer === "differs") ??
    (known.some(({ answer }) => answer === "ok")
      ? undefined
      : watchers.find(({ answer }) => answer === "differs"));
  if (differing !== undefined)
    return { answer: "differs", by: "records", why: differing.why, caveats: [], watchers };
  const agreeing = known.filter(({ answer }) => answer === "ok");
  const best = agreeing.find(({ signature }) => signature !== null) ?? agreeing[0];
  if (best !== undefined)
    return {
      answer: "ok",
      by: basis(best),
      why: best.why,
      caveats: caveatsOf(best, watchers, blind),
      watchers,
    };
  const [first] = watchers;
  if (first === undefined) return null;
  const why =
    first.answer === "unproven"
      ? first.why
      : `Only somebody who enrolled uninvited says so (${first.enrolment}), which anybody could: ${first.why}`;
  return { answer: "unknown", by: "records", why, caveats: [], watchers };
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

/** Answers from records and signatures, and where these say nothing by the monitor's word, named as such. */
export async function released(known: Known): Promise<Released> {
  const { digest, manifests, isPinned, blind } = known;
  const said = await Promise.all(
    byEnrolment(known.records).map((records) => watcherSays(records, digest, manifests, isPinned)),
  );
  const watchers = said.filter((each) => each !== null);
  return concluded(watchers, blind) ?? monitorsWord(await known.monitorSays(), digest);
}
