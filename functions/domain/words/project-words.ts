import type { Finding } from "../findings.ts";
import type { ProjectWay, Words } from "./wording.ts";

const IF_YOURS = "If you or a colleague did it: nothing to do.";
const WHO_DID_IT = "https://pypi.org/manage/project/PROJECT/history/ names the account that did it.";
const KEYS =
  "Log in to PyPI from a clean machine, end other sessions and revoke every API token of the account that did it.";
const IF_REMOVED =
  "If you were removed: write to security@pypi.org at once, from the address that your account has, with this message.";
const LOOK_AT_PEOPLE =
  "Look at https://pypi.org/manage/project/PROJECT/collaboration/ for people you do not know, from a clean machine.";

const QUARANTINE_STEPS = [
  "Look for files that you did not release: `counterfoil artifacts PROJECT`.",
  "Write to security@pypi.org, from the address that your account has, with this message: it says what this monitor saw, and when. PyPI may have frozen the accounts of the project's owners meanwhile.",
  "Tell your users over a channel that is not the project's own: whoever published in its name may hold its repository and its bots too.",
];

/** What is said about a project as a whole, one row per way. */
export const PROJECT_WORDS: Readonly<Record<ProjectWay, Words>> = {
  quarantined: {
    happened: "PyPI put PROJECT into quarantine.",
    means:
      "Nobody can install it meanwhile. PyPI's staff, or a check of theirs, takes it for dangerous: somebody may have published in its name.",
    harmless: "If PyPI's staff told you that it was a mistake: nothing to do, they lift it.",
    steps: QUARANTINE_STEPS,
    resolved: null,
  },
  "quarantined, one release": {
    happened: "PyPI put RELEASE of PROJECT into quarantine.",
    means:
      "Nobody can install that release meanwhile; the others are not touched. PyPI's staff, or a check of theirs, takes it for dangerous: somebody may have published it in the project's name.",
    harmless: "If PyPI's staff told you that it was a mistake: nothing to do, they lift it.",
    steps: QUARANTINE_STEPS,
    resolved: null,
  },
  archived: {
    happened: "PROJECT was archived on PyPI.",
    means:
      "Nobody can upload to it until an owner takes that back. Its files stay as they are. PyPI's journal does not name it: it was seen on the project's page, and may be up to a day old.",
    harmless: "If you archived it: nothing to do.",
    steps: [WHO_DID_IT, KEYS],
    resolved: null,
  },
  "ownership-changed": {
    happened: "Who may publish PROJECT on PyPI has changed.",
    means:
      "Whoever was added can release in its name; whoever was removed no longer can. The note below says who.",
    harmless: IF_YOURS,
    steps: [LOOK_AT_PEOPLE, IF_REMOVED, WHO_DID_IT, KEYS],
    resolved: null,
  },
  "ownership-changed, invited": {
    happened: "Somebody was invited to publish PROJECT on PyPI, or an invitation was taken back.",
    means:
      "An invitation gives no right until it is accepted; then whoever accepted it can release in the project's name. The note below says who.",
    harmless: IF_YOURS,
    steps: [
      "Take the invitation back on https://pypi.org/manage/project/PROJECT/collaboration/, from a clean machine, at once: thieves have been invited, accepted and removed the owner within three minutes.",
      WHO_DID_IT,
      KEYS,
    ],
    resolved: null,
  },
  "ownership-changed, taken again": {
    happened: "PROJECT was removed from PyPI, and its name has been taken again.",
    means:
      "What it publishes from now on may be somebody else's, and everybody who installs it by name gets that.",
    harmless: "If you removed the project and created it again: nothing to do.",
    steps: [
      "Look at https://pypi.org/project/PROJECT/ for who maintains it now.",
      "If you do not: write to security@pypi.org at once, with this message.",
      "Tell your users which digests are yours.",
    ],
    resolved: null,
  },
  "ownership-changed, silent": {
    happened: "Who may publish PROJECT on PyPI has changed, and PyPI's journal does not say so.",
    means:
      "Each change that an owner makes leaves an entry. This one was made by PyPI, by the end of an account, by a move into an organisation, or by somebody with PyPI's own rights. The note below says who.",
    harmless:
      "If an account was deleted, or the project moved into an organisation, and you know of it: nothing to do.",
    steps: [LOOK_AT_PEOPLE, IF_REMOVED, WHO_DID_IT],
    resolved: null,
  },
};

/** Which entry makes which way, where a verdict has several. */
const BY_ENTRY: readonly (readonly [Finding["verdict"], RegExp, ProjectWay])[] = [
  ["quarantined", /^release /, "quarantined, one release"],
  ["ownership-changed", /^(invite|revoke_invite) /, "ownership-changed, invited"],
  ["ownership-changed", /^create\b/, "ownership-changed, taken again"],
  ["ownership-changed", /^$/, "ownership-changed, silent"],
];

/** In which way a finding about a project is told; `undefined` where its verdict is the way, or is none of a project's. */
export const projectWayOf = ({
  verdict,
  grounds: { entry },
}: Pick<Finding, "verdict" | "grounds">): ProjectWay | undefined =>
  BY_ENTRY.find(([of, text]) => of === verdict && text.test(entry ?? ""))?.[2];
