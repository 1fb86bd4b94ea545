import type { Sources } from "../ports.ts";
import type { PagesConfig } from "./pages.ts";
import { rss } from "./rss.ts";
import { serialList } from "./serial-list.ts";

/** The sources beside the journal. */
export const readSources = (config: PagesConfig): Sources => ({
  list: serialList(config),
  updates: rss(config, "rss/updates.xml"),
  projects: rss(config, "rss/packages.xml"),
});
