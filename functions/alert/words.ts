import type { Verdict } from "../domain/verdicts.ts";

/** What an alert says about a verdict, in the words of somebody who is woken by it. */
export interface Words {
  /** What happened, in one sentence that stands alone on a phone. `FILE`, `PROJECT`, `RELEASE` are filled in. */
  readonly happened: string;
  readonly means: string;
  /** What it would look like if it were harmless, and what to do then. */
  readonly harmless: string | null;
  /** What to do if it is not. */
  readonly steps: readonly string[];
}

const LOCK_OUT = [
  "Do not use the machine or the CI that published last; log in to PyPI from a clean one.",
  "On https://pypi.org/manage/account/ revoke every API token, end other sessions, and check PROJECT's collaborators and trusted publishers.",
  "Yank RELEASE on https://pypi.org/manage/project/PROJECT/releases/ (yanking keeps the evidence; deleting destroys it).",
  "Report it to security@pypi.org with this message: it holds every digest they need.",
  "Tell your users which digests are yours.",
];

const INDEX_FAULT = [
  "Download FILE yourself, twice, from another network, and compare it with the digests below.",
  "Report it to security@pypi.org with this message: neither you nor your users can mend it.",
  "Tell users who installed it since the time above to check what they have.",
];

const NOT_A_FINDING = "Nothing to do: this is about the network or the monitor, not about a compromise.";

/** One row per verdict that is ever told. */
export const WORDS: Partial<Record<Verdict, Words>> = {
  unrecorded: {
    happened: "PyPI publishes FILE, and you have not recorded it.",
    means:
      "Somebody released it under your project's name. If that was not you, a token or an account is in other hands.",
    harmless:
      'If you released it: record it, `sha256sum FILE | curl --data-binary @- -H "Authorization: Bearer $KEY" $COUNTERFOIL_URL/v1/projects/PROJECT/records`, and this resolves.',
    steps: LOCK_OUT,
  },
  "awaiting-record": {
    happened: "PyPI publishes FILE; your record of it has not arrived yet.",
    means:
      "Nothing is wrong if you are releasing right now. Without a record by the time below this becomes `unrecorded`.",
    harmless:
      'If you released it: record it, `sha256sum FILE | curl --data-binary @- -H "Authorization: Bearer $KEY" $COUNTERFOIL_URL/v1/projects/PROJECT/records`.',
    steps: LOCK_OUT,
  },
  mismatch: {
    happened: "PyPI publishes FILE with other bytes than you recorded.",
    means:
      "What is downloaded is not what you released, and PyPI says it is right: it was uploaded like that, or changed together with the index.",
    harmless:
      "If you built it again after recording it: record the digest below, and keep in mind that one of the two builds was not published.",
    steps: LOCK_OUT,
  },
  replaced: {
    happened: "The bytes of FILE changed on PyPI's file host; the index still declares the old digest.",
    means:
      "The file store serves something else than was uploaded. pip with hashes refuses it; everything else installs it.",
    harmless: null,
    steps: INDEX_FAULT,
  },
  substituted: {
    happened: "FILE was replaced on PyPI: index and bytes changed together.",
    means:
      "A file name on PyPI is never reused, so this cannot happen by an upload: only PyPI itself, or somebody with its rights, can do it. Nobody who installs it notices.",
    harmless: null,
    steps: INDEX_FAULT,
  },
  misdeclared: {
    happened: "PyPI's index declares a wrong digest for FILE; the bytes are the ones known before.",
    means:
      "The index was changed and the file was not. pip refuses to install it with hashes: your users cannot get it.",
    harmless: null,
    steps: INDEX_FAULT,
  },
  unverifiable: {
    happened: "FILE is listed by PyPI and its bytes could not be fetched.",
    means: "It could not be told whether it is what you released. It is tried again until it can.",
    harmless: "A file host in trouble looks just like this; it resolves by itself.",
    steps: ["Try to download FILE yourself. If that works, ask the operator of this monitor why it cannot."],
  },
  "flaky-edge": {
    happened: "One answer for FILE had wrong bytes, another one was right.",
    means: "Some edge of the file host delivers damaged copies. The attempts are listed below.",
    harmless: NOT_A_FINDING,
    steps: [],
  },
  removed: {
    happened: "FILE was removed from PyPI, and the journal says so.",
    means:
      "Somebody with rights on PROJECT took it away. Attackers remove good releases to make room for theirs.",
    harmless: "If it was you: nothing to do. The last content verdict stays on record.",
    steps: LOCK_OUT,
  },
  vanished: {
    happened: "FILE is no longer listed by PyPI, and no journal entry says why.",
    means:
      "Every removal by a maintainer leaves an entry. This one left none: the index itself, or somebody with its rights, dropped it.",
    harmless: null,
    steps: INDEX_FAULT,
  },
  unseen: {
    happened: "PyPI's journal says that FILE was added, and no page has shown it.",
    means:
      "It may be installable for others and hidden from us, or a page is stuck. It is asked for again until it shows.",
    harmless:
      "Pages stuck behind the journal for hours have happened; it resolves by itself when the page catches up.",
    steps: [
      "Look at https://pypi.org/simple/PROJECT/ from another network.",
      "If FILE is there, tell the operator of this monitor; if you did not upload it, act as for an unrecorded file.",
    ],
  },
  missing: {
    happened: "You recorded FILE, and PyPI does not publish it.",
    means: "The upload failed, or somebody keeps your release back.",
    harmless: "If you have not uploaded it yet: nothing to do, it resolves when it appears.",
    steps: [
      "Look at the log of your release; upload again.",
      "If the upload succeeded: report it to security@pypi.org.",
    ],
  },
  yanked: {
    happened: "FILE was yanked on PyPI.",
    means: "Installers pass it over unless it is pinned. Somebody with rights on PROJECT did it.",
    harmless: "If it was you: nothing to do.",
    steps: LOCK_OUT,
  },
  blind: {
    happened: "Counterfoil is blind: the journal does not answer.",
    means:
      "Uploads are not seen until it does. Nothing is lost: everything since then is looked at afterwards.",
    harmless: NOT_A_FINDING,
    steps: ["Look at https://status.python.org/ and at this machine's network."],
  },
  "journal-went-back": {
    happened: "Counterfoil is blind: the journal's head is below what was already read.",
    means:
      "This is another journal, an old copy, or a restored one. The cursor does not move back by itself.",
    harmless: NOT_A_FINDING,
    steps: [
      "Ask whether the index was restored from a backup.",
      "If it was: stop the monitor and run `counterfoil cursor restart`, which begins a new epoch and sweeps everything.",
    ],
  },
  "dead-letter": {
    happened: "Counterfoil gave up on a message: a fault of ours.",
    means:
      "The artifact or project it was about is looked at again by the sweep; until then its verdict may be old.",
    harmless: NOT_A_FINDING,
    steps: ["Look at the log for the stage named below, and report it as a bug."],
  },
};
