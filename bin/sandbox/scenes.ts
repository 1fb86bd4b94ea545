/** What the subscriber is told about an artifact, as `topic severity verdict state`. */
export type Telling = string;

/** One scene of the story, with what must come of it. Written before any monitor runs: this is the ground truth. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  readonly project: string;
  readonly version: string;
  /** The file in the limelight. */
  readonly artifact: string;
  /** What the release's other file must be. */
  readonly others: string;
  readonly acts: readonly Act[];
}

/** Something happens; then the monitor must say `expected` of the artifact, and the subscriber have been told `told`. */
export interface Act {
  readonly name: string;
  readonly line: string;
  readonly does: readonly Deed[];
  readonly expected: string;
  readonly told: readonly Telling[];
}

/** What people, thieves and edges do. */
export type Deed = "record" | "publish" | "flip-bit" | "rewrite" | "bad-node" | "mend";

/** Three projects, six releases. Each project's watcher enrols with this policy before anything is published. */
export const WATCHED: readonly { readonly project: string; readonly policy: object }[] = [
  { project: "lanternfish", policy: { strict: true } },
  { project: "tidewrack", policy: {} },
  { project: "driftglass", policy: { graceMinutes: 15 } },
];

const wheel = (project: string, version: string): string => `${project}-${version}-py3-none-any.whl`;

export const SCENES: readonly Scene[] = [
  {
    name: "recorded-release",
    title: "A release as it should be",
    project: "lanternfish",
    version: "1.0.0",
    artifact: wheel("lanternfish", "1.0.0"),
    others: "match",
    acts: [
      {
        name: "recorded-release",
        line: "The maintainer records the digests of dist/*, then uploads.",
        does: ["record", "publish"],
        expected: "match",
        told: [],
      },
    ],
  },
  {
    name: "stolen-token",
    title: "A release by somebody with a stolen token",
    project: "lanternfish",
    version: "1.0.1",
    artifact: wheel("lanternfish", "1.0.1"),
    others: "unrecorded",
    acts: [
      {
        name: "stolen-token",
        line: "A thief uploads 1.0.1. To PyPI it is a release like any other.",
        does: ["publish"],
        expected: "unrecorded",
        told: ["findings critical unrecorded open"],
      },
    ],
  },
  {
    name: "flipped-bit",
    title: "One bit changes in the file store",
    project: "tidewrack",
    version: "0.4.0",
    artifact: wheel("tidewrack", "0.4.0"),
    others: "match",
    acts: [
      {
        name: "before-the-flip",
        line: "tidewrack 0.4.0 is recorded, uploaded, and fine.",
        does: ["record", "publish"],
        expected: "match",
        told: [],
      },
      {
        name: "flipped-bit",
        line: "One bit of the stored wheel flips. The journal says nothing; only the sweep can see it.",
        does: ["flip-bit"],
        expected: "replaced",
        told: ["findings critical replaced open"],
      },
    ],
  },
  {
    name: "rewritten-index",
    title: "Index and file are rewritten together",
    project: "tidewrack",
    version: "0.4.1",
    artifact: wheel("tidewrack", "0.4.1"),
    others: "match",
    acts: [
      {
        name: "before-the-rewrite",
        line: "tidewrack 0.4.1 is recorded, uploaded, and fine.",
        does: ["record", "publish"],
        expected: "match",
        told: [],
      },
      {
        name: "rewritten-index",
        line: "Somebody inside the index changes the wheel and its digest. pip would install it without a word.",
        does: ["rewrite"],
        expected: "substituted",
        told: ["findings critical substituted open"],
      },
    ],
  },
  {
    name: "corrupt-edge",
    title: "A bad node of the edge serves damaged bytes",
    project: "driftglass",
    version: "2.1.0",
    artifact: wheel("driftglass", "2.1.0"),
    others: "match",
    acts: [
      {
        name: "corrupt-edge",
        line: "driftglass 2.1.0 is recorded and uploaded; one node of the edge damages its wheel on the way.",
        does: ["bad-node", "record", "publish"],
        expected: "match",
        told: ["health notice flaky-edge open"],
      },
      {
        name: "edge-recovers",
        line: "The node is mended. The next look is clean, and health says so. Nobody was woken for it.",
        does: ["mend"],
        expected: "match",
        told: ["health notice flaky-edge resolved"],
      },
    ],
  },
  {
    name: "late-record",
    title: "A release recorded late",
    project: "driftglass",
    version: "2.2.0",
    artifact: wheel("driftglass", "2.2.0"),
    others: "match",
    acts: [
      {
        name: "not-recorded-yet",
        line: "The maintainer uploads first. Inside the grace period that is a notice, not an alarm.",
        does: ["publish"],
        expected: "awaiting-record",
        told: ["findings notice awaiting-record open"],
      },
      {
        name: "recorded-late",
        line: "Then the record arrives.",
        does: ["record"],
        expected: "match",
        told: ["findings notice awaiting-record resolved"],
      },
    ],
  },
];
