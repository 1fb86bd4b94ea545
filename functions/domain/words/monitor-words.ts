import type { MonitorWay, Words } from "./wording.ts";

const ABOUT_THE_MONITOR = "This is about the monitor and its network, and says nothing of a compromise.";

/** What is said about the monitor itself, one row per way. */
export const MONITOR_WORDS: Readonly<Record<MonitorWay, Words>> = {
  blind: {
    happened: "Counterfoil is blind: PyPI's journal does not answer, and no other source that would do.",
    means: "Uploads are not seen until one does. What the journal then tells is looked at, late but in full.",
    harmless: ABOUT_THE_MONITOR,
    steps: ["Look at https://status.python.org/ and at this machine's network."],
    resolved: "Counterfoil sees again. What was uploaded meanwhile is looked at now.",
  },
  "journal-went-back": {
    happened: "Counterfoil is blind: the journal's head is below what was already read.",
    means:
      "This is another journal, an old copy, or one restored from a backup. The cursor does not move back by itself.",
    harmless: ABOUT_THE_MONITOR,
    steps: [
      "Ask whether the index was restored from a backup.",
      "If it was: run `counterfoil cursor restart` (on AWS with `--stack`; else stop the monitor first), which begins a new epoch and sweeps everything.",
    ],
    resolved: "the journal is past what was read before, or a new epoch was begun.",
  },
  "source-fallback": {
    happened:
      "Counterfoil watches by the list of all projects: PyPI's journal does not answer, or not with all there is.",
    means:
      "The list says which projects changed, up to 35 minutes late. Who did it, and why a file left, is not seen until the journal answers again; then all of it is read.",
    harmless: ABOUT_THE_MONITOR,
    steps: [
      "Look at https://status.python.org/ and at https://pypi-announce.python.org/ for an end of XML-RPC.",
      "If the journal is gone for good: choose the list as the source, with `counterfoil serve --source list` or on AWS with the context key source.",
    ],
    resolved:
      "Counterfoil no longer watches by the list of all projects alone. Either the journal answers again, and what happened meanwhile is read in full, or the list fell silent too: then another notice says that Counterfoil is blind.",
  },
  "sweep-behind": {
    happened: "Counterfoil does not get round to looking at everything again in time.",
    means:
      "Fresh uploads are judged as fast as ever. Files that change behind the journal's back are noticed later than promised.",
    harmless: ABOUT_THE_MONITOR,
    steps: [
      "`counterfoil health` says how much was hashed again, and since when.",
      "Raise `--sweep-rate` or `--sweep-budget` (on AWS `sweepRequestsPerSecond`, `sweepBudgetGigabytes`), as far as the index's operator likes it, or lengthen `--rehash`.",
    ],
    resolved: "everything is looked at again in time.",
  },
  "page-unread": {
    happened: "Counterfoil could not read PROJECT's page.",
    means: "What it would show is not seen meanwhile. It is asked for again every hour.",
    harmless: ABOUT_THE_MONITOR,
    steps: [
      "Look at https://pypi.org/simple/PROJECT/ from another network; if it is there, report this as a bug.",
    ],
    resolved: null,
  },
  "page-unread, overdue": {
    happened: "For more than a day PyPI has shown no readable page of PROJECT.",
    means:
      "Files that appear, change or disappear there are not seen by this monitor, and perhaps by nobody.",
    harmless:
      "An index that changed the form of its pages looks like this; then other projects say the same.",
    steps: [
      "Look at https://pypi.org/simple/PROJECT/ from another network and compare its files with your own list.",
      "If files are there that are not yours, act as for an unrecorded file.",
    ],
    resolved: null,
  },
  "operator-key": {
    happened: "A new operator key was made for this monitor.",
    means:
      "Whoever holds it enrols projects and vouches for watchers. An older operator key, if there was one, stopped working.",
    harmless: `If you or a colleague ran \`counterfoil operator-key\`: nothing to do. This is about the monitor, and says nothing of a compromise of any project.`,
    steps: [
      "Run `counterfoil operator-key --rotate`, which ends the key that somebody else holds.",
      "Look in CloudTrail for the AWS access key named below: it wrote to the monitor's tables.",
      "Look at the enrolments made since then; the runbook says how.",
    ],
    resolved: null,
  },
  "test-alert": {
    happened: "This is a test of the health topic. Nothing is wrong.",
    means: "That you read it shows that alerts about the monitor reach you.",
    harmless: ABOUT_THE_MONITOR,
    steps: [],
    resolved: null,
  },
  "test-alert, findings": {
    happened: "This is a test of the findings topic. Nothing was found.",
    means: "That you read it shows that alerts about your projects reach you, also critical ones.",
    harmless: null,
    steps: ["Nothing, if the operator of this monitor told you of a test; else ask who sent it."],
    resolved: null,
  },
  "contact-unreachable": {
    happened: "A contact of a watched project could not be reached, and was not told.",
    means:
      "The note below says which contact and why. If it is the only one, its watcher hears nothing of that project.",
    harmless: ABOUT_THE_MONITOR,
    steps: [
      "Tell the watcher by another way, if you know one: they can add another contact.",
      "If several contacts are affected, look at this machine's network and at its mail server.",
    ],
    resolved: null,
  },
  "dead-letter": {
    happened: "Counterfoil gave up on a message: a fault of ours.",
    means: "What it was about is looked at again by the sweep; until then its verdict may be old.",
    harmless: ABOUT_THE_MONITOR,
    steps: ["Look at the log for the stage named below, and report it as a bug."],
    resolved: null,
  },
};
