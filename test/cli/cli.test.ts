import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { finding, row } from "../api/rows.ts";
import { enrolled, SDIST, WHEEL } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";

const NOWHERE = "http://127.0.0.1:2";

/** A monitor with one enrolment, and a shell in which its maintainer works. */
async function maintainerAtWork(t: TestContext) {
  const monitor = await openMonitor(t);
  const keys = await enrolled(monitor.world);
  const env = { COUNTERFOIL_URL: monitor.url, COUNTERFOIL_KEY: keys.maintainer };
  return { ...monitor, keys, env };
}

const seeing = {
  epoch: 1,
  serial: 9,
  from: 1,
  polledAt: "2026-11-22T12:00:00.000Z",
  caughtUpAt: "2026-11-22T12:00:00.000Z",
  blind: null,
  intervals: [],
  unknownActions: 0,
  lagSeconds: 1,
  moves: 1,
};

suite("counterfoil enrol", () => {
  test("shows the normalised project and the two keys, which work", async (t) => {
    const { url, operatorKeyFile, world } = await openMonitor(t);
    const asked = ["enrol", "Six", "--grace", "30", "--url", url, "--key-file", operatorKeyFile];
    const { code, stdout } = await counterfoil(asked);
    assert.equal(code, 0);
    assert.match(stdout, /Project six is watched/);
    assert.match(stdout, /may stand 30 minutes without a record/);
    assert.equal(world.kept.enrolments[0]?.policy.graceMinutes, 30);
    const key = /maintainer {2}(\S+)/.exec(stdout)?.[1] ?? "";
    const read = await counterfoil(["artifacts", "six", "--url", url], { COUNTERFOIL_KEY: key });
    assert.equal(read.code, 0);
  });

  test("prints JSON when asked, without colours or prose", async (t) => {
    const { url, operatorKeyFile } = await openMonitor(t);
    const asked = [
      "enrol",
      "six",
      "--strict",
      "--frozen",
      "--json",
      "--url",
      url,
      "--key-file",
      operatorKeyFile,
    ];
    const { policy, keys } = JSON.parse((await counterfoil(asked)).stdout);
    assert.deepEqual([policy.strict, policy.frozen, typeof keys.ci], [true, true, "string"]);
  });

  test("without the operator's key: 2, and one sentence", async (t) => {
    const { url } = await openMonitor(t);
    const { code, stdout, stderr } = await counterfoil(["enrol", "six", "--url", url]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(
      stderr,
      /^counterfoil: A key is needed: .*\(missing-key\) Name the key's file with --key-file.*\n$/,
    );
  });
});

suite("counterfoil record", () => {
  test("hashes the files, shows what it sends, and prints the receipt", async (t) => {
    const { folder, env, world } = await maintainerAtWork(t);
    const content = Buffer.alloc(3 * 1024 * 1024 + 17, "x");
    writeFileSync(join(folder, SDIST), content);
    writeFileSync(join(folder, WHEEL), "");
    const asked = ["record", join(folder, SDIST), join(folder, WHEEL), "--project", "SIX"];
    const { code, stdout } = await counterfoil(asked, env);
    assert.equal(code, 0);
    assert.ok(
      stdout.startsWith(
        `Sending to ${env.COUNTERFOIL_URL} for six:\n\n${hexOf(sha256(content))}  ${SDIST}\n`,
      ),
    );
    assert.match(stdout, /2 named, 2 newly recorded/);
    assert.deepEqual(
      world.kept.records.map(({ file, digest, authority }) => [file, digest, authority]),
      [
        [SDIST, sha256(content), "maintainer"],
        [WHEEL, sha256(""), "maintainer"],
      ],
    );
  });

  test("of a file of another project, or one that is not there: 2, and nothing sent", async (t) => {
    const { folder, env, world } = await maintainerAtWork(t);
    const before = world.stored();
    for (const file of ["requests-2.0.tar.gz", SDIST]) {
      const { code, stderr } = await counterfoil(["record", join(folder, file), "--project", "six"], env);
      assert.equal(code, 2);
      assert.match(stderr, /^counterfoil: /);
    }
    assert.equal(world.stored(), before);
  });
});

suite("counterfoil artifacts and findings", () => {
  test("list each artifact with its verdict, who vouches for it, and its standing", async (t) => {
    const { env, keys, world } = await maintainerAtWork(t);
    await world.ports.view.put([row({ enrolment: keys.id })]);
    const { code, stdout } = await counterfoil(["artifacts", "six"], env);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(
        `^match \\(maintainer\\) {2}listed {2}2026-\\S+ {2}${SDIST}\\n1 artifact of six; 1 of 1 listed were fetched and hashed since 2026-\\S+\\n$`,
      ),
    );
  });

  test("exit with 1 while a warning is open, and with 0 when it is over", async (t) => {
    const { env, keys, world } = await maintainerAtWork(t);
    const open = finding({ enrolment: keys.id, severity: "warning", verdict: "unrecorded" });
    await world.ports.view.put([row({ enrolment: keys.id })]);
    await world.ports.view.putFindings([open], 1);
    const { code, stdout } = await counterfoil(["findings", "six", "--open"], env);
    assert.equal(code, 1);
    assert.match(stdout, new RegExp(`^warning {2}open .*unrecorded: ${SDIST}\\n`));
    assert.match(stdout, new RegExp(`: counterfoil explain six ${open.id.slice(0, 12)}\\n$`));
    await world.ports.view.putFindings([{ ...open, state: "resolved" }], 2);
    assert.equal((await counterfoil(["findings", "six", "--json"], env)).code, 0);
  });

  test("say of a project's finding who or what it is about", async (t) => {
    const { env, keys, world } = await maintainerAtWork(t);
    await world.ports.view.put([row({ enrolment: keys.id })]);
    const note = "mallory is Owner now, and was nothing before.";
    const grounds = { ...finding().grounds, note };
    const owners = { verdict: "ownership-changed", file: null, release: null, severity: "warning" } as const;
    await world.ports.view.putFindings([finding({ enrolment: keys.id, ...owners, grounds })], 1);
    const { stdout } = await counterfoil(["findings", "six"], env);
    assert.match(
      stdout,
      /ownership-changed: six\n {2}mallory is Owner now, and was nothing before\.\n {2}f1\n/,
    );
  });

  test("say to whom asks without a key that there may be more", async (t) => {
    const { url } = await maintainerAtWork(t);
    const { code, stdout } = await counterfoil(["findings", "six", "--url", url]);
    assert.equal(code, 0);
    assert.match(stdout, /^0 findings about six, 0 open\nAsked without a key: /);
  });

  test("name the help where an argument is missing", async () => {
    const { code, stderr } = await counterfoil(["findings"]);
    assert.deepEqual(
      [code, stderr],
      [2, "error: missing required argument 'project'\nWith --help it says what it takes, with examples.\n"],
    );
  });

  test("of a project that nobody watches: 2, and what to do", async (t) => {
    const { url } = await openMonitor(t);
    const { code, stderr } = await counterfoil(["findings", "flask", "--url", url]);
    assert.equal(code, 2);
    assert.match(stderr, /counterfoil enrol flask/);
  });
});

suite("counterfoil health", () => {
  test("of a monitor that sees is 0, of a blind one 3, said in words", async (t) => {
    const { url, world } = await openMonitor(t);
    const blind = await counterfoil(["health", "--url", url]);
    assert.equal(blind.code, 3);
    assert.match(blind.stdout, /^BLIND: the journal has not been read yet\. Uploads may be missed\.\n/);
    const since = "2026-11-22T11:30:00.000Z";
    world.kept.position = { day: "", spentBytes: 0, startedAt: since, told: null };
    const swept = await counterfoil(["health", "--url", url]);
    assert.match(swept.stdout, new RegExp(`^BLIND since ${since}: the journal has not been read yet`));
    world.kept.cursor = seeing;
    const seen = await counterfoil(["health", "--url", url]);
    assert.equal(seen.code, 0);
    assert.match(seen.stdout, /^The monitor sees uploads\.\n/);
    assert.equal(JSON.parse((await counterfoil(["health", "--json", "--url", url])).stdout).ok, true);
  });

  test("of a monitor that does not answer: 3, on stderr", async () => {
    const { code, stdout, stderr } = await counterfoil(["health", "--url", NOWHERE]);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /^counterfoil: No monitor could be asked at http:\/\/127\.0\.0\.1:2/);
  });
});

suite("wrong usage is 2", () => {
  const WRONG = [
    ["frobnicate"],
    ["artifacts"],
    ["vouch", "six"],
    ["serve", "--registration", "everybody"],
    ["artifacts", "six", "--loud"],
    ["record", "x"],
    ["enrol", "six", "--grace", "soon"],
    ["enrol", "six", "--rehash-days", "0"],
    ["policy", "six", "--rehash-days", "1.5"],
    ["health", "--url", "not an address"],
    ["health", "--key-file", "/nonexistent/key"],
    [],
  ];
  for (const args of WRONG)
    test(`counterfoil ${args.join(" ")}`, async () => {
      const { code, stdout } = await counterfoil(args);
      assert.deepEqual([code, stdout], [2, ""]);
    });
});
