import type { ProjectSighting } from "../domain/facts.ts";
import { baselineSubject, projectSubject } from "../domain/ledger.ts";
import { Conflict, type Ledger } from "../ports.ts";

/**
 * Fixes this page as the baseline of the enrolments that have none. Once, by whoever comes first: a second page would
 * let an attacker's upload slip into "was there before".
 */
export async function fixBaselines(
  sighting: ProjectSighting,
  { ledger }: { readonly ledger: Ledger },
): Promise<void> {
  await note(sighting, ledger);
  const { look, head } = sighting;
  const baseline = { page: look.page, head: head ?? 0, epoch: look.epoch, at: look.at };
  for (const id of sighting.baselineOf) {
    const known = await ledger.read(baselineSubject(id));
    if (known.length === 0)
      await first(ledger.append(baselineSubject(id), null, { kind: "baseline", baseline }));
  }
}

async function note(sighting: ProjectSighting, ledger: Ledger): Promise<void> {
  const subject = projectSubject(sighting.project);
  const known = await ledger.read(subject);
  if (known.some(({ body }) => body.kind === "sighted" && body.fact.id === sighting.id)) return;
  await ledger.append(subject, known.at(-1) ?? null, { kind: "sighted", fact: sighting });
}

/** Losing this race is the point of it. */
async function first(appending: Promise<unknown>): Promise<void> {
  try {
    await appending;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}
