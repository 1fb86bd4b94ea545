import { abreast } from "../domain/abreast.ts";
import type { Digest } from "../domain/digests.ts";
import type { Manifest, Manifests } from "../ports.ts";
import { putAbsent } from "./absent.ts";
import type { Item } from "./items.ts";
import { named, partition } from "./keys.ts";
import { cut, joined, partItems, partsPrefix } from "./parts.ts";
import { get, items, type Table } from "./table.ts";
import { put, putOf } from "./writes.ts";

const ABREAST = 4;
const SIGNATURE = "signature/";

/** A partition of its own, so that whoever reads an enrolment's records reads none of its manifests. */
const wholeKey = (enrolment: string, digest: Digest) => ({
  pk: partition(`manifest/${enrolment}/${digest}`),
  sk: "manifest",
});

/**
 * Manifests as they came, compressed, in parts, and each signature by itself, so that two signers never overwrite each other.
 * The item `manifest`, put last, makes it all count; it holds the first part itself.
 */
export function manifests(table: Table): Manifests {
  return {
    keep: async (enrolment, manifest) => {
      const { pk, sk } = wholeKey(enrolment, manifest.digest);
      await abreast(ABREAST, signaturesOf(pk, manifest), (item) => putAbsent(table, item, "a signature"));
      if ((await get(table, { pk, sk })) === null) await keep(table, { pk, sk }, manifest.bytes);
    },
    kept: async (enrolment, digest) => {
      const { pk, sk } = wholeKey(enrolment, digest);
      const found = await items(table, { pk });
      const first = found.find((item) => item["sk"] === sk);
      return first ? manifestOf(digest, first, found) : null;
    },
  };
}

const signaturesOf = (pk: string, { signatures }: Manifest): Item[] =>
  signatures.map(({ signer, armored }) => ({ pk, sk: `${SIGNATURE}${named(signer)}`, signer, armored }));

async function keep(
  table: Table,
  key: { readonly pk: string; readonly sk: string },
  given: Uint8Array,
): Promise<void> {
  const all = await cut(given);
  const [bytes = new Uint8Array()] = all.parts;
  const further = partItems(key.pk, key.sk, all, 1);
  await abreast(ABREAST, further, (part) => put(table, putOf(table, part, "a manifest")));
  await putAbsent(table, { ...key, bytes, hash: all.hash }, "a manifest");
}

async function manifestOf(digest: Digest, first: Item, found: readonly Item[]): Promise<Manifest> {
  const prefix = partsPrefix(String(first["sk"]), String(first["hash"]));
  const further = found.filter(({ sk }) => String(sk).startsWith(prefix));
  const signatures = found
    .filter(({ sk }) => String(sk).startsWith(SIGNATURE))
    .map(({ signer, armored }) => ({ signer: String(signer), armored: String(armored) }));
  return { digest, bytes: new Uint8Array(await joined([first, ...further])), signatures };
}
