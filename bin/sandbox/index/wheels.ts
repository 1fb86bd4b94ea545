import { strFromU8, unzipSync } from "fflate";

const zipMagic = "PK\u0003\u0004";

/** The METADATA file inside a wheel, or null when the bytes are no wheel. Made-up bytes in tests are common. */
export function metadataOf(file: string, bytes: Uint8Array): Uint8Array | null {
  if (!file.endsWith(".whl") || strFromU8(bytes.subarray(0, 4), true) !== zipMagic) return null;
  try {
    const found = unzipSync(bytes, { filter: (entry) => /^[^/]+\.dist-info\/METADATA$/.test(entry.name) });
    return Object.values(found)[0] ?? null;
  } catch {
    return null;
  }
}

/** The first value of one header of a METADATA file. */
export function headerOf(metadata: Uint8Array | null, header: string): string | null {
  if (metadata === null) return null;
  const [head = ""] = new TextDecoder().decode(metadata).split(/\r?\n\r?\n/, 1);
  const line = head.split(/\r?\n/).find((each) => each.startsWith(`${header}: `));
  return line === undefined ? null : line.slice(header.length + 2).trim();
}
