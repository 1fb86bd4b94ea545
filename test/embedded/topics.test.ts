import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { render } from "../../functions/alert/render.ts";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { aboutDrill } from "../../functions/domain/notices.ts";
import type { ContactDelivery, Delivery } from "../../functions/embedded/deliveries.ts";
import { MessageStore } from "../../functions/embedded/queues.ts";
import { Store } from "../../functions/embedded/store.ts";
import { postTo, runCommand, topics } from "../../functions/embedded/topics.ts";
import { type Alert, MessageTooLarge, MOST_MESSAGE_BYTES, type Topics } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { StillClock } from "../world.ts";
import { contact } from "./contacts.ts";
import { inFolder } from "./folders.ts";

const alert: Alert = render(aboutMonitor("blind", minute(0), "no answer"));

interface Request {
  readonly headers: IncomingMessage["headers"];
  readonly method: string | undefined;
  readonly body: string;
}

/** A webhook that answers so, and what it was sent. */
async function webhook(status: number, claim: (url: string, got: Request[]) => Promise<void>): Promise<void> {
  const got: Request[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => void chunks.push(chunk));
    request.on("end", () => {
      got.push({ headers: request.headers, method: request.method, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("thanks");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await claim(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Queued {
  readonly deliveries: readonly Delivery[];
  readonly contacts: readonly ContactDelivery[];
}

/** What is queued while an alert is published so, on a topic with two subscribers of which one hears of drills. */
async function published(publish: (topic: Topics) => Promise<unknown>): Promise<Queued> {
  const store = new Store(":memory:");
  const messages = new MessageStore(store, new StillClock());
  const deliver = async (): Promise<void> => {};
  await publish(
    topics(store, messages, [
      { name: "a", deliver },
      { name: "b", drills: true, deliver },
    ]),
  );
  const bodies = (queue: string) => messages.receive(queue, 10, "id").map(({ body }) => JSON.parse(body));
  const queued = { deliveries: bodies("deliveries"), contacts: bodies("contacts") };
  store.close();
  return queued;
}

const queued = async (publish: (topic: Topics) => Promise<unknown>): Promise<readonly Delivery[]> =>
  (await published(publish)).deliveries;

const ONE_EACH = ["a", "b"].map((subscriber) => ({ subscriber, alert }));

describe("a topic", () => {
  it("queues one delivery per subscriber, so that one who is down holds up nobody", async () => {
    assert.deepEqual(await queued((topic) => topic.publish(alert, [])), ONE_EACH);
  });

  it("queues none again of an alert that is published twice, at once or later", async () => {
    const twice = await queued(async (topic) => {
      await Promise.all([topic.publish(alert, []), topic.publish(alert, [])]);
      await topic.publish(alert, []);
    });
    assert.deepEqual(twice, ONE_EACH);
    const other = { ...alert, id: "another" };
    assert.equal(
      (await queued((topic) => Promise.all([topic.publish(alert, []), topic.publish(other, [])]))).length,
      4,
    );
  });

  it("takes nobody for told of what could not be queued", async () => {
    const after = await queued(async (topic) => {
      const large = { ...alert, text: "x".repeat(MOST_MESSAGE_BYTES) };
      await assert.rejects(topic.publish(large, []), MessageTooLarge);
      await topic.publish(alert, []);
    });
    assert.deepEqual(after, ONE_EACH);
  });
});

const confirmed = contact({ id: "c1", confirmedAt: minute(1) });
const silent = contact({ id: "c2", confirmedAt: null });
const drill: Alert = render(
  aboutDrill(newEnrolment({ id: "e1", project: "lantern", enrolledAt: minute(0) }), minute(2), "k1"),
);

describe("a topic with contacts", () => {
  it("queues for those that confirmed, and nothing at all for the others", async () => {
    const { deliveries, contacts } = await published((topic) => topic.publish(alert, [confirmed, silent]));
    assert.deepEqual(deliveries, ONE_EACH);
    const { id, kind, address } = confirmed;
    assert.deepEqual(contacts, [{ contact: { id, kind, address }, alert }]);
  });

  it("tells each once, and a contact that confirmed meanwhile what it was not told", async () => {
    const { contacts } = await published(async (topic) => {
      await topic.publish(alert, [confirmed, silent]);
      await topic.publish(alert, [confirmed, { ...silent, confirmedAt: minute(3) }]);
      await topic.publish(alert, [confirmed]);
    });
    assert.deepEqual(
      contacts.map((each) => each.contact.id),
      ["c1", "c2"],
    );
  });

  it("sends a drill to them and to whoever hears of drills, and to nobody else", async () => {
    const { deliveries, contacts } = await published((topic) => topic.publish(drill, [confirmed]));
    assert.deepEqual(deliveries, [{ subscriber: "b", alert: drill }]);
    assert.deepEqual(
      contacts.map((each) => each.contact.id),
      ["c1"],
    );
  });
});

describe("a webhook", () => {
  it("gets the alert as JSON, with its id, topic and severity in headers", async () => {
    await webhook(204, async (url, got) => {
      await postTo(url, "counterfoil/1 (+https://operator.example)").deliver(alert);
      const [request] = got;
      assert.deepEqual(JSON.parse(request?.body ?? ""), alert);
      const headers: Record<string, unknown> = { ...request?.headers };
      assert.equal(request?.method, "POST");
      assert.equal(headers["content-type"], "application/json");
      assert.equal(headers["counterfoil-alert"], alert.id);
      assert.equal(headers["counterfoil-topic"], "health");
      assert.equal(headers["counterfoil-severity"], "warning");
      assert.equal(headers["user-agent"], "counterfoil/1 (+https://operator.example)");
    });
  });

  for (const status of [302, 400, 404, 429, 500, 503]) {
    it(`that answers ${status} has not got it: delivery is tried again`, async () => {
      await webhook(status, async (url) => {
        await assert.rejects(postTo(url).deliver(alert));
      });
    });
  }

  it("that is not there has not got it either", async () => {
    let gone = "";
    await webhook(204, async (url) => {
      gone = url;
    });
    await assert.rejects(postTo(gone).deliver(alert));
  });
});

describe("a command", () => {
  it(
    "gets the alert on its standard input, and the short of it in its environment",
    inFolder(async (folder) => {
      const file = join(folder, "alert");
      await runCommand(
        `cat > '${file}' && printf '\\n%s %s %s %s' "$COUNTERFOIL_ALERT" "$COUNTERFOIL_TOPIC" "$COUNTERFOIL_SEVERITY" "$COUNTERFOIL_SUBJECT" >> '${file}'`,
      ).deliver(alert);
      const [body = "", said] = readFileSync(file, "utf8").split("\n");
      assert.deepEqual(JSON.parse(body), alert);
      assert.equal(said, `${alert.id} health warning ${alert.subject}`);
    }),
  );

  it("that ends with anything but 0 has not got it: delivery is tried again", async () => {
    await assert.rejects(runCommand("exit 3").deliver(alert), /ended with 3/);
    await assert.rejects(runCommand("kill -9 $$").deliver(alert), /ended with SIGKILL/);
    await assert.rejects(runCommand("no-such-command-here").deliver(alert), /ended with 127/);
  });

  it("that does not read its input has got it all the same", async () => {
    const large = { ...alert, text: "x".repeat(1_000_000) };
    await runCommand("true").deliver(large);
  });

  it(
    "is never given a stranger's text to interpret",
    inFolder(async (folder) => {
      const hostile = { ...alert, subject: `$(touch ${join(folder, "pwned")}) \`id\`; exit 9` };
      const file = join(folder, "subject");
      await runCommand(`printf '%s' "$COUNTERFOIL_SUBJECT" > '${file}'`).deliver(hostile);
      assert.equal(readFileSync(file, "utf8"), hostile.subject);
      assert.throws(() => readFileSync(join(folder, "pwned")), { code: "ENOENT" });
    }),
  );
});
