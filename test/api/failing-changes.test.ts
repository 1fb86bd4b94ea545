/** Every kind of change of an enrolment, with each of its writes failing before and after it was stored, then asked for again. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withEntry } from "../../functions/domain/amendments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import { findingsIn } from "../../functions/domain/told.ts";
import type { KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { asks, contact, done, historyOf, passDelay, pathOf, standing } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, type World } from "./world.ts";

const SIGNER = "AAAAC3NzaC1lZDI1NTE5AAAAIOonnAqH0eAktrtNb+fuNsZ1Iyw5ivJYPimWdYcMb/K6";
const OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDuvK4C8J0WnJcuSBq4Jbh4nIh2ee4T5u8UCdHnqOUvK";

interface Scene {
  readonly faulty: FaultyWrites;
  readonly world: World;
  readonly own: Keys;
  /** The pending change there is, and the other maintainer key's id. */
  readonly change: string;
  readonly second: string;
  readonly token: string;
  /** How many entries the history had before. */
  readonly from: number;
}

/** A watcher with one of everything, a second maintainer key, a change that it asked for, and a link that was sent. */
async function scene(): Promise<Scene> {
  const faulty = new FaultyWrites();
  const world = await openWorld(faulty.through);
  const term = { addedAt: world.kept.now, endsAt: null, name: "" };
  const claims = { ownerId: null, workflow: null, ref: null, environment: null, repository: "six/six" };
  const own = await watcher(world, {
    selfClaimed: true,
    contacts: [contact("pager", world), { ...contact("asked", world), confirmedAt: null }],
    signers: [{ ...term, fingerprint: "SHA256:one", type: "ssh-ed25519", blob: SIGNER }],
    publishers: [{ ...term, ...claims, id: "p1", provider: "github", issuer: "https://ci.example" }],
  });
  const key = own.maintainer;
  const add = { key, json: { kind: "maintainer" } };
  const added = await done<KeyAddedAnswer>(world, "POST", `${pathOf(own)}/credentials`, add);
  passDelay(world);
  await done(world, "POST", `${pathOf(own)}/contacts/asked/ask`, { key });
  const quieter = { key: added.key, json: { frozen: false, graceMinutes: 60 } };
  const { changes } = await done(world, "PATCH", `${pathOf(own)}/policy`, quieter);
  // Noted as used just now, so that no note of it is among the writes.
  for (const each of [key, own.ci, world.operator]) await asks(world, "GET", pathOf(own), { key: each });
  const token = new URL(world.kept.asked.at(-1)?.url ?? "").pathname.split("/").at(-1) ?? "";
  for (const list of [world.kept.alerts, world.kept.changes]) list.length = 0;
  const change = changes[0]?.id ?? "";
  const from = (await historyOf(world, own)).length;
  return { faulty, world, own, change, second: added.credential.id, token, from };
}

interface Operation {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: (of: Scene) => string;
  readonly json?: unknown;
  readonly by?: "operator" | "anybody";
  /** What the repetition is answered where the first had done it all. @default the same as the first */
  readonly done?: number;
  /** Makes a key, of which a repetition makes another: the lost one is listed, and opens nothing for anybody. */
  readonly mints?: true;
}

const below =
  (path: string) =>
  ({ own }: Scene): string =>
    `${pathOf(own)}${path}`;

const KEY = ({ own, second }: Scene): string => `${pathOf(own)}/credentials/${second}`;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "a policy, louder and quieter": {
    method: "PATCH",
    path: below("/policy"),
    json: { strict: true, requireSignature: true, graceMinutes: 120, deadlines: { unseenMinutes: 90 } },
  },
  "a new key": { method: "POST", path: below("/credentials"), json: { kind: "ci" }, mints: true },
  "a rotated key": { method: "POST", path: (of) => `${KEY(of)}/rotate`, mints: true },
  "a revoked key, which had asked for something": { method: "DELETE", path: KEY },
  "a new signer": { method: "POST", path: below("/signers"), json: { key: OTHER } },
  "a signer's end": { method: "DELETE", path: below("/signers/SHA256%3Aone") },
  "a new publisher": {
    method: "POST",
    path: below("/publishers"),
    json: { provider: "github", repository: "six/other", workflow: "release.yml" },
  },
  "a publisher's end": { method: "DELETE", path: below("/publishers/p1") },
  "a new contact": {
    method: "POST",
    path: below("/contacts"),
    json: { kind: "email", address: "other@six.example" },
  },
  "a contact's end": { method: "DELETE", path: below("/contacts/pager") },
  "a contact's word": { method: "POST", path: ({ token }) => `/v1/confirmations/${token}`, by: "anybody" },
  "a change taken back": {
    method: "DELETE",
    path: ({ own, change }) => `${pathOf(own)}/changes/${change}`,
    done: 404,
  },
  "the end": { method: "DELETE", path: below("") },
  "the operator's word for a watcher": { method: "POST", path: below("/vouch"), by: "operator" },
};

const ask = (of: Scene, { method, path, json, by }: Operation): Promise<Response> => {
  const key = by === "anybody" ? null : by === "operator" ? of.world.operator : of.own.maintainer;
  return asks(of.world, method, path(of), { key, json });
};

/** What is stored is what the history comes to so far, and whoever must hear of that was told. */
async function nothingActsUntold({ world, own, from }: Scene): Promise<void> {
  const [first, ...entries] = await historyOf(world, own);
  const stored = world.kept.enrolments.find(({ id }) => id === own.id);
  assert.ok(first?.body.kind === "enrolled" && stored !== undefined);
  const acting = entries.filter(({ number }) => number <= stored.number);
  assert.deepEqual(acting.reduce(withEntry, first.body.enrolment), stored);
  const sent = new Set(world.kept.alerts.map(alertId));
  for (const { number, body } of acting)
    for (const notice of number > from ? findingsIn(body) : [])
      assert.ok(sent.has(alertId(notice)), `${body.kind} acts untold`);
}

/** Everything that must be the same however often something failed on the way. */
async function leftBy(of: Scene): Promise<unknown> {
  const { world, own } = of;
  const { kept } = world;
  await nothingActsUntold(of);
  const history = await historyOf(world, own);
  const { id, number, ...now } = standing(world, own);
  assert.deepEqual([id, number], [own.id, history.length]);
  // The sweep clears what came into force before.
  const waiting = kept.deadlines.filter(({ kind, due }) => kind === "terms" && due > kept.now);
  assert.deepEqual(waiting.map(({ file }) => file).sort(), now.amendments.map((each) => each.id).sort());
  assert.equal(kept.unflushed, 0);
  const isLookedAt = kept.changes.length > 0;
  return JSON.parse(JSON.stringify({ now, isLookedAt }).replaceAll(/\b[0-9a-f]{16}\b/g, "…"));
}

async function assertRepeatable(
  operation: Operation,
  nth: number,
  mode: (typeof MODES)[number],
  left: unknown,
) {
  const of = await scene();
  of.faulty.arm({ nth, mode });
  assert.equal((await ask(of, operation)).status, 500);
  await nothingActsUntold(of);
  of.faulty.arm(null);
  const again = await ask(of, operation);
  if (!again.ok) assert.equal(again.status, operation.done, await again.text());
  const after = await leftBy(of);
  if (operation.mints !== true) return assert.deepEqual(after, left);
  const { key } = (await again.json()) as KeyAddedAnswer;
  passDelay(of.world);
  const id = key.split("_")[2];
  assert.ok(standing(of.world, of.own).credentials.some((each) => each.id === id));
}

suite("a change that fails at one write and is asked for again ends as one that did not", () => {
  for (const [name, operation] of Object.entries(OPERATIONS))
    test(name, async (t) => {
      const clean = await scene();
      clean.faulty.arm(null);
      const answer = await ask(clean, operation);
      assert.ok(answer.ok, await answer.text());
      const names = [...clean.faulty.names];
      assert.ok(names.includes("ledger.append") && names.at(-1) === "durability.flush", names.join());
      const left = await leftBy(clean);
      for (const [index, write] of names.entries())
        for (const mode of MODES)
          await t.test(`${write} (${index + 1}) ${mode}`, () =>
            assertRepeatable(operation, index + 1, mode, left),
          );
    });
});
