import type { Finding } from "../../functions/domain/findings.ts";
import { type LedgerEntry, MONITOR } from "../../functions/domain/ledger.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { type Clock, Conflict, type Enrolments, type Ledger, type Queue } from "../../functions/ports.ts";
import { mintKey } from "../../functions/records/credentials.ts";

export interface KeyPorts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly enrolments: Pick<Enrolments, "putOperator">;
  readonly alerts: Queue<Finding>;
}

/** A new operator key; the only time that it is seen. */
export interface KeyMade {
  readonly key: string;
  readonly credential: string;
  /** Id of the credential that stopped working. */
  readonly replaces: string | null;
}

/** There is an operator key, and nobody asked to replace it. */
export class KeyExists extends Error {
  constructor(since: string) {
    super(
      `An operator key was made at ${since}, and it can be shown to nobody again. If it is lost, make another with --rotate: the old one stops working at once.`,
    );
    this.name = "KeyExists";
  }
}

/**
 * Makes the operator's key. The ledger's entry and the notice come before the credential, so that no key ever works without both;
 * stopped in between, there is news of a key that nobody has, and `rotate` makes another. Throws `KeyExists`.
 */
export async function makeOperatorKey(
  ports: KeyPorts,
  { rotate, by }: { readonly rotate: boolean; readonly by: string },
): Promise<KeyMade> {
  const { key, credential } = mintKey("operator", { enrolment: null, project: null }, ports.clock.now());
  const replaces = await claim(ports.ledger, { credential: credential.id, rotate, by });
  const what = replaces === null ? "It is the first one." : "It replaces the one before.";
  await ports.alerts.send([aboutMonitor("operator-key", credential.createdAt, `${what} Made by ${by}.`)]);
  await ports.enrolments.putOperator(credential);
  return { key, credential: credential.id, replaces };
}

interface Claim {
  readonly credential: string;
  readonly rotate: boolean;
  readonly by: string;
}

/** Writes down whose key is the operator's from now on, and answers whose was. Of two who make the first one, one is refused. */
async function claim(ledger: Ledger, { credential, rotate, by }: Claim): Promise<string | null> {
  for (;;) {
    const history = await ledger.read(MONITOR);
    const latest = latestKey(history);
    // Ours already, by an append whose answer was lost.
    if (latest?.credential === credential) return latest.replaces;
    if (latest !== null && !rotate) throw new KeyExists(latest.at);
    const replaces = latest?.credential ?? null;
    try {
      await ledger.append(MONITOR, history.at(-1) ?? null, {
        kind: "operator-key",
        credential,
        replaces,
        by,
      });
      return replaces;
    } catch (error) {
      // The monitor's history has other writers.
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

function latestKey(history: readonly LedgerEntry[]) {
  const keys = history.flatMap(({ at, body }) => (body.kind === "operator-key" ? [{ ...body, at }] : []));
  return keys.at(-1) ?? null;
}
