import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, type TestContext, test } from "node:test";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type DeadLetter, letterOf, peek, replay } from "../../bin/deployed/dead-letters.ts";
import { ADDRESSES, fakeAws, stackAnswer } from "./aws.ts";
import { counterfoil } from "./monitor.ts";

const [ARTIFACTS] = ADDRESSES;
const AT = "2026-11-22T12:00:00.000Z";

/** A dead-letter queue in memory, and what was sent to its queue. Everything received stays in hand. */
class Letters {
  readonly sent: Message[] = [];
  readonly log: string[] = [];
  dead: Message[] = [];
  readonly #inHand = new Set<string>();
  failSending = false;

  constructor(bodies: readonly string[]) {
    for (const body of bodies) this.bury({ Body: body });
  }

  bury(message: Message): void {
    const id = `m${this.dead.length + this.sent.length}`;
    this.dead.push({ ...message, MessageId: id, ReceiptHandle: id });
  }

  visible = (): Message[] => this.dead.filter(({ MessageId = "" }) => !this.#inHand.has(MessageId));

  client(): Pick<SQSClient, "send"> {
    return { send: (async (command: unknown) => this.#answer(command)) as SQSClient["send"] };
  }

  #answer(command: unknown): object {
    if (command instanceof ReceiveMessageCommand)
      return this.#receive(command.input.MaxNumberOfMessages ?? 1);
    if (command instanceof SendMessageCommand) return this.#send(command.input);
    if (command instanceof DeleteMessageCommand) return this.#delete(command.input.ReceiptHandle ?? "");
    assert.ok(command instanceof ChangeMessageVisibilityCommand);
    this.#inHand.delete(command.input.ReceiptHandle ?? "");
    return {};
  }

  #receive(most: number): object {
    const Messages = this.visible().slice(0, most);
    for (const { MessageId = "" } of Messages) this.#inHand.add(MessageId);
    return { Messages };
  }

  #send(input: {
    QueueUrl?: string | undefined;
    MessageBody?: string | undefined;
    MessageAttributes?: Message["MessageAttributes"];
  }): object {
    if (this.failSending) throw new Error("the queue does not answer");
    assert.equal(input.QueueUrl, ARTIFACTS.url);
    this.sent.push({ Body: input.MessageBody, MessageAttributes: input.MessageAttributes });
    this.log.push(`send ${input.MessageBody}`);
    return {};
  }

  #delete(handle: string): object {
    this.log.push(`delete ${this.dead.find(({ MessageId }) => MessageId === handle)?.Body}`);
    this.dead = this.dead.filter(({ MessageId }) => MessageId !== handle);
    return {};
  }
}

const body = (file: string): string => JSON.stringify({ project: "lantern", file });

suite("a replay", () => {
  test("deletes each letter only after it was sent, with what it bore", async () => {
    const letters = new Letters([]);
    letters.bury({ Body: "a", MessageAttributes: { serial: { DataType: "Number", StringValue: "7" } } });
    letters.bury({ Body: "b" });
    const moved: DeadLetter[] = [];
    const count = await replay(letters.client(), ARTIFACTS, {
      at: AT,
      most: 9,
      moved: (each) => moved.push(each),
    });
    assert.deepEqual([count, moved.length, letters.dead], [2, 2, []]);
    assert.deepEqual(letters.log, ["send a", "delete a", "send b", "delete b"]);
    assert.equal(letters.sent[0]?.MessageAttributes?.["serial"]?.StringValue, "7");
    assert.equal(letters.sent[0]?.MessageAttributes?.["replayed"]?.StringValue, AT);
  });

  test("that cannot send keeps every letter", async () => {
    const letters = new Letters(["a", "b", "c"]);
    letters.failSending = true;
    const asked = { at: AT, most: 9, moved: () => assert.fail("nothing was moved") };
    await assert.rejects(replay(letters.client(), ARTIFACTS, asked), /does not answer/);
    assert.equal(letters.dead.length, 3);
    assert.deepEqual(letters.log, []);
  });

  test("moves no more than it was asked to", async () => {
    const letters = new Letters(Array.from({ length: 25 }, (_, index) => String(index)));
    const count = await replay(letters.client(), ARTIFACTS, { at: AT, most: 12, moved: () => {} });
    assert.deepEqual([count, letters.sent.length, letters.dead.length], [12, 12, 13]);
  });

  test("ends although a letter dies again as fast as it is moved", async () => {
    const letters = new Letters(["poison"]);
    const again = (): void => {
      for (const message of letters.sent.splice(0)) letters.bury(message);
    };
    const count = await replay(letters.client(), ARTIFACTS, { at: AT, most: 100, moved: again });
    assert.deepEqual([count, letters.dead.length], [1, 1]);
    assert.equal(letterOf(ARTIFACTS, letters.dead[0] ?? {}).replayedAt, AT);
  });
});

suite("a peek", () => {
  test("leaves every letter where it was, for others to see", async () => {
    const letters = new Letters([body("lantern-1.0.tar.gz"), body("lantern-1.1.tar.gz")]);
    const seen = await peek(letters.client(), ARTIFACTS, 10);
    assert.deepEqual(
      seen.map(({ project, file }) => [project, file]),
      [
        ["lantern", "lantern-1.0.tar.gz"],
        ["lantern", "lantern-1.1.tar.gz"],
      ],
    );
    assert.equal(letters.visible().length, 2);
    assert.deepEqual(letters.log, []);
  });

  test("shows nothing of a body but names, and those inert", () => {
    const file = `\u001b[2J\u202eevil${"x".repeat(5_000)}`;
    const hostile = { Body: JSON.stringify({ project: ["a"], file, note: "<secret>" }), MessageId: "1" };
    const letter = letterOf(ARTIFACTS, hostile);
    assert.equal(letter.project, null);
    assert.match(letter.file ?? "", /^\\u\{1b\}\[2J\\u\{202e\}evilx+$/);
    assert.ok((letter.file ?? "").length <= 200);
    assert.doesNotMatch(JSON.stringify(letter), /secret/);
    for (const junk of ["", "[", "7", "null", "[]"])
      assert.equal(letterOf(ARTIFACTS, { Body: junk }).file, null);
  });
});

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** A monitor with one dead artifact. */
function monitor(t: TestContext) {
  let isDead = true;
  return fakeAws(t, ({ action, asked }) => {
    if (action === "DescribeStacks") return stackAnswer();
    if (action === "GetQueueAttributes") {
      const count = isDead && asked["QueueUrl"] === ARTIFACTS.deadLettersUrl ? "1" : "0";
      return { json: { Attributes: { ApproximateNumberOfMessages: count } } };
    }
    if (action === "DeleteMessage") isDead = false;
    if (action === "SendMessage") return { json: { MD5OfMessageBody: md5(String(asked["MessageBody"])) } };
    const Body = body("lantern-1.0.tar.gz");
    const Messages = [
      {
        MessageId: "77",
        ReceiptHandle: "h",
        Body,
        MD5OfBody: md5(Body),
        Attributes: { ApproximateReceiveCount: "21", SentTimestamp: "1795348800000" },
      },
    ];
    const isHere = isDead && action === "ReceiveMessage" && asked["QueueUrl"] === ARTIFACTS.deadLettersUrl;
    return { json: isHere ? { Messages } : {} };
  });
}

suite("counterfoil replay", () => {
  test("--list counts every queue's, and moves nothing", async (t) => {
    const aws = await monitor(t);
    const { code, stdout } = await counterfoil(["replay", "--list"], aws.env);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^artifacts-now {4}1 dead letter, 0 waiting\nalerts {11}0 dead letters, 0 waiting\n$/,
    );
    const moves = aws.calls.filter(({ action }) => /Send|Delete|Receive/.test(action));
    assert.deepEqual(moves, []);
  });

  test("moves and tells of each letter: project, file, how often and since when", async (t) => {
    const aws = await monitor(t);
    const { code, stdout } = await counterfoil(["replay"], aws.env);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^artifacts-now {2}lantern lantern-1\.0\.tar\.gz {2}\(message 77, queued \S+Z, received 21 times\)\n1 dead letter replayed\n$/,
    );
    const order = aws.calls.map(({ action }) => action).filter((action) => /Send|Delete/.test(action));
    assert.deepEqual(order, ["SendMessage", "DeleteMessage"]);
  });

  test("of a queue that is none: 2, with the names there are", async (t) => {
    const aws = await monitor(t);
    const { code, stderr } = await counterfoil(["replay", "artifact"], aws.env);
    assert.equal(code, 2);
    assert.match(stderr, /there are artifacts-now, alerts/);
  });
});
