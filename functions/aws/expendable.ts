import type { Evidence } from "../ports.ts";
import type { Log } from "./logging.ts";

/**
 * The same evidence, for whom it is not the purpose: where the bucket does not take it, the verdict must not wait for the
 * bucket. What is critical is asked for once more by compare, and that fails aloud.
 */
export const expendable = (evidence: Pick<Evidence, "spool">, log: Log): Pick<Evidence, "spool"> => ({
  spool: () => {
    const spool = evidence.spool();
    return {
      ...spool,
      commit: (item) =>
        spool.commit(item).catch((error: unknown) => {
          log("error", "divergent bytes were not kept", { digest: item.digest, reason: String(error) });
        }),
    };
  },
});
