/** Who may change what of an enrolment, and is told what of it: one row for each route, one case for each audience. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { refusalsOf } from "../../functions/api/implied.ts";
import type { Route } from "../../functions/api/route.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import type { Contact, Publisher, Signer } from "../../functions/domain/enrolments.ts";
import { minutes } from "../../functions/domain/instants.ts";
import type { KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { contact, done, pass, passDelay, pathOf } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld, type World } from "./world.ts";

/** What only the watcher and the operator may read: in each name and address. */
const PRIVATE = "told-in-confidence";
const BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIOonnAqH0eAktrtNb+fuNsZ1Iyw5ivJYPimWdYcMb/K6";
const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDuvK4C8J0WnJcuSBq4Jbh4nIh2ee4T5u8UCdHnqOUvK";

type Audience = "nobody" | "stranger" | "ci" | "maintainer" | "operator";
const AUDIENCES: readonly Audience[] = ["nobody", "stranger", "ci", "maintainer", "operator"];

interface Scene {
  readonly world: World;
  readonly keys: Readonly<Record<Audience, string | null>>;
  /** What stands for a parameter of a path. */
  readonly named: Readonly<Record<string, string>>;
  /** Ids of the watcher's credentials, and of what waits. */
  readonly ids: readonly string[];
}

function holdings(world: World) {
  const term = { addedAt: world.kept.now, endsAt: null, name: PRIVATE };
  const unasked: Contact = { ...contact(PRIVATE, world), id: "unasked", confirmedAt: null };
  const signer: Signer = { ...term, fingerprint: "SHA256:one", type: "ssh-ed25519", blob: BLOB };
  const claims = { ownerId: null, workflow: null, ref: null, environment: null, repository: "six/six" };
  const publisher: Publisher = {
    ...term,
    ...claims,
    id: "p1",
    provider: "github",
    issuer: "https://ci.example",
  };
  return {
    watcher: PRIVATE,
    contacts: [unasked, contact("pager", world)],
    signers: [signer],
    publishers: [publisher],
  };
}

/** A watcher with one of everything, and something that waits; another watcher of the same project. */
async function scene(): Promise<Scene> {
  const world = await openWorld();
  const [own, other] = [await watcher(world, holdings(world)), await watcher(world)];
  const { maintainer, ci } = own;
  const add = { key: maintainer, json: { kind: "maintainer", name: PRIVATE } };
  const added = await done<KeyAddedAnswer>(world, "POST", `${pathOf(own)}/credentials`, add);
  passDelay(world);
  await done(world, "POST", `${pathOf(own)}/contacts/unasked/ask`, { key: maintainer });
  pass(world, minutes(1));
  const quieter = { key: maintainer, json: { graceMinutes: 60 } };
  const { changes } = await done(world, "PATCH", `${pathOf(own)}/policy`, quieter);
  const change = changes[0]?.id ?? "";
  const token = new URL(world.kept.asked.at(-1)?.url ?? "").pathname.split("/").at(-1) ?? "";
  const own1 = { project: "six", enrolment: own.id, credential: added.credential.id, change, token };
  const named = { ...own1, contact: "unasked", fingerprint: "SHA256%3Aone", publisher: "p1" };
  const ids = [...own.enrolment.credentials.map(({ id }) => id), added.credential.id, change];
  return {
    world,
    ids,
    named,
    keys: { nobody: null, stranger: other.maintainer, ci, maintainer, operator: world.operator },
  };
}

interface Row {
  readonly json?: unknown;
  /** The status for each audience, in the order above; `+` where the answer tells what is private. */
  readonly answers: readonly [string, string, string, string, string];
}

/** What a watcher alone does, and what the operator does too. */
const watchers = (status: string, json?: unknown): Row => ({
  json,
  answers: ["401", "403", "403", status, "403"],
});
const both = (status: string): Row => ({ answers: ["401", "403", "403", status, status] });
const operators = (status: string, json?: unknown): Row => ({
  json,
  answers: ["401", "403", "403", "403", status],
});

const TABLE: Readonly<Record<string, Row>> = {
  enrol: operators("201", { project: "six" }),
  invite: operators("201", { project: "six" }),
  invitations: operators("200"),
  vouch: operators("200+"),
  enrolments: { answers: ["200", "200", "200", "200+", "200+"] },
  enrolment: both("200+"),
  history: both("200+"),
  policy: watchers("200+", { strict: true }),
  "add-credential": watchers("201+", { kind: "ci" }),
  rotate: watchers("201+"),
  revoke: both("200+"),
  "add-signer": watchers("201+", { key: OTHER_KEY }),
  "end-signer": watchers("200+"),
  // Fingerprints stand in records; whose they are does not.
  "allowed-signers": { answers: ["200", "200", "200", "200", "200"] },
  "add-publisher": watchers("201+", { provider: "github", repository: "six/other", workflow: "release.yml" }),
  "end-publisher": watchers("200+"),
  "add-contact": watchers("201+", { kind: "email", address: "other@six.example" }),
  "end-contact": watchers("200+"),
  "ask-contact": watchers("200+"),
  // Whoever has the link reads the address it was sent to.
  asked: { answers: ["200+", "200+", "200+", "200+", "200+"] },
  confirm: { answers: ["200", "200", "200", "200", "200"] },
  drill: watchers("202+"),
  cancel: both("200+"),
  end: both("200+"),
};

/** What changes nothing is held against the stored world even where it is answered. */
const READS = ["GET"];
const THEIRS = /\/(records|manifests|artifacts|findings|verify|health|problems)(\/|$)|openapi/;
const routes = ROUTES.filter(({ path }) => !THEIRS.test(path));

const pathFor = ({ path }: Route, { named }: Scene): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = named[name];
    assert.ok(value, `nothing stands for {${name}}`);
    return value;
  });

/** The status, and `+` where the answer tells what only the watcher may know. */
async function outcome(of: Scene, route: Route, { json }: Row, audience: Audience): Promise<string> {
  const key = of.keys[audience];
  const before = of.world.stored();
  const answer = await of.world.app.request(pathFor(route, of), {
    method: route.method,
    headers: key === null ? {} : { Authorization: `Bearer ${key}` },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  const schema = route.answers[answer.status]?.schema ?? null;
  // Nothing is answered that the document does not name, and a refusal leaves nothing behind.
  if (schema !== null) assert.deepEqual(schema.parse(JSON.parse(text)), JSON.parse(text));
  if (!answer.ok)
    assert.ok(
      refusalsOf(route).some((code) => text.includes(`"code":"${code}"`)),
      text,
    );
  if (!answer.ok || READS.includes(route.method)) assert.equal(of.world.stored(), before);
  else assert.equal(of.world.kept.unflushed, 0, "answered before it was durable");
  const tells = [PRIVATE, ...of.ids].some((each) => text.includes(each));
  return `${answer.status}${tells ? "+" : ""}`;
}

suite("who may change what of an enrolment, and is told what of it", () => {
  test("every such route has its row", () => {
    assert.ok(routes.length >= 24, `saw only ${routes.length} routes`);
    assert.deepEqual(Object.keys(TABLE).sort(), routes.map(({ id }) => id).sort());
  });

  for (const route of routes)
    for (const [index, audience] of AUDIENCES.entries()) {
      const row = TABLE[route.id];
      if (row !== undefined)
        test(`${route.id} by ${audience}: ${row.answers[index]}`, async () => {
          assert.equal(await outcome(await scene(), route, row, audience), row.answers[index]);
        });
    }
});
