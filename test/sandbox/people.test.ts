import assert from "node:assert/strict";
import test from "node:test";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { get, lighthouse, page } from "./started.ts";

/** Turns a switch as another process would. */
async function turned(index: SandboxIndex, name: string, body: object): Promise<void> {
  const response = await fetch(`${index.url}/_sandbox/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200, await response.text());
}

async function ownership(index: SandboxIndex): Promise<{ roles: string[]; organization: string | null }> {
  const response = await get(`${index.url}/pypi/lighthouse/json`);
  const { ownership: said } = (await response.json()) as {
    ownership: { roles: { role: string; user: string }[]; organization: string | null };
  };
  return { ...said, roles: said.roles.map(({ role, user }) => `${role} ${user}`) };
}

const actions = (index: SandboxIndex, since: number): string[] =>
  index.journal.rows
    .filter(({ serial }) => serial > since)
    .map(({ version, action }) => `${version}: ${action}`);

test("who may publish changes with the rows that PyPI writes, and the JSON shows users but no teams", async (t) => {
  const index = await lighthouse(t);
  const since = index.journal.head() ?? 0;
  const project = "lighthouse";
  const role = (body: object) => turned(index, "role", { project, ...body });
  await role({ verb: "invite", role: "Owner", name: "mallory" });
  await role({ verb: "invite", role: "Owner", name: "bob" });
  await role({ verb: "revoke_invite", role: "Owner", name: "bob" });
  assert.deepEqual((await ownership(index)).roles, ["Owner owner"]);
  await role({ verb: "accepted", role: "Owner", name: "mallory" });
  await role({ verb: "add", role: "Maintainer", name: "carol" });
  await role({ verb: "change", role: "Maintainer", name: "carol", to: "Owner" });
  await role({ verb: "add", role: "Maintainer", name: "The Night Shift", team: true });
  await role({ verb: "change", role: "Maintainer", name: "The Night Shift", to: "Owner", team: true });
  await role({ verb: "remove", role: "Owner", name: "owner" });
  assert.deepEqual((await ownership(index)).roles, ["Owner carol", "Owner mallory"]);
  assert.deepEqual(actions(index, since), [
    "null: invite Owner mallory",
    "null: invite Owner bob",
    "null: revoke_invite Owner bob",
    "null: accepted Owner mallory",
    "null: add Maintainer carol",
    "null: change Maintainer carol to Owner",
    "null: add Maintainer The Night Shift",
    "null: change Maintainer The Night Shift to Owner",
    "null: remove Owner owner",
  ]);
  assert.equal((await page(index, project)).meta["_last-serial"], index.journal.head());
});

test("who may publish and what the project is can change without any row", async (t) => {
  const index = await lighthouse(t);
  const before = index.journal.head() ?? 0;
  await turned(index, "set-roles", { project: "lighthouse", roles: [{ role: "Owner", user: "mallory" }] });
  await turned(index, "set-organization", { project: "lighthouse", organization: "lamps" });
  await turned(index, "archive", { project: "lighthouse" });
  assert.deepEqual(await ownership(index), { roles: ["Owner mallory"], organization: "lamps" });
  assert.equal((await page(index, "lighthouse"))["project-status"].status, "archived");
  await turned(index, "unarchive", { project: "lighthouse" });
  assert.equal((await page(index, "lighthouse"))["project-status"].status, "active");
  assert.deepEqual(actions(index, before), []);
});

test("a quarantine hides files until it is cleared, of one release or of all", async (t) => {
  const index = await lighthouse(t);
  const before = index.journal.head() ?? 0;
  const release = { project: "lighthouse", version: "1.0" };
  await turned(index, "quarantine-release", release);
  const hidden = await page(index, "lighthouse");
  assert.deepEqual([hidden.files.length, hidden["project-status"].status], [0, "active"]);
  await turned(index, "clear-release", release);
  assert.equal((await page(index, "lighthouse")).files.length, 2);
  await turned(index, "quarantine-project", { project: "lighthouse" });
  assert.equal((await page(index, "lighthouse"))["project-status"].status, "quarantined");
  await turned(index, "clear-project", { project: "lighthouse" });
  assert.equal((await page(index, "lighthouse")).files.length, 2);
  await turned(index, "yank", release);
  await turned(index, "unyank", release);
  assert.deepEqual(actions(index, before), [
    "1.0: release quarantined",
    "1.0: release quarantine cleared",
    "null: project quarantined",
    "null: project quarantine cleared",
    "1.0: yank release",
    "1.0: unyank release",
  ]);
});
