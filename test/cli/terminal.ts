import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ran } from "./monitor.ts";

const ENTRY = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));

const quotedForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs `counterfoil …` on a terminal of its own (util-linux's script); `stdout` is all that the terminal shows. */
export function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Pick<Ran, "code" | "stdout">> {
  const line = [process.execPath, ENTRY, ...args].map(quotedForShell).join(" ");
  return new Promise((resolve) => {
    const environment = { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color", ...env };
    const child = execFile("script", ["-qec", line, "/dev/null"], { env: environment }, (_, stdout) =>
      resolve({ code: child.exitCode ?? -1, stdout: stdout.replaceAll("\r\n", "\n") }),
    );
    child.stdin?.end();
  });
}
