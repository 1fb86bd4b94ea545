import type { Pair } from "./reading.ts";

/** Writes the digests of a release as a tool does that hashed the files in a folder (empty, or with its slash). */
export type Writer = (files: readonly Pair[], folder: string) => string;

const eachOf =
  (line: (path: string, hex: string) => string): Writer =>
  (files, folder) =>
    files.map(([file, hex]) => line(folder + file, hex)).join("");

/** coreutils escapes the names of a line, and says so with a backslash before it, where a name needs it. */
const gnu = (write: (path: string, hex: string) => string): Writer =>
  eachOf((path, hex) => {
    const escaped = path.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
    return `${escaped === path ? "" : "\\"}${write(escaped, hex)}\n`;
  });

/** For tools that write a path as it is: one that has no newline in it. */
const plain = (path: string): string => path.replace(/[\r\n]/g, "");

/** For what is cut into words: a path of one word, and with a folder in front, because a bare word is no path. */
const word = (path: string): string => `./${path.replace(/[\s;#[\]@]/g, "").replace(/^-+/, "")}`;

const windows = (path: string): string => plain(path).replaceAll("/", "\\");

const table: Writer = (files, folder) => {
  const row = (...cells: readonly string[]): string =>
    `${cells[0]?.padEnd(15)} ${cells[1]?.padEnd(70)} ${cells[2]}\n`;
  const rows = files.map(([file, hex]) => row("SHA256", hex, windows(folder + file)));
  return `\n${row("Algorithm", "Hash", "Path")}${row("---------", "----", "----")}${rows.join("")}\n\n`;
};

const list: Writer = eachOf(
  (path, hex) => `\nAlgorithm : SHA256\nHash      : ${hex}\nPath      : ${windows(path)}\n\n`,
);

/** What tools print line by line. */
export const LINES: Readonly<Record<string, Writer>> = {
  sha256sum: gnu((path, hex) => `${hex}  ${path}`),
  "sha256sum --binary": gnu((path, hex) => `${hex} *${path}`),
  "sha256sum --tag": gnu((path, hex) => `SHA256 (${path}) = ${hex}`),
  "openssl dgst": eachOf((path, hex) => `SHA2-256(${plain(path)})= ${hex}\n`),
  "Get-FileHash": table,
  "Get-FileHash | Format-List": list,
  "pip hash": eachOf((path, hex) => `${word(path)}:\n--hash=sha256:${hex}\n`),
  "print-hash": eachOf((path, hex) => `/github/${word(path)}\n\nSHA256: ${hex}\nMD5: ${hex.slice(32)}\n\n`),
  "requirements with paths": eachOf(
    (path, hex) => `${word(path)} \\\n    --hash=sha256:${hex}\n    # via six\n`,
  ),
  "direct references": eachOf((path, hex) => {
    const url = `https://x.example/${path
      .split("/")
      .map((part) => encodeURIComponent(part.toWellFormed()))
      .join("/")}`;
    return `six @ ${url}#sha256=${hex} ; python_version > "3"\n`;
  }),
};

const entry = ([filename, sha256]: Pair) => ({ filename, url: "x", hashes: { sha256, md5: "x" }, size: 1 });

/** What tools write as a whole. */
export const DOCUMENTS: Readonly<Record<string, Writer>> = {
  "our JSON": (files) =>
    JSON.stringify({ files: files.map(([file, hex]) => ({ file, digest: `sha256:${hex}` })) }),
  "a page of PEP 691": (files) =>
    JSON.stringify({ meta: { "api-version": "1.4" }, name: "six", files: files.map(entry) }, null, 2),
  "pylock.toml with a line per wheel": (files, folder) => {
    const path = (file: string): string =>
      JSON.stringify(folder.toWellFormed().replaceAll("\u007f", "") + file);
    const wheels = files.map(
      ([file, hex]) => `    { path = ${path(file)}, hashes = { sha256 = "${hex}" } },\n`,
    );
    return `lock-version = "1.0"\n[[packages]]\nname = "Six"\nwheels = [\n${wheels.join("")}]\n`;
  },
  "pylock.toml with tables": (files) => {
    const wheels = files.map(
      ([file, hex]) => `[[packages.wheels]]\nname = "${file}"\n[packages.wheels.hashes]\nsha256 = "${hex}"\n`,
    );
    return `lock-version = "1.0"\n[[packages]]\nname = "six"\n${wheels.join("\n")}`;
  },
};
