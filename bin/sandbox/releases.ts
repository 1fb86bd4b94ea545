import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The committed wheels and sdists, beside the checkout's root or the installed one's. */
const FILES =
  ["../../test/fixtures/story/", "../../../test/fixtures/story/"]
    .map((up) => fileURLToPath(new URL(up, import.meta.url)))
    .find((folder) => existsSync(folder)) ?? "";

const sums = (): string[] => readFileSync(join(FILES, "SHA256SUMS"), "utf8").trim().split("\n");

/** What `sha256sum dist/*` prints for this release. */
export const sumsOf = (project: string, version: string): string =>
  sums()
    .filter((line) => line.includes(`  ${project}-${version}`))
    .map((line) => `${line}\n`)
    .join("");

/** The names of a release's files. */
export const filesOf = (project: string, version: string): string[] =>
  sums()
    .flatMap((line) => line.split("  ")[1] ?? [])
    .filter((file) => file.startsWith(`${project}-${version}`));

export const bytesOf = (file: string): Uint8Array => readFileSync(join(FILES, file));
