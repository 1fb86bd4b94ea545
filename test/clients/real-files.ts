import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { cache, program } from "./python.ts";

/** One file that pip fetched from the real index. */
export interface RealFile {
  readonly name: string;
  readonly project: string;
  readonly requirement: string;
  readonly sha256: string;
}

const list = fileURLToPath(new URL("real-files.txt", import.meta.url));

/** Where they lie, all in one folder. */
export const realFolder = `${cache}dist`;

/** Fetches a wheel and an sdist of every listed release from the index that this machine's pip is set to. */
export async function fetchRealFiles(): Promise<readonly RealFile[]> {
  await rm(realFolder, { recursive: true, force: true });
  await mkdir(realFolder, { recursive: true });
  for (const kind of ["--only-binary=:all:", "--no-binary=:all:"]) {
    await pipDownload([kind, "-r", list], realFolder, process.env);
  }
  const requirements = (await readFile(list, "utf8")).trim().split("\n");
  const names = await readdir(realFolder);
  const files = await Promise.all(requirements.flatMap((requirement) => filesOf(requirement, names)));
  if (files.length !== requirements.length * 2)
    throw new Error(`expected a wheel and an sdist each: ${names}`);
  return files;
}

/** `pip download`, without dependencies. To read an sdist's metadata pip uses the build backends installed here. */
export async function pipDownload(
  asked: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const pip = [program("python"), "-m", "pip", "download", "--no-deps", "--no-build-isolation"] as const;
  return run([...pip, "--dest", folder, ...asked], { env });
}

function filesOf(requirement: string, names: readonly string[]): Promise<RealFile>[] {
  const [project = "", version] = requirement.split("==");
  return names
    .filter((name) => name.startsWith(`${project}-${version}`))
    .map(async (name) => ({ name, project, requirement, sha256: await sha256Of(`${realFolder}/${name}`) }));
}

export async function sha256Of(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
