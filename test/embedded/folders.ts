import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a claim in a folder of its own, which is gone afterwards. */
export const inFolder =
  (claim: (folder: string) => Promise<void> | void): (() => Promise<void>) =>
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "counterfoil-test-"));
    try {
      await claim(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
