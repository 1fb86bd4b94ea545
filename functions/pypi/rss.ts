import type { Source } from "../ports.ts";
import { itemsOf } from "./feed-items.ts";
import { lookAt } from "./looking.ts";
import { decodedBody } from "./packed.ts";
import type { PagesConfig } from "./pages.ts";

const FEED = ["text/xml", "application/xml", "application/rss+xml"] as const;
/** A hundred items with long summaries are a tenth of this. */
const MOST_FEED_BYTES = 4 * 1024 ** 2;

/**
 * One of PyPI's feeds, `rss/updates.xml` or `rss/packages.xml`: its newest hundred releases or forty projects, in no order to rely
 * on. It shows no file added to a release, and nothing that leaves.
 */
export function rss(config: PagesConfig, path: `rss/${string}.xml`): Source {
  const url = new URL(path, config.index).href;
  const totalMs = config.limits.pageMs;
  return {
    look: (etag, take) =>
      lookAt(config, { url, totalMs, etag, types: FEED }, take, async (answer, taking) => {
        const body = await decodedBody(answer, MOST_FEED_BYTES);
        await taking(itemsOf(new TextDecoder("utf-8").decode(body)));
        return null;
      }),
  };
}
