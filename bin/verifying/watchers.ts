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
  readonly signature: Extract<Checked, { trust: Trust }> | null;
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

/** All that is known of one watcher and one file. */
export interface Heard {
  /** Of the file, by this watcher; withdrawn ones too. */
  readonly records: readonly [RecordAnswer, ...RecordAnswer[]];
  /** When this watcher first recorded anything by a maintainer's key. */
  readonly maintainerSince: string | null;
  readonly digest: Digest;
  readonly manifests: SignedManifests;
  /** Whoever asks said who may sign. */
  readonly isPinned: boolean;
}

/** Once a maintainer's key was used, CI alone is not believed: else whoever holds the CI could leave the maintainer out. */
const counts = ({ authority, recordedAt }: RecordAnswer, { maintainerSince }: Heard): boolean =>
  authority !== "ci" || maintainerSince === null || recordedAt < maintainerSince;

const UNCONFIRMED = "CI alone recorded it, and this watcher confirms with a maintainer's key but has not.";

const contested = (others: readonly Digest[]): string =>
  `This digest is on record, and so is ${hexes(others)}: at most one can be what was released.`;

async function pinnedAmong(records: readonly RecordAnswer[], manifests: SignedManifests): Promise<boolean> {
  const checked = (await Promise.all(records.map((record) => manifests.check(record)))).flat();
  return checked.some((each) => isProven(each) && each.trust === "pinned");
}

/** Records that agree: the strongest of them, with a signature if one holds. */
async function agrees(base: Base, agreeing: readonly RecordAnswer[], heard: Heard): Promise<WatcherSays> {
  const { manifests, isPinned } = heard;
  const [first, ...more] = agreeing.filter((record) => counts(record, heard));
  if (first === undefined) return { ...base, ...NOTHING, answer: "unproven", why: UNCONFIRMED };
  const checked = (await Promise.all([first, ...more].map((record) => manifests.check(record)))).flat();
  const signature = checked.find(isProven) ?? null;
  const best = more.reduce((most, record) => (strength(record) > strength(most) ? record : most), first);
  const said = { ...base, authority: best.authority, recordedAt: best.recordedAt, signature };
  if (signature !== null)
    return { ...said, answer: "ok", why: `It was ${inWords(best)} and signed by ${signature.signer}.` };
  const why = `It was ${inWords(best)}; ${lacking(checked)}`.replace(/\.?$/, ".");
  return { ...said, answer: isPinned ? "unproven" : "ok", why };
}

/** Of two digests for one file a trusted signature tells which is meant, as long as it is not on both. */
async function disputed(
  said: WatcherSays,
  others: readonly RecordAnswer[],
  heard: Heard,
): Promise<WatcherSays> {
  const isMeant = said.signature?.trust === "pinned" && !(await pinnedAmong(others, heard.manifests));
  return isMeant ? said : { ...said, answer: "differs", why: contested(said.others) };
}

/** What one enrolment's records of one file say of a digest; `null` when there are none that say anything. */
export async function watcherSays(heard: Heard): Promise<WatcherSays | null> {
  const { records, digest } = heard;
  const live = records.filter(isLive);
  const agreeing = live.filter((record) => record.digest === digest);
  const differing = live.filter((record) => record.digest !== digest);
  const { enrolment, selfClaimed } = records[0];
  const base = { enrolment, selfClaimed, others: distinct(differing) };
  const taken = records.find((record) => record.digest === digest);
  if (agreeing.length === 0)
    return live.length === 0 && taken === undefined ? null : differs(base, live, taken);
  const said = await agrees(base, agreeing, heard);
  return differing.length === 0 ? said : disputed(said, differing, heard);
}
