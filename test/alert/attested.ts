import type { Case } from "../../functions/domain/case.ts";
import { type ArtifactFact, type Attested, fact, type Provenance } from "../../functions/domain/facts.ts";
import { attempt, caseOf, fetched, GENUINE, minute, OTHER, record, type Spoiled } from "../domain/perfect.ts";

const of = (spoiled: Spoiled): Case => caseOf({ now: minute(20), ...spoiled });

const WORKFLOW = { provider: "github", repository: "lantern/lantern", workflow: "release.yml" } as const;
const BY_OURS: Attested = {
  ...WORKFLOW,
  issuer: "https://token.actions.githubusercontent.com",
  ref: "refs/tags/v1.0",
  sha: "0123456789abcdef0123456789abcdef01234567",
  predicateType: "https://docs.pypi.org/attestations/publish/v1",
  digest: GENUINE,
  at: minute(-1),
};
const BY_OTHERS: Attested = { ...BY_OURS, repository: "thief/lantern" };
const REFUSED: Provenance = {
  outcome: "refused",
  reason: "its signature is not of what it claims to sign",
  object: OTHER,
};
const UNREAD: Provenance = { outcome: "unread", reason: "unreachable: HTTP 503" };
const PROVENANCE_URL = "https://pypi.org/integrity/lantern/1.0/lantern-1.0.tar.gz/provenance";

/** Shown with provenance, and fetched; and what reading it came to. */
const attested = (at: number) =>
  fetched([attempt(GENUINE, minute(at))], {
    look: { at: minute(at), serial: 120 + at, asked: `ask-${at}` },
    listing: { provenance: PROVENANCE_URL },
  });
const provenance = (came: Provenance, at = 0) => {
  const { project, file, release, look } = attested(at);
  return fact({
    kind: "provenance",
    project,
    file,
    release,
    look,
    url: PROVENANCE_URL,
    provenance: came,
  } as const);
};
const bare = fetched([attempt(GENUINE)]);
const expecting = (facts: readonly ArtifactFact[]): Spoiled => ({
  facts,
  recorded: [],
  policy: { provenance: { publisher: WORKFLOW, counts: false } },
});

/** Every way in which a finding about provenance is told; the last case of several resolves it. */
export const ATTESTED: Readonly<Record<string, readonly Case[]>> = {
  "provenance-lost": [of(expecting([bare]))],
  "provenance-lost-recorded": [of({ ...expecting([bare]), recorded: [record()] })],
  "provenance-changed": [
    of(expecting([attested(0), provenance({ outcome: "verified", attested: [BY_OTHERS], object: OTHER })])),
  ],
  "provenance-unverifiable": [of(expecting([attested(0), provenance(REFUSED)]))],
  "provenance-unverifiable-overdue": [
    of({ ...expecting([attested(0), provenance(UNREAD)]), now: minute(61) }),
  ],
  "provenance-unverifiable-resolved": [
    of({ ...expecting([attested(0), provenance(UNREAD)]), now: minute(61) }),
    of({
      ...expecting([
        attested(0),
        provenance(UNREAD),
        attested(70),
        provenance({ outcome: "verified", attested: [BY_OURS], object: OTHER }, 70),
      ]),
      now: minute(71),
    }),
  ],
};
