import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { baselineSubject } from "../../functions/domain/ledger.ts";
import { enrolled } from "../api/world.ts";
import { counterfoil, openMonitor, type Ran } from "./monitor.ts";

/** A maintainer's shell beside a monitor that watches their project. */
async function maintainer(t: TestContext) {
  const monitor = await openMonitor(t);
  const keys = await enrolled(monitor.world);
  const env = { COUNTERFOIL_URL: monitor.url, COUNTERFOIL_KEY: keys.maintainer };
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await counterfoil(args, env);
    assert.deepEqual([ran.code, ran.stderr], [0, ""], args.join(" "));
    return ran;
  };
  return { ...monitor, keys, env, run };
}

const idIn = (text: string): string => /counterfoil cancel six ([0-9a-f]{16})/.exec(text)?.[1] ?? "";

suite("counterfoil enrolment", () => {
  test("says that a watch has not begun as long as it has not", async (t) => {
    const { run, keys, world } = await maintainer(t);
    assert.match((await run("enrolment", "six")).stdout, /NOT WATCHED YET/);
    const baseline = { page: null, head: 1, epoch: 1, at: world.kept.now };
    await world.ports.ledger.append(baselineSubject(keys.id), null, { kind: "baseline", baseline });
    assert.doesNotMatch((await run("enrolment", "six")).stdout, /NOT WATCHED/);
  });
});

suite("counterfoil policy", () => {
  test("says what acts now, what later, and how to take that back", async (t) => {
    const { run, keys } = await maintainer(t);
    const louder = await run("policy", "six", "--strict");
    assert.match(louder.stdout, /^From now on {2}Policy: strict from false to true\.\n/);
    assert.match(louder.stdout, /Policy now: strict: /);
    assert.doesNotMatch(louder.stdout, /cancel/);
    const quieter = await run("policy", "six", "--no-strict", "--grace", "60");
    assert.match(quieter.stdout, /^From 2026-\S+ {2}Policy: /);
    assert.match(quieter.stdout, /Policy now: strict: /);
    const id = idIn(quieter.stdout);
    assert.match((await run("enrolment", "six")).stdout, new RegExp(`Waiting [^]*${id} {2}2026-`));
    assert.match((await run("cancel", "six", id)).stdout, new RegExp(`^Change ${id} of six is taken back`));
    assert.doesNotMatch((await run("enrolment", "six", keys.id)).stdout, /Waiting/);
    assert.match((await run("policy", "six", "--strict")).stdout, /^Nothing to change/);
  });

  test("has files hashed more often from now on, and as the operator has it later", async (t) => {
    const { run } = await maintainer(t);
    const daily = await run("policy", "six", "--rehash-days", "1");
    assert.match(daily.stdout, /^From now on {2}Policy: rehashDays from the operator's bound to 1\.\n/);
    assert.match(daily.stdout, /Policy now: .*; every file is hashed again within a day\n/);
    const rarer = await run("policy", "six", "--no-rehash-days");
    assert.match(rarer.stdout, /^From 2026-\S+ {2}Policy: rehashDays from 1 to the operator's bound\./);
    assert.match((await run("enrolment", "six")).stdout, /hashed again within a day/);
  });

  test("of nothing to change: 2", async (t) => {
    const { env } = await maintainer(t);
    assert.equal((await counterfoil(["policy", "six"], env)).code, 2);
  });
});

suite("counterfoil policy, of provenance", () => {
  const NONE = "counterfoil policy six --no-expect-publisher";

  test("expects a publisher from now on, and another one later", async (t) => {
    const { run } = await maintainer(t);
    const first = await run("policy", "six", "--expect-publisher", "github:benjaminp/six/release.yml");
    assert.match(
      first.stdout,
      /^From now on {2}Policy: expected provenance from none to github:benjaminp\/six\/release\.yml\.\n/,
    );
    assert.match(
      first.stdout,
      /Policy now: .*; provenance by github:benjaminp\/six\/release\.yml is expected\n/,
    );
    const other = await run("policy", "six", "--expect-publisher", "gitlab:six/lib/core//ci/release.yml");
    assert.match(other.stdout, /^From 2026-\S+ {2}Policy: .* to gitlab:six\/lib\/core\/\/ci\/release\.yml\./);
    const ended = await run(...NONE.split(" ").slice(1));
    assert.match(ended.stdout, /^From 2026-\S+ {2}Policy: expected provenance from github:\S+ to none\./);
    const counted = await run(
      "policy",
      "six",
      "--expect-publisher",
      "github:benjaminp/six/release.yml",
      "--provenance-counts",
    );
    assert.match(counted.stdout, /^From 2026-\S+ {2}Policy: .* \(counts as a record by ci\)\./);
  });

  test("names who builds what is not recorded", async (t) => {
    const { run } = await maintainer(t);
    const built = await run(
      "policy",
      "six",
      "--builder",
      "*.whl=github:benjaminp/six",
      "--builder",
      "six-*.zip=gitlab:six/lib",
    );
    assert.match(
      built.stdout,
      /^From 2026-\S+ {2}Policy: build services from none to \*\.whl by github:benjaminp\/six and six-\*\.zip by gitlab:six\/lib\./,
    );
    assert.match((await run("policy", "six", "--no-builder")).stdout, /^(Nothing to change|From now on)/);
  });

  test("of what is no publisher: 2, and the monitor is not asked", async (t) => {
    const { env, world } = await maintainer(t);
    const before = world.kept.alerts.length;
    for (const typed of [
      ["--expect-publisher", "benjaminp/six"],
      ["--expect-publisher", "bitbucket:benjaminp/six"],
      ["--provenance-counts"],
      ["--no-expect-publisher", "--provenance-counts"],
      ["--builder", "*.whl"],
    ])
      assert.equal((await counterfoil(["policy", "six", ...typed], env)).code, 2, typed.join(" "));
    assert.equal(world.kept.alerts.length, before);
  });
});

suite("counterfoil key", () => {
  test("adds a key that works later, lists it without its secret, and revokes at once", async (t) => {
    const { run, folder, keys, env } = await maintainer(t);
    const file = join(folder, "new.key");
    const added = await run("key", "add", "six", "ci", "--name", "release job", "--save", file);
    assert.match(added.stdout, /^New ci key "release job" \([0-9a-f]{16}\), kept by you and nobody else:\n/);
    assert.match(added.stdout, /From 2026-/);
    const secret = readFileSync(file, "utf8").trim();
    assert.match(secret, /^cf_ci_/);
    assert.doesNotMatch(added.stdout, /cf_ci_/);
    const list = await run("key", "list", "six");
    assert.match(list.stdout, /maintainer .*used 2026-/);
    assert.doesNotMatch(list.stdout, /cf_/);
    const ci = keys.ci.split("_")[2] ?? "";
    await run("key", "revoke", "six", ci);
    assert.match((await run("key", "list", "six")).stdout, new RegExp(`${ci} .*ends 2026-`));
    const last = keys.maintainer.split("_")[2] ?? "";
    const lost = await counterfoil(["key", "revoke", "six", last], env);
    assert.equal(lost.code, 2);
    assert.match(lost.stderr, /\(last-key\)/);
  });

  test("rotates the very key it is made with", async (t) => {
    const { run, keys } = await maintainer(t);
    const { key, credential } = JSON.parse((await run("key", "rotate", "six", "--json")).stdout);
    assert.match(key, /^cf_maintainer_/);
    assert.notEqual(credential.id, keys.maintainer.split("_")[2]);
    const { pending } = JSON.parse((await run("enrolment", "six", "--json")).stdout);
    assert.equal(pending.length, 1);
  });
});

suite("counterfoil history and unenrol", () => {
  test("tell everything that was asked, by which key", async (t) => {
    const { run, keys } = await maintainer(t);
    const ended = await run("unenrol", "six");
    assert.match(ended.stdout, /^From 2026-\S+ {2}The watch ends/);
    await run("cancel", "six", idIn(ended.stdout));
    const history = await run("history", "six");
    const by = keys.maintainer.split("_")[2];
    assert.match(history.stdout, /^ {3}1 {2}2026-/);
    assert.match(history.stdout, new RegExp(`The watch ends.* by ${by}`));
    assert.match(history.stdout, new RegExp(`\\n3 entries of enrolment ${keys.id}\\n$`));
  });
});

suite("an enrolment", () => {
  test("is found by the key, and nobody else's is shown", async (t) => {
    const { url, operatorKeyFile, env, keys, world } = await maintainer(t);
    const anybody = await counterfoil(["enrolment", "six", "--url", url]);
    assert.equal(anybody.code, 2);
    assert.match(anybody.stderr, /no enrolment of six is yours to see/);
    const other = await enrolled(world);
    assert.match(
      (await counterfoil(["enrolment", "six"], env)).stdout,
      new RegExp(`^Enrolment ${keys.id} of six`),
    );
    const operator = ["--url", url, "--key-file", operatorKeyFile];
    const several = await counterfoil(["history", "six", ...operator]);
    assert.equal(several.code, 2);
    assert.match(several.stderr, /several enrolments: say which with --enrolment/);
    const named = await counterfoil(["history", "six", "--enrolment", other.id, ...operator]);
    assert.equal(named.code, 0);
  });
});
