import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import * as z from "zod";
import type { Catalogue } from "./catalogue.ts";
import type { Faults } from "./faults.ts";
import { bodyOf } from "./gate.ts";
import type { RoleChange } from "./people.ts";
import type { RequestLog } from "./requests.ts";
import { howSchema, whereSchema } from "./spoils.ts";

const prefix = "/_sandbox/";
const file = z.strictObject({ file: z.string() });
const project = z.strictObject({ project: z.string() });
const release = z.strictObject({ project: z.string(), version: z.string() });
const serial = z.strictObject({ serial: z.number().int() });
const role = z.enum(["Owner", "Maintainer"]);
const roleChange = z.strictObject({
  project: z.string(),
  verb: z.enum(["add", "remove", "change", "invite", "revoke_invite", "accepted"]),
  role,
  name: z.string(),
  to: role.optional(),
  team: z.boolean().optional(),
});
const roles = z.strictObject({
  project: z.string(),
  roles: z.array(z.strictObject({ role, user: z.string() })),
});
const organization = z.strictObject({ project: z.string(), organization: z.string().nullable() });
const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, "base64")));
const bytes = z.strictObject({ file: z.string(), bytes: base64.optional() });
const newRelease = z.strictObject({
  ...release.shape,
  user: z.string().default("owner"),
  files: z.array(z.strictObject({ name: z.string(), bytes: base64, provenance: base64.optional() })),
});
const spoil = z.strictObject({ where: whereSchema, how: howSchema, times: z.number().int().optional() });
const rows = z.strictObject({ project: z.string().optional(), file: z.string().optional() });
const stuck = z.strictObject({
  project: z.string(),
  copy: z.enum(["both", "gzip", "identity"]).default("both"),
});

/** What switches are turned on. */
export interface Controlled extends Catalogue {
  readonly faults: Faults;
  readonly requests: RequestLog;
}

interface Switch {
  turn(index: Controlled, body: unknown): unknown;
}

/** Ties a switch's body to what it does. */
function switchOf<Body>(schema: z.ZodType<Body>, turn: (index: Controlled, body: Body) => unknown): Switch {
  return { turn: (index, body) => turn(index, schema.parse(body)) };
}

const switches: Readonly<Record<string, Switch>> = {
  publish: switchOf(newRelease, (index, body) => index.publish(body).map((artifact) => artifact.file)),
  "remove-file": switchOf(file, (index, body) => index.removeFile(body.file)),
  "remove-release": switchOf(release, (index, body) => index.removeRelease(body.project, body.version)),
  "remove-project": switchOf(project, (index, body) => index.removeProject(body.project)),
  yank: switchOf(release, (index, body) => index.yank(body.project, body.version)),
  unyank: switchOf(release, (index, body) => index.unyank(body.project, body.version)),
  "quarantine-project": switchOf(project, (index, body) => index.quarantineProject(body.project)),
  "quarantine-release": switchOf(release, (index, body) =>
    index.quarantineRelease(body.project, body.version),
  ),
  "clear-project": switchOf(project, (index, body) => index.clearProjectQuarantine(body.project)),
  "clear-release": switchOf(release, (index, body) =>
    index.clearReleaseQuarantine(body.project, body.version),
  ),
  archive: switchOf(project, (index, body) => index.archive(body.project)),
  unarchive: switchOf(project, (index, body) => index.unarchive(body.project)),
  role: switchOf(roleChange, (index, body) => index.people.turn(body as RoleChange)),
  "set-roles": switchOf(roles, (index, body) => index.people.setRoles(body.project, body.roles)),
  "set-organization": switchOf(organization, (index, body) =>
    index.people.setOrganization(body.project, body.organization),
  ),
  "lose-provenance": switchOf(file, (index, body) => index.faults.loseProvenance(body.file)),
  "misplace-provenance": switchOf(file, (index, body) => index.faults.misplaceProvenance(body.file)),
  "change-provenance": switchOf(z.strictObject({ file: z.string(), provenance: base64 }), (index, body) =>
    index.faults.changeProvenance(body.file, body.provenance),
  ),
  "flip-bit": switchOf(file, (index, body) => index.faults.flipBit(body.file)),
  "restore-bytes": switchOf(file, (index, body) => index.faults.restoreBytes(body.file)),
  rewrite: switchOf(bytes, (index, body) => index.faults.rewrite(body.file, body.bytes)),
  misdeclare: switchOf(file, (index, body) => index.faults.misdeclare(body.file)),
  hide: switchOf(file, (index, body) => index.faults.hide(body.file)),
  show: switchOf(file, (index, body) => index.faults.show(body.file)),
  "freeze-page": switchOf(stuck, (index, body) => index.faults.freezePage(body.project, body.copy)),
  "thaw-page": switchOf(project, (index, body) => index.faults.thawPage(body.project)),
  spoil: switchOf(spoil, (index, body) => index.faults.spoils.add(body.where, body.how, body.times)),
  "end-spoil": switchOf(z.strictObject({ id: z.number() }), (index, body) =>
    index.faults.spoils.remove(body.id),
  ),
  "withhold-rows": switchOf(rows, (index, body) => void index.faults.withholdRows(body)),
  "journal-falls-to": switchOf(serial, (index, body) => void index.faults.journalFallsTo(body.serial)),
  "journal-restored-to": switchOf(serial, (index, body) => index.faults.journalRestoredTo(body.serial)),
  "mend-all": switchOf(z.unknown(), (index) => index.faults.mendAll()),
  journal: switchOf(z.unknown(), (index) => index.journal.rows),
  requests: switchOf(z.unknown(), (index) => ({
    counts: index.requests.counts,
    requests: index.requests.all,
  })),
};

/**
 * Turns the sandbox's switches from another process: `POST /_sandbox/<switch>` with a JSON body, answered by
 * `{"result": …}`. Everything else goes on to the index.
 */
export function control(index: Controlled, onward: RequestListener): RequestListener {
  return (incoming, response) => {
    if (!incoming.url?.startsWith(prefix)) return onward(incoming, response);
    turn(index, incoming).then(
      (result) => answer(response, 200, { result: result ?? null }),
      (error: unknown) => answer(response, 400, { error: String(error) }),
    );
  };
}

async function turn(index: Controlled, incoming: IncomingMessage): Promise<unknown> {
  const name = (incoming.url ?? "").slice(prefix.length);
  const found = Object.hasOwn(switches, name) ? switches[name] : undefined;
  if (found === undefined || incoming.method !== "POST")
    throw new Error(`no switch ${name}: POST to one of ${Object.keys(switches).join(", ")}`);
  const body = Buffer.from(await bodyOf(incoming)).toString();
  return found.turn(index, body === "" ? {} : JSON.parse(body));
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(`${JSON.stringify(value)}\n`);
}
