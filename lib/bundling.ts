import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { type BuildResult, buildSync, type OutputFile } from "esbuild";
import { FUNCTIONS, type FunctionName } from "./names.ts";
import { TRUSTED_ROOT_FILE } from "./trusted-root.ts";

/** The code of each function. */
export type Bundles = (name: FunctionName) => Code;

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Beside the assembly, which git ignores. */
const FOLDER = join(ROOT, "cdk.out", ".bundles");

/**
 * The API reads every format of submissions, OpenSSH's signatures, providers' tokens, and S3 where evidence is asked for; fetch hashes,
 * keeps in S3, and verifies attestations; feed reads two forms more than others, each with a parser of its own.
 */
const MOST_BYTES: Readonly<Partial<Record<FunctionName, number>>> = {
  api: 960_000,
  fetch: 720_000,
  feed: 480_000,
};

/** In bytes, without the source map: a bundle is read at every cold start. */
export const mostBytes = (name: FunctionName): number => MOST_BYTES[name] ?? 450_000;

const entryOf = (name: FunctionName): string =>
  name === "copy" ? "functions/aws/copy/handler.ts" : `functions/${name}/handler.ts`;

/** Some libraries are CommonJS and ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE = `import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);`;

/**
 * Ways to come by credentials that no Lambda ever takes: it has them in its environment, where the SDK looks first, and the
 * SDK imports these only when it has looked everywhere before. A fifth of each bundle.
 */
const NEVER_TAKEN = [
  ...["http", "ini", "login", "process", "sso", "web-identity"].map(
    (way) => `@aws-sdk/credential-provider-${way}`,
  ),
  "@aws-sdk/nested-clients",
  "@smithy/credential-provider-imds",
];

/**
 * Bundles every function in one go, each into a folder named after its content. Throws when a bundle is over its limit:
 * found at synth, not at a cold start. The operator's trusted root goes beside the code of fetch.
 */
export function bundled(most = mostBytes, trustedRoot?: string): Bundles {
  const built = buildSync({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(FUNCTIONS.map((name) => [`${name}/index`, entryOf(name)])),
    outdir: join(FOLDER, "out"),
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    external: NEVER_TAKEN,
    alias: { "rate-limiter-flexible": join(ROOT, "functions/aws/uncounted.ts") },
    legalComments: "none",
    metafile: true,
    logLevel: "error",
  });
  const folders = new Map(
    FUNCTIONS.map((name) => [
      name,
      keep(name, [...filesOf(name, built, most(name)), ...besides(name, trustedRoot)]),
    ]),
  );
  return (name) => Code.fromAsset(folders.get(name) ?? "", { assetHashType: AssetHashType.SOURCE });
}

type Kept = Pick<OutputFile, "path" | "contents">;

const besides = (name: FunctionName, trustedRoot: string | undefined): Kept[] =>
  name === "fetch" && trustedRoot !== undefined
    ? [{ path: TRUSTED_ROOT_FILE, contents: readFileSync(trustedRoot) }]
    : [];

function filesOf(
  name: FunctionName,
  built: BuildResult<{ write: false; metafile: true }>,
  most: number,
): OutputFile[] {
  const files = built.outputFiles.filter(({ path }) => basename(dirname(path)) === name);
  const code = files.find(({ path }) => path.endsWith(".mjs"));
  if (code !== undefined && code.contents.byteLength > most)
    throw new Error(
      `The bundle of ${name} has ${code.contents.byteLength} bytes, over its limit of ${most}, and would be slow to start. Most of it comes from ${heaviest(name, built)}: import less of it.`,
    );
  return files;
}

function heaviest(name: FunctionName, { metafile }: BuildResult<{ metafile: true }>): string {
  const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`${name}/index.mjs`))?.[1];
  const inputs = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({
    path,
    bytesInOutput,
  }));
  const first = inputs.toSorted((a, b) => b.bytesInOutput - a.bytesInOutput).slice(0, 3);
  return first.map(({ path, bytesInOutput }) => `${path} (${bytesInOutput})`).join(", ");
}

/** Written aside and renamed: another process may be bundling the same code. */
function keep(name: FunctionName, files: readonly Kept[]): string {
  const hash = createHash("sha256");
  for (const { path, contents } of files) hash.update(basename(path)).update(contents);
  const folder = join(FOLDER, `${name}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(FOLDER, { recursive: true });
  const aside = mkdtempSync(join(FOLDER, `${name}-`));
  for (const { path, contents } of files) writeFileSync(join(aside, basename(path)), contents);
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
