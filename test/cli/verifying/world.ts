/** An index, a monitor on it with watchers, and somebody beside them who holds files. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { allowedSignersIn } from "../../../bin/verifying/allowed-signers.ts";
import { itemsAt } from "../../../bin/verifying/items.ts";
import { lookingAt } from "../../../bin/verifying/looking.ts";
import { monitorAt } from "../../../bin/verifying/monitor.ts";
import { type Verified, verifyAll } from "../../../bin/verifying/verifying.ts";
import { createClient } from "../../../functions/client/client.ts";
import { hexOf, sha256 } from "../../../functions/domain/digests.ts";
import { type Enrolment, type HeldCredential, newEnrolment } from "../../../functions/domain/enrolments.ts";
import { enrolmentSubject } from "../../../functions/domain/ledger.ts";
import { type Minted, mintId, mintKey } from "../../../functions/records/credentials.ts";
import { parsePublicKey } from "../../../functions/records/ssh/keys.ts";
import { startWorld, type World } from "../../world.ts";
import { type SshKeyPair, signFile } from "../ssh.ts";

export const FILE = "lantern-1.0.tar.gz";

/** Stands between whoever asks and the monitor: answers in its place, or not. */
type Liar = (request: Request) => Response | null;

export interface Watcher {
  readonly id: string;
  readonly maintainer: string;
  readonly ci: string;
}

/** What verifying is played in. */
export class Stage {
  readonly world: World;
  readonly url: string;
  readonly folder: string;
  readonly #liars: Liar[];

  constructor(world: World, url: string, folder: string, liars: Liar[]) {
    this.world = world;
    this.url = url;
    this.folder = folder;
    this.#liars = liars;
  }

  /** From now on the monitor lies. */
  lies(liar: Liar): void {
    this.#liars.push(liar);
  }

  /** A watcher, let in by the operator unless chosen otherwise, whose keys and signers are in force. */
  async watcher(chosen: Partial<Enrolment> = {}, signers: readonly SshKeyPair[] = []): Promise<Watcher> {
    const { ports } = this.world.host;
    const { id = mintId(), project = "lantern" } = chosen;
    const now = this.world.clock.now();
    const term = { addedAt: now, endsAt: null };
    const [maintainer, ci] = [
      mintKey("maintainer", { enrolment: id, project }, now),
      mintKey("ci", { enrolment: id, project }, now),
    ];
    const enrolment = newEnrolment({
      id,
      project,
      enrolledAt: now,
      credentials: [held(maintainer), held(ci)],
      signers: signers.map((key) => ({ ...parsePublicKey(key.public), name: "", ...term })),
      ...chosen,
    });
    await ports.enrolments.add(enrolment, [maintainer.credential, ci.credential]);
    await ports.ledger.append(enrolmentSubject(id), null, { kind: "enrolled", enrolment, by: "operator" });
    return { id, maintainer: maintainer.key, ci: ci.key };
  }

  /** A file of some name and content on the disk of whoever asks. */
  holds(content: string, file = FILE): string {
    const path = join(this.folder, file);
    writeFileSync(path, content);
    return path;
  }

  /** Records a file's content, signed or not, as `counterfoil record` does. */
  async record(key: string, content: string, signer?: SshKeyPair, file = FILE): Promise<void> {
    const manifest = join(this.folder, "SHA256SUMS");
    const text = `${hexOf(sha256(content))}  ${file}\n`;
    writeFileSync(manifest, text);
    const signature = signer === undefined ? "" : readFileSync(signFile(signer, manifest), "latin1");
    const answer = await this.world.record("lantern", key, `${text}${signature}`);
    rmSync(`${manifest}.sig`, { force: true });
    if (answer.status !== 201) throw new Error(await answer.text());
    await this.world.settle();
    this.world.clock.ms += 60_000;
  }

  async publish(content: string, file = FILE, more: object = {}): Promise<void> {
    this.world.index.publish({
      project: "lantern",
      version: "1.0",
      files: [{ name: file, bytes: Buffer.from(content), ...more }],
    });
    await this.world.settle();
  }

  /** Asks both questions about files on disk; `signers` is the text of a file that whoever asks trusts. */
  async verify(paths: readonly string[], signers: string | null = null): Promise<readonly Verified[]> {
    const { look, close } = lookingAt(this.world.index.url);
    try {
      const client = createClient({ url: this.url, key: null, timeoutMs: 10_000 });
      const pinned = signers === null ? null : allowedSignersIn(signers, "signers");
      return await verifyAll(await itemsAt(paths, undefined), look, monitorAt(client, pinned));
    } finally {
      close();
    }
  }

  /** The same about one file, in a few words. */
  async asked(path: string, signers: string | null = null): Promise<Said> {
    const [verified] = await this.verify([path], signers);
    if (verified === undefined) throw new Error(`nothing was said about ${basename(path)}`);
    const { outcome, published, released } = verified;
    const { answer, by, why, caveats } = released;
    return { outcome, published: published.answer, released: answer, by, why, caveats };
  }
}

export interface Said {
  readonly outcome: string;
  readonly published: string;
  readonly released: string;
  readonly by: string;
  readonly why: string;
  readonly caveats: readonly string[];
}

const held = ({ credential: { id, kind, createdAt } }: Minted): HeldCredential => ({
  id,
  kind: kind === "ci" ? "ci" : "maintainer",
  name: "",
  addedAt: createdAt,
  endsAt: null,
});

/** Everything, gone after the test. */
export async function openStage(t: TestContext): Promise<Stage> {
  const world = await startWorld();
  await world.settle();
  const liars: Liar[] = [];
  const answer = (request: Request): Response | Promise<Response> => {
    for (const liar of liars) {
      const lie = liar(request);
      if (lie !== null) return lie;
    }
    return world.host.api.fetch(request);
  };
  const server = createAdaptorServer({ fetch: answer }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-verify-"));
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await world.close();
    rmSync(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return new Stage(world, `http://127.0.0.1:${port}`, folder, liars);
}
