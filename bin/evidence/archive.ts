import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { ApiUnreachable } from "../../functions/client/errors.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import { type Member, member, Sum, sumLine } from "./parts.ts";

/** Where the archive goes, and what is the same in every entry of it: the same evidence makes the same archive. */
export interface Archive {
  readonly path: string;
  /** Everything lies in it, so that unpacking strews nothing about. */
  readonly folder: string;
  readonly mtime: Date;
  readonly onBytes: (count: number, name: string) => void;
}

const SUMS = "SHA256SUMS";

/** Bytes that are not those of their name must not be handed to an investigator under it. */
function demandDigest({ name, digest }: Member, found: Digest): void {
  if (digest !== null && digest !== found)
    throw new ApiUnreachable(
      `The monitor answered with other bytes than it names: ${name} has ${found}. Nothing was exported. Ask again; if it stays so, its store is damaged or was tampered with.`,
    );
}

async function add(tar: Pack, each: Member, archive: Archive): Promise<Digest> {
  const header = { name: `${archive.folder}/${each.name}`, size: each.sizeBytes, mtime: archive.mtime };
  const rights = { mode: 0o644, uid: 0, gid: 0, uname: "", gname: "" };
  const sum = new Sum();
  const counted = async function* () {
    for await (const bytes of each.bytes) {
      sum.take(bytes);
      archive.onBytes(bytes.length, each.name);
      yield bytes;
    }
  };
  await pipeline(counted, tar.entry({ ...header, ...rights }));
  demandDigest(each, sum.digest);
  return sum.digest;
}

async function fill(tar: Pack, members: AsyncIterable<Member>, archive: Archive): Promise<void> {
  try {
    let sums = "";
    for await (const each of members) sums += sumLine(await add(tar, each, archive), each.name);
    await add(tar, member(SUMS, sums), archive);
    tar.finalize();
  } catch (error) {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/**
 * Writes an archive with the sums of all its files in `SHA256SUMS`. It has its name when it is whole and every digest was found
 * right, and never before; what goes wrong leaves nothing.
 */
export async function writeArchive(members: AsyncIterable<Member>, archive: Archive): Promise<void> {
  const aside = `${archive.path}.${process.pid}.part`;
  const remove = (): void => rmSync(aside, { force: true });
  const interrupted = (): never => {
    remove();
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  try {
    const tar = pack();
    const written = pipeline(tar, createWriteStream(aside, { mode: 0o600 }));
    await Promise.all([fill(tar, members, archive), written]);
    renameSync(aside, archive.path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupted);
  }
}
