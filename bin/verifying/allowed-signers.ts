import type { Instant } from "../../functions/domain/instants.ts";
import { quoted } from "../../functions/records/quoted.ts";
import { parsePublicKey, type SshKey } from "../../functions/records/ssh/keys.ts";
import { SIGNATURE_NAMESPACE } from "../../functions/records/ssh/manifests.ts";
import { SignatureRefused } from "../../functions/records/ssh/refusals.ts";
import type { KnownKey } from "../../functions/records/ssh/sshsig.ts";
import { Misused } from "../misused.ts";

/** A key that may sign, and in which time. */
export interface Allowed extends Pick<SshKey, "fingerprint" | "blob"> {
  readonly from: Instant | null;
  readonly until: Instant | null;
}

const KEY = /(?:^|\s)((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+\s+[A-Za-z0-9+/]+={0,2}(?:\s.*)?)$/;
const OPTION = /([a-z-]+)(?:="([^"]*)")?/g;

/** `YYYYMMDD[HHMM[SS]]`, with a Z in UTC, else in local time, as OpenSSH has it. */
function instantIn(text: string): Instant | null {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = ""] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function termIn(options: ReadonlyMap<string, string>, name: string): Instant | null {
  const text = options.get(name);
  if (text === undefined) return null;
  const at = instantIn(text);
  if (at === null) throw new Misused(`${name}="${text}" is no time that OpenSSH knows`);
  return at;
}

/** `*` and names; other patterns fit nothing, which only refuses more. */
const signsForUs = (namespaces: string | undefined): boolean =>
  namespaces === undefined || namespaces.split(",").some((each) => ["*", SIGNATURE_NAMESPACE].includes(each));

/** A line is `PRINCIPALS [OPTIONS] KEY`, or a .pub file's. Principals are not compared: whoever is in the file is trusted. */
function allowedIn(line: string): Allowed | null {
  const [, key = ""] = KEY.exec(line) ?? [];
  const before = line.slice(0, line.length - key.length).trim();
  const options = new Map(
    [...before.replace(/^("[^"]*"|\S+)/, "").matchAll(OPTION)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
  if (options.has("cert-authority") || !signsForUs(options.get("namespaces"))) return null;
  const { fingerprint, blob } = parsePublicKey(key);
  return { fingerprint, blob, from: termIn(options, "valid-after"), until: termIn(options, "valid-before") };
}

/**
 * The keys of an allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS) or of .pub files, those left out that may not sign for
 * us. Throws `Misused` for a line that cannot be read, and for a file that allows nobody: it would refuse everything.
 */
export function allowedSignersIn(text: string, source: string): readonly Allowed[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const meant = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const allowed = meant.flatMap((line) => {
    try {
      return allowedIn(line) ?? [];
    } catch (cause) {
      if (!(cause instanceof SignatureRefused)) throw cause;
      throw new Misused(`${source}: ${quoted(line)} allows no key that is taken: ${cause.message}`, cause);
    }
  });
  if (allowed.length === 0) throw new Misused(`${source} allows nobody to sign for ${SIGNATURE_NAMESPACE}`);
  return allowed;
}

/** The keys as of one instant. */
export const keysAt = (allowed: readonly Allowed[], at: Instant): readonly KnownKey[] =>
  allowed.map(({ fingerprint, blob, from, until }) => ({
    fingerprint,
    blob,
    state: from !== null && from > at ? "pending" : until !== null && until <= at ? "revoked" : "in-force",
  }));
