import type { ProvenanceWay, Words } from "./wording.ts";

const IN_WHOSE_NAME =
  "Look at how FILE was uploaded: https://pypi.org/manage/project/PROJECT/history/ names the account or the publisher.";

const IF_NOT_YOURS = [
  "If it was not you: log in to PyPI from a clean machine, not the one and not the CI that published last, and revoke every API token and unknown publisher.",
  "Yank RELEASE on https://pypi.org/manage/project/PROJECT/releases/: that keeps the evidence, deleting destroys it.",
  "Report it to security@pypi.org with this message: it holds every digest they need.",
];

const NOT_MINE = [IN_WHOSE_NAME, ...IF_NOT_YOURS];

const MOVED =
  "change whom you expect, with `counterfoil policy PROJECT --expect-publisher`: it waits a day, as everything that quietens does.";

const READ = "the provenance of FILE could be read. If it is not what you expect, another alert says so.";

/** What is said about provenance (PEP 740), one row per way. */
export const PROVENANCE_WORDS: Readonly<Record<ProvenanceWay, Words>> = {
  "provenance-lost": {
    happened: "PyPI publishes FILE without the provenance that you expect.",
    means:
      "Your publisher attests every file that it uploads, and nobody attests this one. A stolen token uploads exactly like this.",
    harmless:
      "If you uploaded it by hand, or by a workflow that does not attest, nothing is wrong with it: say so with `counterfoil resolve`.",
    steps: NOT_MINE,
    resolved: null,
  },
  "provenance-changed": {
    happened: "The provenance of FILE names another publisher than you expect.",
    means:
      "It verifies: another repository or workflow built and uploaded it in PROJECT's name. The note below says which.",
    harmless: `If you moved your repository or workflow, ${MOVED}`,
    steps: [
      "Look on https://pypi.org/manage/project/PROJECT/settings/publishing/ for a publisher that you did not add.",
      ...NOT_MINE,
    ],
    resolved: null,
  },
  "provenance-unverifiable": {
    happened: "The provenance that PyPI serves for FILE does not verify.",
    means:
      "PyPI verifies attestations before it takes them. What it serves now does not hold for these bytes; the note below says why.",
    harmless:
      "If it verifies elsewhere (https://pypi.org/integrity/PROJECT/RELEASE/QUOTED/provenance, with `pypi-attestations verify pypi`), tell the operator of this monitor: its root of trust may be too old.",
    steps: [
      "Download FILE and its provenance from another network, and compare the file's `sha256sum` with the digests below.",
      ...NOT_MINE,
    ],
    resolved: READ,
  },
  "provenance-unverifiable, overdue": {
    happened: "The provenance of FILE could not be read for too long.",
    means:
      "PyPI's page names it, and what is there says nothing, good or bad. Until it can be read, nobody attests FILE to you.",
    harmless: "If PyPI has an outage (https://status.python.org), wait: this resolves by itself.",
    steps: [
      "Look at https://pypi.org/integrity/PROJECT/RELEASE/QUOTED/provenance from another network.",
      "If it is there, tell the operator of this monitor.",
      ...IF_NOT_YOURS.slice(-1),
    ],
    resolved: READ,
  },
};
