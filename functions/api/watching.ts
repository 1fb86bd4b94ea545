import type { Context } from "hono";
import { inForce } from "../domain/amendments.ts";
import type { Enrolment } from "../domain/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import type { Amending } from "./amending.ts";
import { demandKey } from "./callers.ts";
import { Refused } from "./problems.ts";
import { projectNamed } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** Who asks about one enrolment, and what it is now. */
export interface Asking extends Amending {
  readonly isOperator: boolean;
  readonly now: Enrolment;
}

async function askingOf(
  c: Context,
  ports: ApiPorts,
  kinds: readonly ("maintainer" | "operator")[],
): Promise<Asking> {
  const project = projectNamed(c.req.param("project") ?? "");
  const id = c.req.param("enrolment") ?? "";
  const caller = await demandKey(c.req.raw, ports, kinds);
  if (caller.kind !== "operator" && (caller.project !== project || caller.enrolment !== id))
    throw new Refused("wrong-project-key", `The key is of another enrolment, of ${caller.project}.`);
  const stored = (await ports.enrolments.ofProject(project)).find((each) => each.id === id);
  if (stored === undefined)
    throw new Refused("no-such-enrolment", `${project} has no enrolment ${quoted(id)}.`);
  const now = inForce(stored, ports.clock.now());
  return { project, enrolment: id, by: caller.id, isOperator: caller.kind === "operator", now };
}

/** The path's enrolment, asked about with a maintainer key of its own. Throws `Refused`. */
export const demandWatcherOf = (c: Context, ports: ApiPorts): Promise<Asking> =>
  askingOf(c, ports, ["maintainer"]);

/** The same, or asked about by the operator. Throws `Refused`. */
export const demandWatcherOrOperator = (c: Context, ports: ApiPorts): Promise<Asking> =>
  askingOf(c, ports, ["maintainer", "operator"]);
