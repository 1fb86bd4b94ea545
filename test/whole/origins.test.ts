import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { PageAnswer } from "../../functions/ports.ts";
import { startWorld, type World } from "../world.ts";

const FILE = "lantern-1.0.tar.gz";
const MINUTE = 60_000;

/** Somebody nobody allowed us to ask. */
interface Stranger {
  readonly url: string;
  asked: number;
  readonly server: Server;
}

async function stranger(): Promise<Stranger> {
  const server = createServer((_, response) => {
    here.asked += 1;
    response.end("genuine");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const here = { url: `http://127.0.0.1:${port}`, asked: 0, server };
  return here;
}

/** The page as it came, but that its files lie with somebody else. */
function pointing(answer: PageAnswer, to: string): PageAnswer {
  if (answer.kind !== "page") return answer;
  const files = answer.page.files.map((file) => ({ ...file, url: `${to}/${file.file}` }));
  return { ...answer, page: { ...answer.page, files } };
}

describe("an index that points elsewhere", () => {
  let world: World;
  let other: Stranger;

  beforeEach(async () => {
    other = await stranger();
  });
  afterEach(async () => {
    await world.close();
    other.server.close().closeAllConnections();
  });

  async function published(): Promise<void> {
    await world.settle();
    await world.enrol("lantern");
    await world.settle();
    await world.pass(1_000);
    const bytes = new TextEncoder().encode("genuine");
    world.index.publish({ project: "lantern", version: "1.0", files: [{ name: FILE, bytes }] });
    await world.settle();
    await world.pass(10 * MINUTE);
  }

  async function nobodyAsked(): Promise<void> {
    assert.equal(other.asked, 0);
    assert.equal(await world.verdict("lantern", FILE), "unverifiable listed");
    assert.deepEqual(world.told(), [`health notice unverifiable open ${FILE}`]);
  }

  it("for its files makes nobody connect to an origin that the operator did not name", async () => {
    world = await startWorld({
      around: (index) => ({
        ...index,
        pages: { read: async (...asked) => pointing(await index.pages.read(...asked), other.url) },
      }),
    });
    await published();
    await nobodyAsked();
  });

  for (const status of [301, 302, 307, 308])
    it(`by a ${status} makes nobody follow it`, async () => {
      world = await startWorld();
      world.index.faults.spoil({ route: "file" }, { kind: "redirect", to: `${other.url}/${FILE}`, status });
      await published();
      await nobodyAsked();
    });
});
