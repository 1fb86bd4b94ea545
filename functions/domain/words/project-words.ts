import type { ProjectWay, Words } from "./wording.ts";

/** What is said about a project as a whole, one row per way. */
export const PROJECT_WORDS: Readonly<Record<ProjectWay, Words>> = {
  quarantined: {
    happened: "PyPI put PROJECT, or a release of it, into quarantine.",
    means:
      "Its files cannot be installed meanwhile. PyPI's staff, or a check of theirs, takes it for dangerous: somebody may have published in its name.",
    harmless: "If PyPI's staff told you that it was a mistake: nothing to do.",
    steps: [
      "Look for files that you did not release: `counterfoil artifacts PROJECT`.",
      "Write to security@pypi.org, with this message: it says what this monitor saw, and when.",
    ],
    resolved: null,
  },
  archived: {
    happened: "PROJECT was archived on PyPI.",
    means: "Nobody can upload to it until an owner takes that back. Its files stay as they are.",
    harmless: "If you archived it: nothing to do.",
    steps: [
      "https://pypi.org/manage/project/PROJECT/history/ names the account that did it.",
      "Log in to PyPI from a clean machine, end other sessions and revoke every API token.",
    ],
    resolved: null,
  },
  "ownership-changed": {
    happened: "Who may publish PROJECT has changed on PyPI.",
    means:
      "Whoever was added can release in its name; whoever was removed no longer can. The note below says who.",
    harmless: "If you or a colleague did it: nothing to do.",
    steps: [
      "Look at https://pypi.org/manage/project/PROJECT/collaboration/ for people you do not know, from a clean machine.",
      "If you were removed: write to security@pypi.org at once, with this message.",
      "https://pypi.org/manage/project/PROJECT/history/ names the account that did it.",
    ],
    resolved: null,
  },
};
