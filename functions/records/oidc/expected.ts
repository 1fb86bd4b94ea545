import type { ExpectedPublisher } from "../../domain/policy.ts";
import { claimsTyped, type TypedPublisher } from "./typed.ts";

/** Who shall attest a release, as somebody typed it. */
export type TypedExpectation = Pick<TypedPublisher, "provider" | "repository" | "workflow">;

/**
 * The publisher that certificates of the public Sigstore name for this repository. Without a workflow any of the repository
 * fits: what is uploaded to PyPI by its own publisher is a release, whichever workflow made it. Throws `PublisherRefused`.
 */
export function checkExpected(typed: TypedExpectation): ExpectedPublisher {
  const { provider, repository, workflow } = claimsTyped(typed);
  return { provider, repository, workflow };
}
