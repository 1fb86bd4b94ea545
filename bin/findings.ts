import type { Client } from "../functions/client/client.ts";
import { quoted } from "../functions/records/quoted.ts";
import { Misused } from "./misused.ts";

const FULL = /^[0-9a-f]{64}$/;
const BEGINNING = /^[0-9a-f]{6,63}$/;

/** A finding's id from how it begins: alerts and the console print twelve characters of it. Throws `Misused`. */
export async function findingNamed(client: Client, project: string, typed: string): Promise<string> {
  const id = typed.toLowerCase().replace(/…$/, "");
  if (FULL.test(id)) return id;
  if (!BEGINNING.test(id))
    throw new Misused(`${quoted(typed)} is no finding's id: six or more of its hexadecimal digits do`);
  // What the monitor answers becomes a folder's name in the archive: a path must not get that far.
  const { findings } = await client.findings(project, null);
  const [one, ...others] = findings.filter((each) => FULL.test(each.id) && each.id.startsWith(id));
  if (one === undefined)
    throw new Misused(
      `no finding that is listed for ${project} begins with ${id}; of one about an enrolment, type the whole id, as its alert has it`,
    );
  if (others.length > 0)
    throw new Misused(`${others.length + 1} findings about ${project} begin with ${id}: type more of it`);
  return one.id;
}
