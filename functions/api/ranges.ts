import { Refused } from "./problems.ts";

/** A Lambda answers at most 6 MB, and API Gateway is handed bytes as base64, a third longer. */
export const MOST_RANGE_BYTES = 4 * 1024 * 1024;

/** From the first byte up to but not including `to`. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  /** Nobody asked for a part. */
  readonly isAll: boolean;
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

function asked(header: string, sizeBytes: number): { from: number; to: number } | null {
  const [, first = "", last = ""] = SINGLE.exec(header.replaceAll(" ", "")) ?? [];
  if (first === "" && last === "") return null;
  if (first === "") return { from: Math.max(0, sizeBytes - Number(last)), to: sizeBytes };
  return { from: Number(first), to: last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}

/**
 * Which part of so many bytes to answer with (RFC 9110, section 14). A part that is too long is cut, and `Content-Range` says
 * so; the whole of something that is too long is refused, because an answer without a range may not be a part. Several ranges
 * at once count as none. Throws `Refused`.
 */
export function sliceFor(header: string | undefined, sizeBytes: number): Slice {
  const range = header === undefined ? null : asked(header, sizeBytes);
  if (range !== null) {
    if (range.from >= range.to)
      throw new Refused("bad-range", `There are ${sizeBytes} bytes, and the range is of none of them.`);
    return { from: range.from, to: Math.min(range.to, range.from + MOST_RANGE_BYTES), isAll: false };
  }
  if (sizeBytes > MOST_RANGE_BYTES)
    throw new Refused(
      "range-needed",
      `There are ${sizeBytes} bytes, and one answer has at most ${MOST_RANGE_BYTES}: ask for parts, beginning with "Range: bytes=0-${MOST_RANGE_BYTES - 1}".`,
    );
  return { from: 0, to: sizeBytes, isAll: true };
}

/** The answer of a part. Foreign bytes: nothing may take them for a page or a program. */
export function sliceAnswer(bytes: Uint8Array, { from, to, isAll }: Slice, sizeBytes: number, hex: string) {
  return new Response(new Uint8Array(bytes), {
    status: isAll ? 200 : 206,
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${hex}"`,
      "Accept-Ranges": "bytes",
      ...(isAll ? {} : { "Content-Range": `bytes ${from}-${to - 1}/${sizeBytes}` }),
    },
  });
}
