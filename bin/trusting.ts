import type { Command } from "commander";
import { type Examine, examinationUnder } from "../functions/pypi/sigstore.ts";

/** Verifies under the operator's trusted root, or the bundled one. A file that is none ends the program. */
export function examineUnder(file: string | undefined, command: Command): Examine {
  try {
    return examinationUnder(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    command.error(
      `error: the file of --trusted-root (or COUNTERFOIL_TRUSTED_ROOT) cannot be used: ${file}: ${why}`,
    );
  }
}
