import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { receiptText } from "../../functions/records/receipts.ts";
import { type Job, newJob, type Outcome } from "./runner.ts";
import { problem, receipt, type Stub, startStub, status, token } from "./stub.ts";

const KEY = `cf_ci_${"0".repeat(16)}_${"1".repeat(64)}`;
const TOKEN = `eyJ${"a".repeat(1500)}.eyJ${"b".repeat(900)}.${"c".repeat(342)}`;
/** What no action can do without. Every runner has both, and so has nearly every machine. */

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

let monitor: Stub;
let github: Stub;
let job: Job;

before(async () => {
  [monitor, github] = await Promise.all([startStub(), startStub()]);
});
after(() => Promise.all([monitor.close(), github.close()]));
beforeEach(() => {
  job = newJob();
  monitor.answer(receipt());
  github.answer(token(TOKEN));
});
afterEach(() => {
  job.close();
});

function built(name = "demo-1.0.tar.gz", text = "bytes"): void {
  mkdirSync(join(job.workspace, "dist"), { recursive: true });
  writeFileSync(join(job.workspace, "dist", name), text);
}

const permitted = (): Record<string, string> => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/token?api-version=2.0`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner-secret",
});

const run = (inputs: Record<string, string> = {}, variables = permitted()): Promise<Outcome> =>
  job.run({ "monitor-url": monitor.url, project: "demo", ...inputs }, variables);

/** Warns, leaves the job alone and says why; with `fail-on-error` it fails for the same reason. */
async function gaveUp(
  why: RegExp,
  inputs: Record<string, string> = {},
  variables = permitted(),
): Promise<void> {
  const warned = await run(inputs, variables);
  assert.equal(warned.exitCode, 0, warned.log);
  assert.match(warned.log, /^::warning title=Counterfoil::Nothing was recorded\. /m);
  assert.match(warned.log, why);
  assert.match(warned.summary, why);
  assert.deepEqual([warned.outputs["recorded"], warned.left], ["false", []]);
  const failed = await run({ ...inputs, "fail-on-error": "true" }, variables);
  assert.equal(failed.exitCode, 1, failed.log);
  assert.match(failed.log, /^::error title=Counterfoil::Nothing was recorded\. /m);
  assert.match(failed.log, why);
}

describe("a release that is recorded", () => {
  it("is submitted with the job's token, meant for the monitor", async () => {
    built();
    const { exitCode, log, outputs, left } = await run({ "monitor-url": `${monitor.url}//` });
    assert.equal(exitCode, 0, log);
    const sent = `${sha256("bytes")}  dist/demo-1.0.tar.gz\n`;
    const [ask] = github.asked;
    const query = new URL(ask?.path ?? "", github.url).searchParams;
    assert.deepEqual([query.get("api-version"), query.get("audience")], ["2.0", monitor.url]);
    assert.equal(ask?.headers.authorization, "bearer runner-secret");
    const [submitted, ...more] = monitor.asked;
    assert.deepEqual(more, []);
    assert.equal(`${submitted?.method} ${submitted?.path}`, "POST /v1/projects/demo/records");
    assert.equal(submitted?.headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(submitted?.body, sent);
    assert.deepEqual(outputs, { manifest: `sha256:${sha256(sent)}`, recorded: "true", contested: "false" });
    assert.deepEqual(left, [], "the token was left behind");
  });

  it("is submitted for the enrolment that was named, and for none that is no id", async () => {
    built();
    await run({ enrolment: "0123456789abcdef" });
    assert.equal(monitor.asked[0]?.path, "/v1/projects/demo/records?enrolment=0123456789abcdef");
    await gaveUp(/input enrolment must be the id/, { enrolment: "x&y=z" });
  });

  it("shows neither the token nor the key, but to have it masked", async () => {
    built();
    for (const [inputs, secret] of [
      [{}, TOKEN],
      [{ key: KEY }, KEY],
    ] as const) {
      const { log, summary } = await run(inputs);
      assert.deepEqual(
        log.split("\n").filter((line) => line.includes(secret)),
        [`::add-mask::${secret}`],
      );
      assert.ok(!summary.includes(secret));
    }
  });

  it("is submitted with the key that was given, and then nobody is asked for a token", async () => {
    built();
    const { exitCode } = await run({ key: KEY }, {});
    assert.equal(exitCode, 0);
    assert.equal(monitor.asked[0]?.headers.authorization, `Bearer ${KEY}`);
    assert.deepEqual(github.asked, []);
  });

  it("shows the receipt in the job's summary, where nothing of it is markup", async () => {
    built();
    monitor.answer(receipt("<img src=x> ```` [link](x)\n```\n# no heading\n::error::no command"));
    const { log, summary } = await run();
    const fenced = /^### Counterfoil: recorded for demo\n\n(`+)text\n(.*)\n\1\n$/s.exec(summary);
    assert.ok(fenced, summary);
    assert.ok((fenced[1]?.length ?? 0) > 4, "the fence is within the receipt");
    assert.match(fenced[2] ?? "", /# no heading\n::error::no command/);
    const [, pause] = /^::stop-commands::([0-9a-f]{64})\n/m.exec(log) ?? [];
    const [, quiet = ""] = log.split(/^::stop-commands::.*\n/m);
    assert.ok(quiet.indexOf("::error::no command") < quiet.indexOf(`\n::${pause}::\n`), log);
  });

  it("may have any names of files", async () => {
    const names = [
      "a b.whl",
      'it\'s "q".whl',
      "$(touch pwned).whl",
      "`x`.whl",
      "-n.whl",
      "*.whl",
      "ü.whl",
    ].sort();
    for (const name of names) built(name, name);
    const { exitCode, log } = await run();
    assert.equal(exitCode, 0, log);
    const sent = (monitor.asked[0]?.body ?? "").trimEnd().split("\n").sort();
    assert.deepEqual(sent, names.map((name) => `${sha256(name)}  dist/${name}`).sort());
  });

  it("may lie in several places, one pattern a line, with folders of any name", async () => {
    for (const folder of ["wheel house", "-x"]) {
      mkdirSync(join(job.workspace, folder));
      writeFileSync(join(job.workspace, folder, "demo.whl"), folder);
    }
    const { exitCode, log } = await run({ files: "wheel house/*.whl\n-x/*\nnothing/*\n" });
    assert.equal(exitCode, 0, log);
    assert.equal(
      monitor.asked[0]?.body,
      `${sha256("wheel house")}  wheel house/demo.whl\n${sha256("-x")}  -x/demo.whl\n`,
    );
  });

  it("leaves out folders, and what only accompanies a file", async () => {
    built();
    for (const name of ["demo-1.0.tar.gz.publish.attestation", "demo-1.0.tar.gz.asc", "x.sigstore.json"])
      built(name);
    mkdirSync(join(job.workspace, "dist", "folder"));
    await run();
    assert.equal(monitor.asked[0]?.body, `${sha256("bytes")}  dist/demo-1.0.tar.gz\n`);
  });

  it("needs no sha256sum where there is shasum", async () => {
    job.close();
    job = newJob("shasum");
    built();
    const { exitCode, log, outputs } = await run();
    assert.equal(exitCode, 0, log);
    assert.equal(monitor.asked[0]?.body, `${sha256("bytes")}  dist/demo-1.0.tar.gz\n`);
    assert.equal(outputs["recorded"], "true");
  });

  it("is submitted again, ever later, while the monitor does not answer", async () => {
    built();
    monitor.answer(status(503), status(429), (response) => response.socket?.destroy(), receipt());
    const { exitCode, log, sleptSeconds, outputs } = await run();
    assert.equal(exitCode, 0, log);
    assert.deepEqual([sleptSeconds, outputs["recorded"]], [[2, 4, 8], "true"]);
  });
});

describe("a contested release", () => {
  const contested = receiptText({
    project: "demo",
    enrolment: "e",
    selfClaimed: false,
    manifest: `sha256:${"0".repeat(64)}`,
    signed: false,
    credential: "c",
    job: null,
    receivedAt: "2026-11-22T12:00:00.000Z",
    files: [
      {
        file: "demo-1.0.tar.gz",
        release: "1.0",
        digest: `sha256:${"0".repeat(64)}`,
        authority: "ci",
        signers: [],
        outcome: "contested",
        added: true,
        others: [`sha256:${"1".repeat(64)}`],
        verdict: null,
        standing: null,
      },
    ],
    next: "",
  });

  it("is warned of, and fails only the job that asked for it", async () => {
    built();
    monitor.answer(receipt(contested));
    const warned = await run();
    assert.equal(warned.exitCode, 0);
    assert.match(warned.log, /^::warning title=Counterfoil::Another digest is on record/m);
    assert.match(warned.summary, /also on record: 1{64}/);
    assert.deepEqual([warned.outputs["recorded"], warned.outputs["contested"]], ["true", "true"]);
    const failed = await run({ "fail-on-error": "true" });
    assert.equal(failed.exitCode, 1);
    assert.match(failed.log, /^::error title=Counterfoil::Another digest/m);
  });
});

describe("a release that cannot be recorded", () => {
  it("has no file", async () => {
    await gaveUp(/No file is named by the input files \("dist\/\*"\)/);
    assert.deepEqual(monitor.asked, []);
  });

  it("is told of in one line, whatever was typed", async () => {
    const { log, summary } = await run({ files: "100%/*\n::error::no command\r/*\n```" });
    assert.match(log, /^::warning .*\("100%25\/\*%0A::error::no command%0D\/\*%0A```"\)/m);
    assert.doesNotMatch(log, /^::error/m);
    assert.match(summary, /^````text$/m);
  });

  it("comes from a job that may ask for no token, which is told how it may", async () => {
    built();
    await gaveUp(
      /permissions: id-token: write/,
      {},
      { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" },
    );
    assert.deepEqual(monitor.asked, []);
  });

  it("gets no token from GitHub", async () => {
    built();
    github.answer(status(403, "{}"));
    await gaveUp(/GitHub gave the job no token \(status 403\)/);
    github.answer(status(200, "<html>"));
    await gaveUp(/GitHub gave the job no token/);
    assert.deepEqual(monitor.asked, []);
  });

  it("is refused, and told the monitor's reason", async () => {
    built();
    monitor.answer(problem(403, "token-not-bound", 'What does not fit: ref "x".\n::error::no command 100%'));
    await gaveUp(/The monitor answered 403, token-not-bound: What does not fit: ref "x"/);
    const { log, sleptSeconds } = await run();
    assert.doesNotMatch(log, /^::error::/m);
    assert.deepEqual(sleptSeconds, [], "a refusal is no reason to ask again");
  });

  it("meets no monitor", async () => {
    built();
    const gone = await startStub();
    await gone.close();
    await gaveUp(/does not answer/, { "monitor-url": gone.url });
    const { sleptSeconds } = await run({ "monitor-url": gone.url });
    assert.deepEqual(sleptSeconds, [2, 4, 8, 16, 32]);
  });

  it("meets a monitor that is down", async () => {
    built();
    monitor.answer(status(503, "down"));
    await gaveUp(/The monitor answered 503/);
  });

  it("meets something else that answers, or leads elsewhere", async () => {
    built();
    monitor.answer(status(200, "<html>Welcome</html>"));
    await gaveUp(/is no receipt for what was submitted/);
    monitor.answer((response) => response.writeHead(302, { Location: `${github.url}/stolen` }).end());
    github.answer(token(TOKEN));
    await gaveUp(/The monitor answered 302/);
    assert.ok(!github.asked.some(({ path }) => path.includes("stolen")), "followed with the token");
  });

  it("would go over an open wire, or to nowhere", async () => {
    built();
    for (const url of [
      "http://monitor.example",
      "http://localhost@monitor.example",
      "http://127.0.0.1.example/",
      "ftp://x",
      "",
      "https://a b",
      "https://u@x",
      'https://x"',
      "https://x?y",
    ])
      await gaveUp(/monitor-url must be an https address/, { "monitor-url": url });
    assert.deepEqual(github.asked, [], "asked for a token nevertheless");
  });

  it("names no project, or is given no key", async () => {
    built();
    for (const project of ["", "../x", "a b", "x/y", "$(id)"])
      await gaveUp(/the name of a project/, { project });
    for (const key of ["two words", 'x"\nurl=evil', "a\nb"]) await gaveUp(/is no key/, { key });
    assert.deepEqual(monitor.asked, []);
  });
});
