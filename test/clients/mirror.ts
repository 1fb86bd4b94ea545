import { glob, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { TlsOrigins } from "../../bin/sandbox/index/server.ts";
import { run } from "../programs/commands.ts";
import { program, secluded } from "./python.ts";
import { sha256Of } from "./real-files.ts";

/** Mirrors the whole index with bandersnatch, which insists on TLS, and answers each mirrored file's digest. */
export async function mirror(index: TlsOrigins, folder: string): Promise<ReadonlyMap<string, string>> {
  const [settings, authority] = [`${folder}/bandersnatch.conf`, `${folder}/authority.pem`];
  await writeFile(authority, index.authority);
  await writeFile(settings, settingsFor(index.url, `${folder}/mirror`));
  await run([program("bandersnatch"), "-c", settings, "mirror"], {
    env: secluded({ SSL_CERT_FILE: authority }),
  });
  return mirrored(`${folder}/mirror/web/packages`);
}

function settingsFor(master: string, directory: string): string {
  const settings = {
    directory,
    master,
    json: "true",
    "stop-on-error": "true",
    timeout: "10",
    workers: "2",
    "hash-index": "false",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return ["[mirror]", ...lines, ""].join("\n");
}

async function mirrored(folder: string): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for await (const path of glob(`${folder}/*/*/*/*`)) {
    if (/\.(?:whl|tar\.gz)$/.test(path)) digests.set(basename(path), await sha256Of(path));
  }
  return digests;
}
