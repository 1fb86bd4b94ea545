import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { interrupted } from "../interrupted.ts";
import { type SandboxIndex, startIndex } from "../sandbox/index/server.ts";

interface SandboxOptions {
  readonly port: string;
  readonly filesPort: string;
  readonly tlsCa?: string;
}

export function register(program: Command): void {
  program
    .command("sandbox")
    .description("run a small PyPI on loopback to play with: twine, pip and bandersnatch work against it")
    .option("--port <n>", "the index's port; 0 picks one", "0")
    .option("--files-port <n>", "the files' port; 0 picks one", "0")
    .option("--tls-ca <path>", "serve TLS too, and write its throwaway authority there (PEM)")
    .action(sandbox);
}

async function sandbox(options: SandboxOptions): Promise<void> {
  const end = interrupted();
  const tls = options.tlsCa !== undefined;
  const index = await startIndex({ port: Number(options.port), filesPort: Number(options.filesPort), tls });
  if (options.tlsCa !== undefined && index.tls) writeFileSync(options.tlsCa, index.tls.authority);
  process.stdout.write(`${described(index).join("\n")}\n`);
  await end;
  await index.close();
}

function described({ url, filesOrigin, tls }: SandboxIndex): string[] {
  return [
    `index  ${url}`,
    `files  ${filesOrigin}`,
    ...(tls === null ? [] : [`TLS    ${tls.url} and ${tls.filesOrigin}`]),
    "",
    `Upload:     twine upload --repository-url ${url}/legacy/ -u __token__ -p anything dist/*`,
    `Watch it:   npx counterfoil serve --index ${url} --files-origin ${filesOrigin} --poll 1 --confirm 5 --data sandbox-data`,
    `Verify:     npx counterfoil verify --index ${url} dist/*`,
    `Misbehave:  curl ${url}/_sandbox/flip-bit --json '{"file": "NAME.whl"}'`,
    "Interrupt to stop; everything is in memory.",
  ];
}
