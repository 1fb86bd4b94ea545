import type { WatchWay, Words } from "./wording.ts";

const CANCEL = "Take it back before then: `counterfoil cancel PROJECT CHANGE_ID`.";
const REVOKE =
  "Revoke the key that did it: `counterfoil key revoke PROJECT KEY_ID`. What it asked for and is not in force yet is taken back with it.";
const OPERATOR = "If you have no key left that works, ask the operator of this monitor to do it for you.";

/** What is said about an enrolment and its records: who can change them can make the monitor quiet. */
export const WATCH_WORDS: Readonly<Record<WatchWay, Words>> = {
  "enrolment-changed": {
    happened: "Something about the watch over PROJECT was changed.",
    means: "It acts from now on; the note below says what it is. It does not make the monitor quieter.",
    harmless: "If you or a colleague asked for it: nothing to do.",
    steps: [REVOKE, OPERATOR],
    resolved: "The change was taken back.",
  },
  "enrolment-changed, later": {
    happened: "Somebody asked for a change that makes the watch over PROJECT quieter.",
    means:
      "It comes into force at the deadline below, and can be taken back until then. The note below says what it is.",
    harmless: "If you or a colleague asked for it: nothing to do.",
    steps: [CANCEL, REVOKE, OPERATOR],
    resolved: "the change was taken back, and will not act.",
  },
  "record-contested": {
    happened: "FILE has several digests on record, all by the same watcher.",
    means:
      "At most one of them is what you released. Any of them is taken for yours, so that whoever recorded the other can make a false file look right.",
    harmless:
      "If you built the file again and recorded both: withdraw the one that you do not publish, `counterfoil withdraw`.",
    steps: [
      "Compare the digests below with the file where you built it.",
      "Withdraw the false one: `counterfoil withdraw PROJECT QUOTED DIGEST --reason TEXT`.",
      REVOKE,
      OPERATOR,
    ],
    resolved: "somebody looked at it.",
  },
  "record-changed": {
    happened: "A record of FILE was withdrawn.",
    means: "The digest below is no longer taken for yours. What PyPI publishes is judged without it.",
    harmless: "If you withdrew it: nothing to do.",
    steps: ["Record the right digest again.", REVOKE, OPERATOR],
    resolved: "somebody looked at it.",
  },
  drill: {
    happened: "This is a drill for PROJECT. Nothing is wrong.",
    means: "That you read it shows that alerts about this project reach you, also critical ones.",
    harmless: null,
    steps: ["Nothing, if somebody told you of a drill; else ask who holds a key of this enrolment."],
    resolved: null,
  },
};
