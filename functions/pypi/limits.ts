/** What the index and its file host may cost us. */
export interface Limits {
  /** Without a byte for so long, also while connecting, the other side is too slow. A reader of the journal must be quicker too. */
  readonly idleMs: number;
  /** For one page, headers to last byte. */
  readonly pageMs: number;
  /** For one provenance object: bytes wait to be told until it was read. */
  readonly provenanceMs: number;
  /** For one answer of the journal, the reader's own pace included. */
  readonly journalMs: number;
  /** For the list of all projects, the reader's own pace included. */
  readonly listMs: number;
  /** For one artifact. */
  readonly fileMs: number;
  /** A page as it came and as decoded. */
  readonly pageBytes: number;
  /** An answer of the journal; 50,000 rows are about 13 MB. */
  readonly journalBytes: number;
  /** The list of all projects, as it came and as decoded; PyPI's has some 50 MB. */
  readonly listBytes: number;
  /** An artifact. PyPI's own limit can be raised up to 1 GiB. */
  readonly fileBytes: number;
  /** Connections per origin; requests beyond wait for one. */
  readonly sockets: number;
}

export const DEFAULT_LIMITS: Limits = {
  idleMs: 30_000,
  pageMs: 60_000,
  provenanceMs: 10_000,
  journalMs: 300_000,
  listMs: 300_000,
  fileMs: 1_800_000,
  pageBytes: 64 * 1024 ** 2,
  journalBytes: 64 * 1024 ** 2,
  listBytes: 512 * 1024 ** 2,
  fileBytes: 2 * 1024 ** 3,
  sockets: 16,
};
