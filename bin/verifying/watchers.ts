import { type Digest, hexOf } from "../../functions/domain/digests.ts";
import type { RecordAnswer } from "../../functions/records/answers/records.ts";
import type { Checked, SignedManifests, Trust } from "./signatures.ts";

/** What one watcher's records say of one digest. */
export interface WatcherSays {
  readonly enrolment: string;
  readonly selfClaimed: boolean;
  /** `unproven`: recorded, and not by a signature that whoever asks demands. */
  readonly answer: "ok" | "differs" | "unproven";
  /** One sentence. */
  readonly why: string;
  readonly authority: string | null;
  readonly recordedAt: string | null;
  readonly signature: { readonly signer: string; readonly trust: Trust } | null;
  /** Other digests on record for the same file. */
  readonly others: readonly Digest[];
}

const isProven = (checked: Checked): checked is Extract<Checked, { trust: Trust }> => "trust" in checked;

const strength = ({ authority }: RecordAnswer): number => (authority === "maintainer" ? 1 : 0);

const distinct = (records: readonly RecordAnswer[]): readonly Digest[] => [
  ...new Set(records.map(({ digest }) => digest)),
];

const isLive = ({ withdrawnAt }: RecordAnswer): boolean => withdrawnAt === null;

const hexes = (digests: readonly Digest[]): string => digests.map(hexOf).join(" and ");

type Base = Pick<WatcherSays, "enrolment" | "selfClaimed" | "others">;
const NOTHING = { authority: null, recordedAt: null, signature: null } as const;

function differs(base: Base, live: readonly RecordAnswer[], taken: RecordAnswer | undefined): WatcherSays {
  const recorded = live.length === 0 ? "" : ` On record is ${hexes(distinct(live))}.`;
  const why =
    taken === undefined
      ? `Its watcher recorded ${hexes(distinct(live))}, and not this.`
      : `Its watcher recorded this digest, and took it back at ${taken.withdrawnAt}.${recorded}`;
  return { ...base, ...NOTHING, answer: "differs", why };
}

const inWords = ({ authority, recordedAt }: RecordAnswer): string =>
  `recorded by a ${authority} key at ${recordedAt}`;

/** Why no signature convinced, where there was one. */
function lacking(checked: readonly Checked[]): string {
  const refused = checked.flatMap((each) => ("refused" in each ? each.refused : []));
  return refused.length === 0
    ? "it is not signed"
    : `its signature proves nothing here: ${refused.join(" ")}`;
}

/** Records that agree: the strongest of them, with a signature if one holds. */
async function agrees(
  base: Base,
  agreeing: readonly [RecordAnswer, ...RecordAnswer[]],
  manifests: SignedManifests,
  isPinned: boolean,
): Promise<WatcherSays> {
  const checked = (await Promise.all(agreeing.map((record) => manifests.check(record)))).flat();
  const signature = checked.find(isProven) ?? null;
  const best = agreeing.reduce((most, record) => (strength(record) > strength(most) ? record : most));
  const { authority, recordedAt } = best;
  const said = { ...base, authority, recordedAt, signature };
  if (signature !== null)
    return { ...said, answer: "ok", why: `It was ${inWords(best)} and signed by ${signature.signer}.` };
  const why = `It was ${inWords(best)}; ${lacking(checked)}`.replace(/\.?$/, ".");
  return { ...said, answer: isPinned ? "unproven" : "ok", why };
}

/** What one enrolment's records of one file say of a digest; `null` when there are none that say anything. */
export async function watcherSays(
  records: readonly [RecordAnswer, ...RecordAnswer[]],
  digest: Digest,
  manifests: SignedManifests,
  isPinned: boolean,
): Promise<WatcherSays | null> {
  const live = records.filter(isLive);
  const [first, ...more] = live.filter((record) => record.digest === digest);
  const { enrolment, selfClaimed } = records[0];
  const others = distinct(live).filter((each) => each !== digest);
  const base = { enrolment, selfClaimed, others };
  if (first !== undefined) return agrees(base, [first, ...more], manifests, isPinned);
  const taken = records.find((record) => record.digest === digest);
  return live.length === 0 && taken === undefined ? null : differs(base, live, taken);
}
