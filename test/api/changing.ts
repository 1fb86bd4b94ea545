/** Changes of an enrolment, asked for through the API, and what they left. */
import assert from "node:assert/strict";
import { inForce } from "../../functions/domain/amendments.ts";
import type { Contact, Enrolment } from "../../functions/domain/enrolments.ts";
import { after } from "../../functions/domain/instants.ts";
import { brokenAt, enrolmentSubject, type LedgerEntry } from "../../functions/domain/ledger.ts";
import type { AmendedAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { type Keys, QUIETENING_MS, type World } from "./world.ts";

/** An enrolment's own address. */
export const pathOf = ({ id }: Pick<Keys, "id">, project = "six"): string =>
  `/v1/projects/${project}/enrolments/${id}`;

/** Asks with any method; a body is sent as JSON. */
export const asks = async (
  { app }: World,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  { key = null, json }: { readonly key?: string | null; readonly json?: unknown } = {},
): Promise<Response> =>
  app.request(path, {
    method,
    headers: key === null ? {} : { Authorization: `Bearer ${key}` },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });

/** The same, which must be done; with what was answered. */
export async function done<T = AmendedAnswer>(...asked: Parameters<typeof asks>): Promise<T> {
  const answer = await asks(...asked);
  assert.ok(answer.ok, `${asked[1]} ${asked[2]}: ${answer.status} ${await answer.clone().text()}`);
  return (await answer.json()) as T;
}

/** The code of the refusal that it must end in. */
export async function refusal(...asked: Parameters<typeof asks>): Promise<string> {
  const answer = await asks(...asked);
  assert.ok(!answer.ok, `${asked[1]} ${asked[2]} was done`);
  const { code, status } = (await answer.json()) as { code: string; status: number };
  assert.equal(status, answer.status);
  return code;
}

/** Another key of the enrolment, which works once the delay is over. */
export const anotherKey = (
  world: World,
  own: Keys,
  kind: "maintainer" | "ci" = "maintainer",
  name = "another",
): Promise<KeyAddedAnswer> =>
  done(world, "POST", `${pathOf(own)}/credentials`, { key: own.maintainer, json: { kind, name } });

export function pass({ kept }: World, timeMs: number): void {
  kept.now = after(kept.now, timeMs);
}

/** Until what was asked for just now has come into force. */
export const passDelay = (world: World): void => pass(world, QUIETENING_MS);

/** The enrolment's history, which must be whole. */
export async function historyOf({ ports }: World, { id }: Pick<Keys, "id">): Promise<readonly LedgerEntry[]> {
  const entries = await ports.ledger.read(enrolmentSubject(id));
  assert.equal(brokenAt(entries), null);
  return entries;
}

/** What everybody judges by: the stored enrolment as it is now. */
export function standing({ kept }: World, { id }: Pick<Keys, "id">): Enrolment {
  const stored = kept.enrolments.find((each) => each.id === id);
  assert.ok(stored);
  return inForce(stored, kept.now);
}

/** A contact that confirmed. */
export const contact = (id: string, { kept }: World): Contact => ({
  id,
  kind: "webhook",
  address: `https://${id}.example/`,
  confirmedAt: kept.now,
  handle: null,
  addedAt: kept.now,
  endsAt: null,
});

/** Each alert that was sent, once: `verdict state` and whom it is for. */
export function toldOf({ kept }: World): string[] {
  const said = kept.alerts.map(({ state, to, grounds }) => `${state} to ${to?.join(",")}: ${grounds.note}`);
  return [...new Set(said)];
}
