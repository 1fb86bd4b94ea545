import type { Verdict } from "./verdicts.ts";

/**
 * What can disagree with the rest: what the index says, what its file host serves at large, one machine of that host, what a
 * watcher recorded, the index's journal, the attestations (PEP 740), the watch itself, or this monitor and its network.
 */
export type Layer =
  | "index"
  | "bytes"
  | "edge"
  | "record"
  | "journal"
  | "provenance"
  | "enrolment"
  | "monitor";

/** What a verdict rests on, for whoever must decide at night whether to believe it. */
export interface Explanation {
  /** Whose word stands against the others'; none where nothing disagrees. */
  readonly layers: readonly Layer[];
  /** Who says what, against whom. */
  readonly disagreement: string;
  /** What the same would look like if it were harmless, by which a reader tells the two apart. */
  readonly harmless: string;
}

/** What PyPI rules out by its own rules is nobody's mistake at a keyboard. */
const NO_HARMLESS_FORM =
  "No mistake of a maintainer looks like this, because PyPI takes each file name once. A fault inside PyPI would: then other projects show the same in the same hour.";

const NOTHING = "Nothing disagrees.";
const HARMLESS_AS_IT_IS = "It is harmless as it is.";
const ASK_COLLEAGUES =
  "Somebody on your side did it and can say when, at the time that is given here to the minute.";

/** One row per verdict; what is never told has one too, so that no word of an answer goes without its meaning. */
export const EXPLANATIONS: Readonly<Record<Verdict, Explanation>> = {
  match: {
    layers: [],
    disagreement: "Index, bytes and a record that silences name the same digest.",
    harmless: HARMLESS_AS_IT_IS,
  },
  baseline: {
    layers: [],
    disagreement: "Index and bytes agree. The file was there when the watch began, and nobody recorded it.",
    harmless: "It is not known to be right: it was first seen, and never confirmed.",
  },
  "awaiting-record": {
    layers: ["record"],
    disagreement:
      "Index and bytes agree with each other. No record that silences names this digest yet, and there is still time for one.",
    harmless: "You are releasing at this moment, and your record arrives before the deadline.",
  },
  unrecorded: {
    layers: ["record"],
    disagreement:
      "Index and bytes agree with each other. No record that silences names this digest: nobody whose word counts here says that they released it.",
    harmless:
      "You released it and forgot to record it, only your CI recorded it, or the step that records failed: your release log and your own build have exactly the observed digest.",
  },
  mismatch: {
    layers: ["record"],
    disagreement:
      "Index and bytes agree with each other, and not with what was recorded. Only the developer's half of the receipt shows it.",
    harmless:
      "You built again between recording and uploading: then one of your own builds has exactly the observed digest, and its contents differ from the recorded build only in times and order.",
  },
  misdeclared: {
    layers: ["index"],
    disagreement:
      "The index declares a digest that the bytes do not have. The bytes are those that were recorded, or seen before.",
    harmless: NO_HARMLESS_FORM,
  },
  replaced: {
    layers: ["bytes"],
    disagreement:
      "The index declares one digest, and the file host serves other bytes: the same ones on each of several new connections, or wrong ones again and again over days.",
    harmless:
      "A damaged copy at one edge has another digest each time, or comes from one address only, and others get the right bytes meanwhile. That is told as `flaky-edge`, and was ruled out here.",
  },
  substituted: {
    layers: ["index", "bytes"],
    disagreement:
      "Index and bytes agree with each other now, and named another digest together before. A record may agree with the new one; PyPI's own rules still say that this cannot be.",
    harmless: NO_HARMLESS_FORM,
  },
  unverifiable: {
    layers: ["bytes"],
    disagreement:
      "The index lists the file, and no whole body of it could be had, or the index declares no digest for it. Nothing could be compared.",
    harmless:
      "An outage: other files fail as well, https://status.python.org/ says so, and it ends by itself. A missing digest is no outage.",
  },
  "flaky-edge": {
    layers: ["edge"],
    disagreement:
      "Some copies do not have the digest that the index declares, and they are not reproduced: either another try got the right bytes, or the wrong ones differ.",
    harmless:
      "One machine of the file host has a damaged copy: the wrong bytes come from one address, differ from look to look, and other projects have the same trouble.",
  },
  listed: { layers: [], disagreement: "The index lists the file.", harmless: HARMLESS_AS_IT_IS },
  expected: {
    layers: [],
    disagreement: "The file was recorded, or the journal names it, and no page shows it yet.",
    harmless: "It is about to appear, before its deadline.",
  },
  hidden: {
    layers: [],
    disagreement: "The project's status, or an entry of the journal, says why no page shows the file.",
    harmless: "PyPI's staff are looking at the project; what was found there is told of the project.",
  },
  removed: {
    layers: ["index"],
    disagreement: "The index no longer lists the file. The journal agrees: it names the removal.",
    harmless: ASK_COLLEAGUES,
  },
  vanished: {
    layers: ["index", "journal"],
    disagreement:
      "The index no longer lists the file, and the journal names nothing that takes it away. Somebody who removes a file always leaves an entry.",
    harmless:
      "A page from an old cache lacks new files for a while: that was waited out, by a second look after the entries were read to their head. Where the journal could not be seen in full, the entry may simply have passed.",
  },
  unseen: {
    layers: ["journal", "index"],
    disagreement: "The journal says that the file was added, and no page has shown it until its deadline.",
    harmless:
      "The page hangs behind its journal, as caches do for hours: from another network the page shows the file.",
  },
  missing: {
    layers: ["record", "index"],
    disagreement: "A record names the file, and the index has not published it until its deadline.",
    harmless:
      "You recorded before uploading and have not uploaded, or the upload failed and its log says so.",
  },
  unannounced: {
    layers: ["index", "journal"],
    disagreement:
      "The index lists the file, and the journal never said that it was added. Every upload leaves an entry.",
    harmless:
      "The entry passed while the journal could not be seen: then health told of blindness at that time. Seen without a gap, there is no harmless form.",
  },
  reappeared: {
    layers: ["index"],
    disagreement: "The index lists the file again, after it had been gone.",
    harmless:
      "PyPI's staff put back what they had taken away, and say so when asked. No maintainer can do it.",
  },
  yanked: {
    layers: ["index"],
    disagreement: "The index marks the file as yanked. Its bytes are untouched by that.",
    harmless: ASK_COLLEAGUES,
  },
  quarantined: {
    layers: ["index", "journal"],
    disagreement: "PyPI says of the project, or of one release, that it is in quarantine.",
    harmless: "PyPI's staff took it for something that it is not, and lift it when you write to them.",
  },
  archived: {
    layers: ["index", "journal"],
    disagreement: "PyPI says of the project that it is archived, and it was not before.",
    harmless: ASK_COLLEAGUES,
  },
  "ownership-changed": {
    layers: ["index", "journal"],
    disagreement:
      "PyPI names other people, or another organisation, than before as those who may publish, has invited somebody to be one of them, or gave the project's name anew.",
    harmless: "You know each name that came, and each that left knows why.",
  },
  "provenance-lost": {
    layers: ["provenance"],
    disagreement:
      "A publisher is expected, and the index shows no attestation for the file: what the watch expects and what PyPI has differ.",
    harmless:
      "The release was uploaded by hand or by an older workflow, without attestations, by somebody who can say so. Where the note says that there were good ones before, only a fault inside PyPI is harmless: no upload takes them away.",
  },
  "provenance-changed": {
    layers: ["provenance"],
    disagreement:
      "The attestations hold, and name another repository or workflow than the publisher that is expected.",
    harmless: "The project moved to that repository or renamed that workflow, and whoever did it can say so.",
  },
  "provenance-unverifiable": {
    layers: ["provenance"],
    disagreement:
      "The attestations could not be verified over the bytes that were fetched, or could not be had at all.",
    harmless:
      "The page of the attestations hangs, or a new kind of attestation is in use that this version does not know; the file itself is judged without it.",
  },
  "record-contested": {
    layers: ["record"],
    disagreement:
      "Records of one watcher name several digests for the file, so they stand against each other.",
    harmless: "You built the file twice and recorded both builds: each digest is one of your own.",
  },
  "record-changed": {
    layers: ["record"],
    disagreement: "A digest that the watcher had recorded was taken back.",
    harmless: ASK_COLLEAGUES,
  },
  "enrolment-changed": {
    layers: ["enrolment"],
    disagreement: "The watch over the project differs, or will, from how it was set up.",
    harmless: ASK_COLLEAGUES,
  },
  drill: { layers: [], disagreement: NOTHING, harmless: "It is a drill: nothing is wrong." },
  blind: {
    layers: ["monitor", "journal"],
    disagreement: "The journal cannot be read, so uploads are not seen. It says nothing of any project.",
    harmless: "An outage: it ends by itself, and what was uploaded meanwhile is looked at then.",
  },
  "journal-went-back": {
    layers: ["monitor", "journal"],
    disagreement: "The journal's head is below what was already read from it.",
    harmless: "The index was restored from a backup, or another copy answers; its operators say so.",
  },
  "sweep-behind": {
    layers: ["monitor"],
    disagreement: "More is due to be looked at again than the sweep's rate and budget allow.",
    harmless: "Fresh uploads are not touched by it; old files are looked at again later than promised.",
  },
  "source-fallback": {
    layers: ["monitor", "journal"],
    disagreement: "The journal does not answer, and another source stands in for it.",
    harmless: "An outage of one interface, or its announced end.",
  },
  "dead-letter": {
    layers: ["monitor"],
    disagreement: "This monitor gave up on a message: a fault of ours.",
    harmless: "The sweep makes it good; the log says what it was.",
  },
  "contact-unreachable": {
    layers: ["monitor"],
    disagreement: "A contact was to be told, and its channel did not take it.",
    harmless: "The address is old, or its server was away for longer than is tried again.",
  },
  "page-unread": {
    layers: ["monitor", "index"],
    disagreement: "The project's page could not be read, so that nothing is known of what it shows.",
    harmless: "An outage, or an index that changed the form of its pages: other projects have the same.",
  },
  "operator-key": {
    layers: ["monitor"],
    disagreement: "A new operator key was made for this monitor.",
    harmless: ASK_COLLEAGUES,
  },
  "test-alert": { layers: [], disagreement: NOTHING, harmless: "It is a test: nothing is wrong." },
};
