import * as z from "zod/mini";

/**
 * What a provenance object says of itself does not hold. The message says what, in words for whoever reads the alert; foreign
 * text in it is cut and inert.
 */
export class NotHolding extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "NotHolding";
  }
}

/** An object of PyPI has one or two attestations of some 10 KB each; larger ones cost processor time and say nothing more. */
export const MOST_OBJECT_BYTES = 1024 ** 2;
const MOST_ATTESTATIONS = 16;
const MOST_ENTRIES = 4;

/**
 * What was uploaded before pypi-attestations 0.0.12 has line breaks inside. Whitespace is in one class only: in two that meet, a
 * megabyte of it before one wrong character would take this process ten minutes.
 */
const BASE64 = z.string().check(z.regex(/^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/));
const JSON_OBJECT = z.record(z.string(), z.unknown());

/** PEP 740, "Attestation objects". Keys that it does not name are allowed, and ignored. */
const ATTESTATION = z.object({
  version: z.literal(1),
  verification_material: z.object({
    certificate: BASE64,
    transparency_entries: z.array(JSON_OBJECT).check(z.minLength(1), z.maxLength(MOST_ENTRIES)),
  }),
  envelope: z.object({ statement: BASE64, signature: BASE64 }),
});

/** PEP 740, "Provenance objects". Of the publisher only its kind is always there. */
const PROVENANCE = z.object({
  version: z.literal(1),
  attestation_bundles: z
    .array(
      z.object({
        publisher: z.looseObject({ kind: z.string() }),
        attestations: z.array(ATTESTATION).check(z.minLength(1)),
      }),
    )
    .check(z.minLength(1)),
});

/** What the index wrote beside an attestation about who published: nobody signed it. */
export type PublisherSaid = Readonly<Record<string, unknown>> & { readonly kind: string };

/** One attestation of a provenance object. */
export interface Attestation {
  readonly publisher: PublisherSaid;
  /** The same as a Sigstore bundle, version 0.3, in its JSON form; nothing of it is verified. */
  readonly bundle: object;
}

/** The attestations of a provenance object (PEP 740), at least one. Throws `NotHolding` where it is none. */
export function attestationsIn(object: unknown): readonly Attestation[] {
  const said = PROVENANCE.safeParse(object);
  if (!said.success) {
    const [issue] = said.error.issues;
    throw new NotHolding(
      `it is no provenance object of PEP 740, version 1, at ${placeOf(issue?.path ?? [])}`,
    );
  }
  const all = said.data.attestation_bundles.flatMap(({ publisher, attestations }) =>
    attestations.map((each) => ({ publisher, bundle: bundleOf(each) })),
  );
  if (all.length > MOST_ATTESTATIONS) throw new NotHolding(`it holds ${all.length} attestations`);
  return all;
}

/** https://github.com/sigstore/protobuf-specs, `Bundle`. The DSSE payload's type is not stored: it is always in-toto's. */
const bundleOf = ({ verification_material: material, envelope }: z.infer<typeof ATTESTATION>): object => ({
  mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  verificationMaterial: {
    certificate: { rawBytes: material.certificate },
    tlogEntries: material.transparency_entries,
  },
  dsseEnvelope: {
    payload: envelope.statement,
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ sig: envelope.signature }],
  },
});

/** Keys are ours, by the schema, and places in lists. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? "its outermost level" : path.map(String).join(".").slice(0, 100);
