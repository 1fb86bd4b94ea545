import { MONITOR_WORDS } from "./monitor-words.ts";
import { PROJECT_WORDS } from "./project-words.ts";
import { PROVENANCE_WORDS } from "./provenance-words.ts";
import { WATCH_WORDS } from "./watch-words.ts";
import type { Way, Words } from "./wording.ts";

const CLEAN_MACHINE =
  "Log in to PyPI from a clean machine: not the one, and not the CI, that published last.";
const KEYS =
  "On https://pypi.org/manage/account/ end other sessions and revoke every API token. Look for people and publishers you do not know on https://pypi.org/manage/project/PROJECT/collaboration/ and https://pypi.org/manage/project/PROJECT/settings/publishing/.";
const REPORT = "Report it to security@pypi.org with this message: it holds every digest they need.";

const NOT_MINE = [
  CLEAN_MACHINE,
  KEYS,
  "Yank RELEASE on https://pypi.org/manage/project/PROJECT/releases/: that keeps the evidence, deleting destroys it.",
  REPORT,
  "Tell your users which digests are yours.",
];

const NOT_MY_DOING = [
  "https://pypi.org/manage/project/PROJECT/history/ names the account that did it.",
  CLEAN_MACHINE,
  KEYS,
  "Look for files that you did not release: `counterfoil artifacts PROJECT`.",
  REPORT,
];

const LOOK_YOURSELF = [
  "Look at https://pypi.org/simple/PROJECT/ from another network.",
  "If FILE is not there either: report it to security@pypi.org with this message.",
  "If it is there: tell the operator of this monitor.",
];

const INDEX_FAULT = [
  "Download FILE yourself, twice, from another network, and compare its `sha256sum` with the digests below.",
  "Report it to security@pypi.org with this message: neither you nor your users can mend it.",
  "Tell users who installed it since the time above to check what they have.",
];

const RECORD_IT =
  "Run this in the folder where you built it, never over a copy from PyPI:\n\n" +
  '  sha256sum QUOTED | curl --data-binary @- -H "Authorization: Bearer $KEY" $COUNTERFOIL_URL/v1/projects/PROJECT/records';

const NOT_A_COMPROMISE = "Nothing to do: this is about the network, and says nothing of a compromise.";
const WAIT_OVER =
  "the wait for a record of FILE is over. It arrived, or another alert says what came instead.";
const JUDGED = "FILE could be judged by its bytes. If they are wrong, another alert says so.";

/** One row per way in which a verdict is told. */
export const WORDS: Readonly<Record<Way, Words>> = {
  "awaiting-record": {
    happened: "PyPI publishes FILE, and your record of it has not arrived yet.",
    means:
      "Nothing is wrong if you are releasing right now. Without a record by the deadline below it becomes `unrecorded`.",
    harmless: `If you released it, record it. ${RECORD_IT}`,
    steps: NOT_MINE,
    resolved: WAIT_OVER,
  },
  "awaiting-confirmation": {
    happened: "PyPI publishes FILE, which your CI recorded and you have not confirmed yet.",
    means:
      "Whoever holds your CI could have made that record. Without yours by the deadline below it becomes `unrecorded`.",
    harmless: `If you released it, record it. ${RECORD_IT}`,
    steps: NOT_MINE,
    resolved: WAIT_OVER,
  },
  unrecorded: {
    happened: "PyPI publishes FILE, and you have not recorded it.",
    means:
      "Somebody released it in PROJECT's name. If that was not you, a token or an account is in other hands.",
    harmless: `If you released it, record it, and this resolves. ${RECORD_IT}`,
    steps: NOT_MINE,
    resolved: "FILE is recorded now, with the bytes that PyPI publishes.",
  },
  unconfirmed: {
    happened: "PyPI publishes FILE, which your CI recorded and you have not confirmed.",
    means:
      "Whoever holds your CI could have made that record. If you did not release it, your CI or its token is in other hands.",
    harmless: `If you released it, record it, and this resolves. ${RECORD_IT}`,
    steps: NOT_MINE,
    resolved: "FILE is recorded now, with the bytes that PyPI publishes.",
  },
  mismatch: {
    happened: "PyPI publishes FILE with other bytes than you recorded.",
    means:
      "What is downloaded is not what you released, and PyPI's index agrees with it: no installer will notice.",
    harmless:
      "If you built it again after recording it, and uploaded that build: record that build too, from your own copy. This alert stays open as history.",
    steps: NOT_MINE,
    resolved: null,
  },
  replaced: {
    happened: "The bytes of FILE changed on PyPI's file host; the index still declares the old digest.",
    means:
      "The file store serves something else than was uploaded. Installers that check the index's digest refuse it; everything else takes it.",
    harmless: null,
    steps: INDEX_FAULT,
    resolved: null,
  },
  substituted: {
    happened: "FILE was replaced on PyPI: index and bytes changed together.",
    means:
      "PyPI never lets a file name be used twice, so no upload does this: only PyPI itself, or somebody with its rights. Nobody who installs it notices.",
    harmless: null,
    steps: INDEX_FAULT,
    resolved: null,
  },
  misdeclared: {
    happened: "PyPI's index declares a wrong digest for FILE; the bytes are the ones known before.",
    means:
      "The index was changed and the file was not. Installers refuse the file: your users cannot get it.",
    harmless: null,
    steps: INDEX_FAULT,
    resolved: null,
  },
  unverifiable: {
    happened: "PyPI lists FILE, and its bytes could not be fetched.",
    means: "Nobody can tell yet what it is. It is fetched again until it can be told.",
    harmless: NOT_A_COMPROMISE,
    steps: [],
    resolved: "the bytes of FILE could be fetched.",
  },
  "unverifiable, overdue": {
    happened: "PyPI lists FILE, and its bytes could not be fetched for too long.",
    means:
      "It may be installable for others, and nobody here can tell what it is. It is fetched again until it can be told.",
    harmless: null,
    steps: [
      "Download FILE yourself. If that works, compare its `sha256sum` with your own build, and tell the operator of this monitor.",
      "If it does not, look at https://status.python.org/. This resolves by itself when the bytes come.",
      "If you did not release it, act at once: https://pypi.org/manage/project/PROJECT/history/ names who did.",
    ],
    resolved: "the bytes of FILE could be fetched.",
  },
  "unverifiable, undeclared": {
    happened: "PyPI lists FILE, and declares no SHA-256 for it.",
    means:
      "There is nothing to compare its bytes with, so they were not judged. PyPI declares one for every file: its page was changed, or its form.",
    harmless: null,
    steps: [
      "Look at https://pypi.org/simple/PROJECT/ from another network: behind each file's address stands its `#sha256=`.",
      "Download FILE yourself, and compare its `sha256sum` with your own build. If they differ, or you did not release it, report it to security@pypi.org with this message.",
      "If other projects show the same, tell the operator of this monitor.",
    ],
    resolved: "the bytes of FILE could be judged.",
  },
  "flaky-edge": {
    happened: "FILE came with other bytes than PyPI declares, too seldom alike to say what it is.",
    means: "Some edge of the file host delivers damaged copies. It is fetched again until it can be told.",
    harmless: NOT_A_COMPROMISE,
    steps: [],
    resolved: JUDGED,
  },
  "flaky-edge, beside": {
    happened: "FILE came with wrong bytes once, and with the right ones from another try.",
    means: "Some edge of the file host delivers damaged copies. The file's own verdict is not touched.",
    harmless: NOT_A_COMPROMISE,
    steps: [],
    resolved: JUDGED,
  },
  "flaky-edge, overdue": {
    happened: "FILE has come with wrong bytes for too long, and never with the right ones.",
    means:
      "The wrong bytes differ from each other, as damaged copies do and planted ones seldom. Your users may get what was never uploaded.",
    harmless: null,
    steps: INDEX_FAULT,
    resolved: JUDGED,
  },
  removed: {
    happened: "FILE was removed from PyPI, and the journal says so.",
    means:
      "Somebody with rights on PROJECT took it away. Attackers remove good releases to make room for theirs.",
    harmless: "If it was you: nothing to do.",
    steps: NOT_MY_DOING,
    resolved: null,
  },
  vanished: {
    happened: "FILE is no longer listed by PyPI, and no journal entry says why.",
    means:
      "Whoever removes a file leaves an entry. Here is none: the index itself dropped it, or somebody with its rights.",
    harmless: null,
    steps: LOOK_YOURSELF,
    resolved: null,
  },
  "vanished, unwatched": {
    happened: "FILE is no longer listed by PyPI, and we did not see why.",
    means:
      "An entry that takes it away may have passed while the journal could not be seen, or pages of an odd age hide it, or there was none.",
    harmless: "If you removed it: nothing to do.",
    steps: LOOK_YOURSELF,
    resolved: null,
  },
  unseen: {
    happened: "PyPI's journal says that FILE was added, and no page has shown it.",
    means: "It may be installable for others and hidden from us. It is asked for until it shows.",
    harmless: null,
    steps: [
      "Look at https://pypi.org/simple/PROJECT/ from another network. Pages do hang behind the journal for hours; then this resolves by itself.",
      "If you did not upload FILE, do not wait: https://pypi.org/manage/project/PROJECT/history/ names who did.",
    ],
    resolved: "a page of PyPI shows FILE now. Its own verdict says what it is.",
  },
  missing: {
    happened: "You recorded FILE, and PyPI does not publish it.",
    means: "The upload failed, or somebody keeps your release back.",
    harmless: "If you have not uploaded it yet: nothing to do, this resolves when it appears.",
    steps: [
      "Look at the log of your release, and upload again.",
      "If the upload succeeded: report it to security@pypi.org with this message.",
    ],
    resolved: "PyPI publishes FILE now. Its own verdict says whether the bytes are yours.",
  },
  unannounced: {
    happened: "PyPI lists FILE, and its journal never said that it was added.",
    means:
      "Every upload leaves an entry. Here is none: the index itself was changed, or somebody with its rights did it. Whoever follows the journal does not see this file.",
    harmless: null,
    steps: ["If you did not release FILE, tell your users not to install it.", ...INDEX_FAULT],
    resolved: null,
  },
  "unannounced, unwatched": {
    happened: "PyPI lists FILE, and we saw no journal entry that adds it.",
    means: "It may have passed while the journal could not be seen, or there was none.",
    harmless: "If you uploaded it: nothing to do.",
    steps: NOT_MINE,
    resolved: null,
  },
  reappeared: {
    happened: "FILE is back on PyPI after it was gone.",
    means:
      "PyPI never lets a file name be used twice, so no upload does this: only PyPI itself, or somebody with its rights.",
    harmless: "If PyPI's staff put back what they took away, they will have told you.",
    steps: INDEX_FAULT,
    resolved: null,
  },
  yanked: {
    happened: "FILE was yanked on PyPI.",
    means: "Installers pass it over unless it is pinned. Somebody with rights on PROJECT did it.",
    harmless: "If it was you: nothing to do.",
    steps: NOT_MY_DOING,
    resolved: null,
  },
  ...PROJECT_WORDS,
  ...PROVENANCE_WORDS,
  ...MONITOR_WORDS,
  ...WATCH_WORDS,
};
