import type { ProvenanceWay, Words } from "./wording.ts";

const LOOK_AT_THE_RELEASE = [
  "Look at how FILE was uploaded: https://pypi.org/manage/project/PROJECT/history/ names the account or the publisher.",
  "If you did not release it, act as for an unrecorded file: log in from a clean machine, revoke every API token, yank RELEASE, write to security@pypi.org.",
];

/** What is said about provenance (PEP 740), one row per way. */
export const PROVENANCE_WORDS: Readonly<Record<ProvenanceWay, Words>> = {
  "provenance-lost": {
    happened: "PyPI publishes FILE without the provenance that you expect.",
    means:
      "It did not come from your publisher, or without attestations: a stolen token uploads exactly like this.",
    harmless:
      "If you uploaded it by hand, or your workflow stopped attesting: nothing is wrong with the bytes.",
    steps: LOOK_AT_THE_RELEASE,
    resolved: "FILE carries the provenance that you expect now.",
  },
  "provenance-changed": {
    happened: "The provenance of FILE names another publisher than you expect.",
    means: "It was built and uploaded by another repository or workflow. The note below says which.",
    harmless: "If you moved your workflow: change the publisher that you expect.",
    steps: LOOK_AT_THE_RELEASE,
    resolved: "FILE carries the provenance that you expect now.",
  },
  "provenance-unverifiable": {
    happened: "The provenance that PyPI serves for FILE does not verify.",
    means:
      "PyPI checks attestations before it takes them. What it serves now is signed by nobody who is trusted, or speaks of other bytes, or could not be had for too long.",
    harmless: "If it could not be read: it resolves by itself when it can.",
    steps: [
      ...LOOK_AT_THE_RELEASE,
      "Look at https://pypi.org/integrity/PROJECT/RELEASE/FILE/provenance from another network.",
    ],
    resolved: "FILE carries the provenance that you expect now.",
  },
};
