import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, type TestContext, test } from "node:test";
import { KeyExists, makeOperatorKey } from "../../bin/deployed/operator-key.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { parseKey, verifyKey } from "../../functions/records/credentials.ts";
import { Rig } from "../stages/rig.ts";
import { type Answer, type Call, fakeAws, stackAnswer } from "./aws.ts";
import { counterfoil } from "./monitor.ts";

const BY = "AWS access key AKIAEXAMPLE";

function world() {
  const rig = new Rig();
  const { clock, ledger, enrolments } = rig.ports;
  const told: Finding[] = [];
  const alerts = { send: async (findings: readonly Finding[]) => void told.push(...findings) };
  return { ports: { clock, ledger, enrolments, alerts }, told };
}

const works = (key: string, { ports }: ReturnType<typeof world>) =>
  verifyKey(key, (id) => ports.enrolments.credential(id));

suite("an operator key", () => {
  test("works, and is an entry of the ledger and a notice on health", async () => {
    const here = world();
    const made = await makeOperatorKey(here.ports, { rotate: false, by: BY });
    assert.equal((await works(made.key, here))?.kind, "operator");
    const [entry] = await here.ports.ledger.read("monitor");
    const { credential } = made;
    assert.deepEqual(entry?.body, { kind: "operator-key", credential, replaces: null, by: BY });
    assert.deepEqual(
      here.told.map(({ verdict, topic, grounds }) => [verdict, topic, grounds.note]),
      [["operator-key", "health", `It is the first one. Made by ${BY}.`]],
    );
  });

  test("leaves its secret neither in the ledger nor in the notice", async () => {
    const here = world();
    const { key } = await makeOperatorKey(here.ports, { rotate: false, by: BY });
    const said = JSON.stringify([await here.ports.ledger.read("monitor"), here.told]);
    const secret = parseKey(key)?.secret ?? "";
    assert.equal(secret.length, 64);
    assert.ok(!said.includes(secret));
  });

  test("is not made where there is one, unless it is to be replaced: then the old one stops working", async () => {
    const here = world();
    const first = await makeOperatorKey(here.ports, { rotate: false, by: BY });
    await assert.rejects(makeOperatorKey(here.ports, { rotate: false, by: BY }), KeyExists);
    assert.equal((await works(first.key, here))?.id, first.credential);
    const second = await makeOperatorKey(here.ports, { rotate: true, by: BY });
    assert.equal(second.replaces, first.credential);
    assert.equal(await works(first.key, here), null);
    assert.equal((await works(second.key, here))?.id, second.credential);
    assert.equal(here.told.length, 2);
  });

  test("is one even where two are made at once", async () => {
    const here = world();
    const both = [1, 2].map(() => makeOperatorKey(here.ports, { rotate: false, by: BY }));
    const ended = await Promise.allSettled(both);
    assert.deepEqual(ended.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal((await here.ports.ledger.read("monitor")).length, 1);
  });

  for (const broken of ["ledger", "alerts", "enrolments"] as const)
    test(`does not work where ${broken} fails, and rotating makes one that does`, async () => {
      const here = world();
      const fails = async () => assert.fail("no answer");
      const whole = here.ports;
      const ports = {
        ...whole,
        ...(broken === "ledger" && { ledger: { ...whole.ledger, append: fails } }),
        ...(broken === "alerts" && { alerts: { send: fails } }),
        ...(broken === "enrolments" && { enrolments: { putOperator: fails } }),
      };
      await assert.rejects(makeOperatorKey(ports, { rotate: false, by: BY }), /no answer/);
      const made = await makeOperatorKey(whole, { rotate: true, by: BY });
      assert.equal((await works(made.key, here))?.id, made.credential);
    });
});

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** What SQS says to a batch of one: the client compares what arrived. */
function taken(asked: Call["asked"]): Answer {
  const [entry] = asked["Entries"] as { readonly MessageBody: string }[];
  const MD5OfMessageBody = md5(entry?.MessageBody ?? "");
  return { json: { Successful: [{ Id: "0", MessageId: "1", MD5OfMessageBody }] } };
}

/** A monitor whose ledger says this of the operator's key. */
function monitor(t: TestContext, entries: readonly object[]) {
  return fakeAws(t, ({ action, asked }) => {
    if (action === "DescribeStacks") return stackAnswer();
    if (action === "SendMessageBatch") return taken(asked);
    const Items = entries.map((entry) => ({ entry: { S: JSON.stringify(entry) } }));
    return { json: action === "Query" ? { Items } : {} };
  });
}

suite("counterfoil operator-key", () => {
  test("prints the key and nothing else, after everything else was done", async (t) => {
    const aws = await monitor(t, []);
    const { code, stdout, stderr } = await counterfoil(["operator-key"], aws.env);
    assert.equal(code, 0);
    assert.match(stdout, /^cf_operator_[0-9a-f]{16}_[0-9a-f]{64}\n$/);
    assert.match(stderr, /^counterfoil: Keep this key in a password manager/);
    const writes = aws.calls.map(({ action }) => action).filter((action) => /Put|Send|Transact/.test(action));
    assert.deepEqual(writes, ["PutItem", "SendMessageBatch", "TransactWriteItems"]);
    const sent = JSON.stringify(aws.calls.map(({ asked }) => asked));
    assert.match(sent, /AWS access key AKIAFAKE/);
    assert.ok(!sent.includes(parseKey(stdout.trim())?.secret ?? ""));
  });

  test("is refused where there is a key, and changes nothing: 2", async (t) => {
    const body = { kind: "operator-key", credential: "0123456789abcdef", replaces: null, by: BY };
    const aws = await monitor(t, [{ subject: "monitor", number: 1, at: "2026-11-22T12:00:00.000Z", body }]);
    const { code, stdout, stderr } = await counterfoil(
      ["operator-key", "--stack", "Mine", "--region", "eu-west-3"],
      aws.env,
    );
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /\nNext.*: counterfoil operator-key --rotate --stack Mine --region eu-west-3\n$/);
    assert.match(stderr, /was made at 2026-11-22T12:00:00\.000Z, .*--rotate/);
    assert.deepEqual(
      aws.calls.map(({ action }) => action),
      ["DescribeStacks", "Query"],
    );
  });

  test("that is rotated says that the old one stopped working", async (t) => {
    const body = { kind: "operator-key", credential: "0123456789abcdef", replaces: null, by: BY };
    const aws = await monitor(t, [{ subject: "monitor", number: 1, at: "2026-11-22T12:00:00.000Z", body }]);
    const { code, stdout, stderr } = await counterfoil(["operator-key", "--rotate", "--json"], aws.env);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).replaces, "0123456789abcdef");
    assert.match(stderr, /The old key has stopped working\./);
    assert.match(stderr, /\nNext: counterfoil test-alert\n$/);
  });
});
