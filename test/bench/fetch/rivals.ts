import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CannotMeasure, timed } from "../processes.ts";
import type { Served } from "./server.ts";

/** Somebody else's way to fetch and hash the wheel, on the measured core. Answers the seconds it took. */
export type Rival = () => Promise<number>;

export interface Rivals {
  readonly curlOpenssl: Rival;
  readonly curlOpensslTls: Rival;
  readonly curlSha256sum: Rival;
  readonly pip: Rival;
  close(): void;
}

const NEEDED: readonly (readonly [string, readonly string[]])[] = [
  ["curl", ["--version"]],
  ["openssl", ["version"]],
  ["sha256sum", ["--version"]],
  ["python3", ["-m", "pip", "--version"]],
];

/** Throws `CannotMeasure` when one of the rivals is not there: half a comparison would pass for a whole one. */
export function rivals({ url, tlsUrl, authority, wheel }: Served): Rivals {
  for (const [program, args] of NEEDED) {
    const { error, status } = spawnSync(program, args);
    if (error !== undefined || status !== 0)
      throw new CannotMeasure(
        `the bench compares with \`${[program, ...args].join(" ")}\`, which does not run here`,
      );
  }
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-bench-"));
  const [ca, requirements] = [join(folder, "ca.pem"), join(folder, "requirements.txt")];
  writeFileSync(ca, authority);
  writeFileSync(requirements, `bulky==1.0 --hash=sha256:${wheel.sha256}\n`);
  const piped =
    (fetch: string, hash: string): Rival =>
    async () => {
      const { seconds, stdout } = await timed("measured", ["sh", "-c", `${fetch} | ${hash}`]);
      if (!stdout.includes(wheel.sha256)) throw new Error(`${fetch} | ${hash} said ${stdout}`);
      return seconds;
    };
  const file = `files/${wheel.name}`;
  return {
    curlOpenssl: piped(`curl -s ${url}/${file}`, "openssl dgst -sha256"),
    curlOpensslTls: piped(`curl -s --cacert ${ca} ${tlsUrl}/${file}`, "openssl dgst -sha256"),
    curlSha256sum: piped(`curl -s ${url}/${file}`, "sha256sum"),
    pip: pip(join(folder, "downloads"), ["--index-url", `${url}/simple/`, "-r", requirements]),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const PIP =
  "python3 -m pip --isolated download --require-hashes --no-deps --no-cache-dir --disable-pip-version-check -q";

const pip =
  (folder: string, args: readonly string[]): Rival =>
  async () => {
    const { seconds } = await timed("measured", [...PIP.split(" "), "-d", folder, ...args]);
    rmSync(folder, { recursive: true });
    return seconds;
  };
