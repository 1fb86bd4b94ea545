import type { ChosenSource } from "../sources.ts";

/** What each source cannot see while it carries the monitor, in words. */
export const UNSEEN: Readonly<Record<ChosenSource, readonly string[]>> = {
  journal: [],
  list: [
    "uploads until up to 35 minutes after they were made, because the edge keeps a copy of the list",
    "who did something and why: whether a file that left was removed, and who may publish",
  ],
  rss: [
    "files added to a release that is there",
    "what is removed or yanked, and who may publish",
    "more than 100 releases of all projects together between two looks",
  ],
};

/** What nobody sees while no source answers. */
export const UNSEEN_BY_NONE: readonly string[] = ["whatever is uploaded or removed"];
