import type { Digest } from "./digests.ts";
import { dayOf, type Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";

/** What is known of bytes that were kept, or were not because there was too much of them; without opening them. */
export interface EvidenceItem {
  readonly project: ProjectName;
  readonly file: string;
  /** Of the whole body, also where only its head is kept. */
  readonly digest: Digest;
  /** When the attempt that got them began. */
  readonly at: Instant;
  /** How much is kept of them; of refused ones, how much would have been. */
  readonly sizeBytes: number;
  /** False when the cap cut it. */
  readonly whole: boolean;
  /** The finding for which they were fetched once more; `null` for an attempt that differed from what was declared. */
  readonly keptFor: string | null;
  /** The cap for which nothing is kept of them. */
  readonly refused: Cap | null;
}

/** Of what there was too much already. */
export type Cap = "day" | "finding";

/** The most that is kept: of one body, for one finding, and of one artifact in one UTC day. */
export interface EvidenceCaps {
  readonly bodyBytes: number;
  readonly findingBytes: number;
  readonly dayBytes: number;
}

const MIB = 1024 * 1024;

/** What is kept unless a host chooses: a body of 64 MiB is more than nearly every artifact has. */
export const EVIDENCE_CAPS: EvidenceCaps = {
  bodyBytes: 64 * MIB,
  findingBytes: 128 * MIB,
  dayBytes: 256 * MIB,
};

const sum = (items: readonly EvidenceItem[]): number =>
  items.reduce((all, { sizeBytes }) => all + sizeBytes, 0);

/**
 * The cap that one more item would break, given what is kept of the same artifact. Of each day so much is left for findings: else
 * whoever serves a few large wrong bodies first has nothing kept of what matters. Pure.
 */
export function capBrokenBy(
  item: Omit<EvidenceItem, "refused">,
  others: readonly EvidenceItem[],
  caps: EvidenceCaps,
): Cap | null {
  const kept = others.filter(({ refused }) => refused === null);
  const thatDay = kept.filter(({ at }) => dayOf(at) === dayOf(item.at));
  if (sum(thatDay) + item.sizeBytes > caps.dayBytes) return "day";
  if (item.keptFor === null) {
    const attempts = thatDay.filter(({ keptFor }) => keptFor === null);
    return sum(attempts) + item.sizeBytes > caps.dayBytes - caps.findingBytes ? "day" : null;
  }
  const forIt = kept.filter(({ keptFor }) => keptFor === item.keptFor);
  return sum(forIt) + item.sizeBytes > caps.findingBytes ? "finding" : null;
}

/** A line for the log: nothing that a cap refuses goes unsaid. */
export const refusal = ({ project, file, digest, refused }: EvidenceItem) =>
  ["warn", "bytes were not kept: too many already", { project, file, digest, cap: refused }] as const;

/** Bytes held in memory while they arrive, up to a cap; what is beyond it is let go, and the head stays. */
export class CappedSpool {
  readonly #mostBytes: number;
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #whole = true;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** A copy is kept: the chunk is the connection's buffer, and only ours while this call lasts. */
  take(chunk: Uint8Array): void {
    const left = chunk.subarray(0, this.#mostBytes - this.#sizeBytes);
    this.#whole &&= left.length === chunk.length;
    if (left.length === 0) return;
    this.#chunks.push(Buffer.from(left));
    this.#sizeBytes += left.length;
  }

  /** What was taken; the spool is empty then. */
  drain(): { readonly chunks: readonly Buffer[]; readonly sizeBytes: number; readonly whole: boolean } {
    const taken = { chunks: this.#chunks, sizeBytes: this.#sizeBytes, whole: this.#whole };
    this.#chunks = [];
    return taken;
  }
}
