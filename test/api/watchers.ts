/** Watchers put into a world as enrolling and amending leave them, with whatever a test needs of them. */
import { type Enrolment, type HeldCredential, newEnrolment } from "../../functions/domain/enrolments.ts";
import { enrolmentSubject } from "../../functions/domain/ledger.ts";
import { type Minted, mintKey } from "../../functions/records/credentials.ts";
import type { Keys, World } from "./world.ts";

const held = ({ credential: { id, kind, createdAt } }: Minted): HeldCredential => ({
  id,
  kind: kind === "ci" ? "ci" : "maintainer",
  name: "",
  addedAt: createdAt,
  endsAt: null,
});

let count = 0;

/** A watcher of a project, in force since now; their keys, and the enrolment as it is stored. */
export async function watcher(
  { ports, kept }: World,
  chosen: Partial<Enrolment> = {},
): Promise<Keys & { readonly enrolment: Enrolment }> {
  count += 1;
  const { id = `enrolment-${count}`, project = "six" } = chosen;
  const [maintainer, ci] = [
    mintKey("maintainer", { enrolment: id, project }, kept.now),
    mintKey("ci", { enrolment: id, project }, kept.now),
  ];
  const credentials = [held(maintainer), held(ci)];
  const enrolment = newEnrolment({ id, project, enrolledAt: kept.now, credentials, ...chosen });
  // Used just now, so that a test sees no note of a use among the writes.
  const used = [maintainer, ci].map(({ credential }) => ({ ...credential, lastUsedAt: kept.now }));
  await ports.enrolments.add(enrolment, used);
  await ports.ledger.append(enrolmentSubject(id), null, { kind: "enrolled", enrolment, by: "operator" });
  await ports.durability.flush();
  return { id, maintainer: maintainer.key, ci: ci.key, enrolment };
}
