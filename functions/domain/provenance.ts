import type { Case } from "./case.ts";
import type { Digest } from "./digests.ts";
import type { Recorded } from "./enrolments.ts";
import type { Attested } from "./facts.ts";
import { isListed } from "./history.ts";
import { after, between, earliest, hours, type Instant, minutes } from "./instants.ts";
import { builds, type ExpectedPublisher, publisherInWords } from "./policy.ts";
import type { ProvenanceVerdict, Telling } from "./verdicts.ts";

/** How a file's provenance stands to the publisher that the watcher expects; `awaited` until it could be read. */
export type ProvenanceStanding = "verified" | "awaited" | ProvenanceVerdict;

/** What the provenance table looks at, each sign one of few values. */
export interface ProvenanceSigns {
  /** The newest page names provenance for the file. */
  readonly named: boolean;
  /** What the newest object read came to; `none` also where the index, asked, has none. */
  readonly read: "nothing" | "none" | "refused" | "verified";
  /** An attestation is about the bytes that were observed; `null` while none were. */
  readonly aboutBytes: boolean | null;
  /** One about those bytes names the expected publisher. */
  readonly byPublisher: boolean;
  /** It was there before the watch began, and never had provenance that we saw. */
  readonly before: boolean;
  /** The deadline for what could not be read has passed. */
  readonly overdue: boolean;
  /** A record that silences agrees with the bytes. */
  readonly matched: boolean;
}

/** One row: when it fits, and whether it is told. */
interface ProvenanceRow {
  readonly standing: ProvenanceStanding | null;
  readonly fits: (signs: ProvenanceSigns) => boolean;
}

/** The provenance table, row by row; only for a listed file of a watcher who expects a publisher. The first row that fits speaks. */
export const PROVENANCE: readonly ProvenanceRow[] = [
  { standing: null, fits: (signs) => signs.before && signs.read !== "verified" },
  // How loudly it is told depends on whether a record agrees with the bytes: they are a moment away.
  { standing: "awaited", fits: (signs) => signs.aboutBytes === null && !signs.overdue },
  { standing: "provenance-lost", fits: (signs) => !signs.named || (signs.read === "none" && signs.overdue) },
  { standing: "provenance-unverifiable", fits: (signs) => signs.read === "refused" },
  { standing: "provenance-unverifiable", fits: (signs) => signs.read !== "verified" && signs.overdue },
  { standing: "awaited", fits: (signs) => signs.read !== "verified" || signs.aboutBytes === null },
  { standing: "provenance-unverifiable", fits: (signs) => signs.aboutBytes === false },
  { standing: "provenance-changed", fits: (signs) => !signs.byPublisher },
  { standing: "verified", fits: () => true },
];

/** The row that speaks for these signs. */
export function provenanceRow(signs: ProvenanceSigns): ProvenanceRow {
  const row = PROVENANCE.find((each) => each.fits(signs));
  if (row === undefined) throw new Error("the provenance table must end in a row that always fits");
  return row;
}

/** How loudly a standing is told: below a warning only where a record vouches for the bytes. */
export const tellsOfProvenance = (
  standing: ProvenanceStanding | null,
  { matched }: Pick<ProvenanceSigns, "matched">,
): Telling | null =>
  standing === null || standing === "verified" || standing === "awaited"
    ? null
    : { topic: "findings", severity: matched ? "notice" : "warning" };

/**
 * The attestations of the newest object, where it verified. That nobody could read one since is told beside it, and takes nothing
 * back of what was signed: otherwise an outage would unsay every record that provenance stands in for.
 */
export function attestedIn({ history }: Pick<Case, "history">): readonly Attested[] {
  const { whole } = history.provenance;
  return whole?.provenance.outcome === "verified" ? whole.provenance.attested : [];
}

/** Whether a certificate names the publisher. Hosts' names of repositories are not case-sensitive; paths are. */
export const isBy = ({ provider, repository, workflow }: Attested, expected: ExpectedPublisher): boolean =>
  provider === expected.provider &&
  repository.toLowerCase() === expected.repository.toLowerCase() &&
  (expected.workflow === null || workflow === expected.workflow);

/** When provenance that could not be read becomes a finding. */
export const unreadEnd = ({ history, enrolment }: Case): Instant | null =>
  history.provenance.unreadSince &&
  after(history.provenance.unreadSince, minutes(enrolment.policy.deadlines.unverifiableMinutes));

/** The signs of the provenance table, or `null` where nobody asks: no publisher expected, or no page shows the file. */
export function provenanceSigns(of: Case, observed: Digest | null, matched: boolean): ProvenanceSigns | null {
  const expected = of.enrolment.policy.provenance?.publisher;
  const { shown, provenance } = of.history;
  if (expected === undefined || shown === null || !isListed(of.history)) return null;
  const about = attestedIn(of).filter(({ digest }) => digest === observed);
  const outcome = provenance.latest?.provenance.outcome ?? "unread";
  const end = unreadEnd(of);
  return {
    named: shown.listing.provenance !== undefined,
    read: outcome === "unread" ? "nothing" : outcome,
    aboutBytes: observed === null ? null : about.length > 0,
    byPublisher: about.some((each) => isBy(each, expected)),
    before: of.began.lists && !provenance.wasVerified,
    overdue: end !== null && end <= of.now,
    matched,
  };
}

/** Whoever withdrew this very digest said that it is not theirs; the CI that attests it may be why. */
const isTakenBack = ({ withdrawn }: Case, observed: Digest | null): boolean =>
  withdrawn.some((digest) => digest === observed);

/** Whether a service that the watcher expects to build this file attests these very bytes. */
export const isByBuilder = (of: Case, observed: Digest | null): boolean =>
  !isTakenBack(of, observed) &&
  of.enrolment.policy.builders
    .filter((builder) => builds(builder, of.file))
    .some(({ publisher }) =>
      attestedIn(of).some((each) => each.digest === observed && isBy(each, publisher)),
    );

/**
 * Until when provenance is waited for that could make a difference to an unrecorded file: a confirmation window from our first
 * sighting. `null` where none is named, none could, or it was read.
 */
export function provenanceEnd({ enrolment, file, recorded, history, confirmMs }: Case): Instant | null {
  const { provenance, builders } = enrolment.policy;
  const couldHelp = provenance?.counts === true || builders.some((builder) => builds(builder, file));
  const isNamed = history.shown?.listing.provenance !== undefined;
  if (!couldHelp || !isNamed || recorded.length > 0 || history.provenance.latest !== null) return null;
  return history.firstSeen && after(history.firstSeen, confirmMs);
}

/**
 * The case with good provenance in place of a record, where the watcher lets it count and has recorded nothing for the file:
 * as strong as what CI says, dated by our own clock. Only for the very bytes that were observed.
 */
export function withProvenance(of: Case, observed: Digest | null): Case {
  const expected = of.enrolment.policy.provenance;
  const { whole } = of.history.provenance;
  if (expected?.counts !== true || of.recorded.length > 0 || observed === null || whole === null) return of;
  if (isTakenBack(of, observed)) return of;
  const good = attestedIn(of).find((each) => each.digest === observed && isBy(each, expected.publisher));
  return good === undefined
    ? of
    : { ...of, recorded: [standIn(of, good, of.history.firstSeen ?? whole.look.at)] };
}

const STANDS_IN = "provenance of ";

/** Whether nobody made this record: provenance stands in for it, and no text may call it the watcher's. */
export const isStandIn = ({ credential }: Pick<Recorded, "credential">): boolean =>
  credential.startsWith(STANDS_IN);

const standIn = ({ enrolment, project, file, release }: Case, attested: Attested, at: Instant): Recorded => ({
  enrolment: enrolment.id,
  project,
  file,
  release,
  digest: attested.digest,
  authority: "ci",
  credential: `${STANDS_IN}${publisherInWords(attested)}`,
  recordedAt: at,
  manifest: null,
  signers: [],
  withdrawnAt: null,
});

const SOON_MS = minutes(10);
const LEAST_AGAIN_MS = hours(1);
const MOST_AGAIN_MS = hours(24);

/** When to ask for provenance that could not be read: often until its deadline, ever more rarely past it. */
export function provenanceUntil(of: Case, standing: ProvenanceStanding | null): Instant | null {
  const { unreadSince } = of.history.provenance;
  const end = unreadEnd(of);
  if (standing === "awaited")
    return earliest([after(of.now, SOON_MS), end !== null && end > of.now ? end : null]);
  if (standing !== "provenance-unverifiable" || unreadSince === null) return null;
  return after(of.now, Math.min(Math.max(LEAST_AGAIN_MS, between(unreadSince, of.now) / 2), MOST_AGAIN_MS));
}

/** Tells one finding about a file's provenance from the next: another publisher is another matter. */
export function occasionOfProvenance(of: Case, standing: ProvenanceVerdict): string {
  if (standing === "provenance-changed") return attestedIn(of).map(publisherInWords).sort().join(" ");
  return standing === "provenance-unverifiable" && of.history.provenance.unreadSince !== null
    ? "overdue"
    : "";
}

/** What is wrong with it, in one sentence. */
export function noteOfProvenance(of: Case, standing: ProvenanceVerdict): string {
  const { provenance, shown } = of.history;
  const expected = of.enrolment.policy.provenance?.publisher;
  const wish = expected === undefined ? "" : ` You expect ${publisherInWords(expected)}.`;
  const said = provenance.latest?.provenance;
  if (standing === "provenance-lost") {
    const now = shown?.listing.provenance === undefined ? "names none" : "names one, and has none";
    const before = provenance.wasVerified
      ? " It had good provenance before, which no upload takes away."
      : "";
    return `The index ${now}.${before}${wish}`;
  }
  if (standing === "provenance-changed")
    return `Its certificate names ${attestedIn(of).map(publisherInWords).join(", ")}.${wish}`;
  if (said?.outcome === "verified")
    return "Its attestations are about other bytes than those that were fetched.";
  return said !== undefined && "reason" in said ? said.reason : "It was not read.";
}
