import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { createClient } from "../../../functions/client/client.ts";
import { type Digest, hexOf, sha256 } from "../../../functions/domain/digests.ts";
import { newKey, signFile } from "../ssh.ts";
import { FILE, openStage, type Stage } from "./world.ts";

/** The developer signed "genuine"; the index and the monitor are in the hands of whoever wants "malware" to look right. */
async function taken(t: TestContext) {
  const stage = await openStage(t);
  const developer = newKey(t);
  const { id, maintainer } = await stage.watcher({}, [developer]);
  await stage.record(maintainer, "genuine", developer);
  await stage.publish("malware");
  return { stage, id, developer, file: stage.holds("malware") };
}

const pathOf = (request: Request): string => new URL(request.url).pathname;

const text = (body: string): Response => new Response(body, { headers: { "Content-Type": "text/plain" } });

/** A record that the monitor makes up. */
const recordsSay = (enrolment: string, digest: Digest, manifest: Digest, signers: readonly string[]) =>
  Response.json({
    project: "lantern",
    records: [
      {
        enrolment,
        selfClaimed: false,
        file: FILE,
        release: "1.0",
        digest,
        authority: "maintainer",
        recordedAt: "2026-11-22T12:00:00.000Z",
        withdrawnAt: null,
        manifest,
        signers,
        credential: null,
      },
    ],
    next: null,
  });

/** What the attacker signs with a key of theirs, and the monitor serves as the developer's. */
function forged(t: TestContext, stage: Stage) {
  const folder = mkdtempSync(join(stage.folder, "forged-"));
  const attacker = newKey(t);
  const manifest = `${hexOf(sha256("malware"))}  ${FILE}\n`;
  writeFileSync(join(folder, "SHA256SUMS"), manifest);
  const signature = readFileSync(signFile(attacker, join(folder, "SHA256SUMS")), "latin1");
  rmSync(folder, { recursive: true });
  return { attacker, manifest, signature };
}

suite("a monitor that lies", () => {
  test("cannot pass off its own signer for one that is pinned, and says itself who may sign otherwise", async (t) => {
    const { stage, id, developer, file } = await taken(t);
    const { attacker, manifest, signature } = forged(t, stage);
    stage.lies((request) => {
      const path = pathOf(request);
      if (path.endsWith("/records"))
        return recordsSay(id, sha256("malware"), sha256(manifest), [attacker.fingerprint]);
      if (path.endsWith("/signature")) return text(signature);
      if (path.includes("/manifests/")) return text(manifest);
      return path.endsWith("/allowed_signers") ? text(`developer ${attacker.public}\n`) : null;
    });
    const trusting = await stage.asked(file);
    assert.deepEqual([trusting.outcome, trusting.by], ["ok", "signature"]);
    assert.match(trusting.caveats.join("\n"), /a monitor that lies about whose keys may sign/);
    const pinning = await stage.asked(file, developer.public);
    assert.deepEqual([pinning.outcome, pinning.released], ["unknown", "unknown"]);
    assert.match(pinning.why, /proves nothing here: \S+ is not among those who may sign\./);
  });

  test("cannot put a genuine signature on another digest", async (t) => {
    const { stage, id, developer, file } = await taken(t);
    const genuine = sha256(`${hexOf(sha256("genuine"))}  ${FILE}\n`);
    stage.lies((request) =>
      pathOf(request).endsWith("/records")
        ? recordsSay(id, sha256("malware"), genuine, [developer.fingerprint])
        : null,
    );
    const said = await stage.asked(file, developer.public);
    assert.equal(said.outcome, "unknown");
    assert.match(said.why, /does not name this file with this digest/);
  });

  test("cannot put a genuine signature behind a manifest of its own, nor hand out another than it names", async (t) => {
    const { stage, id, developer, file } = await taken(t);
    const { manifest } = forged(t, stage);
    const genuine = `${hexOf(sha256("genuine"))}  ${FILE}\n`;
    const client = createClient({ url: stage.url, key: null, timeoutMs: 10_000 });
    const signature = await client.signature("lantern", id, sha256(genuine), developer.fingerprint);
    let named = sha256(genuine);
    stage.lies((request) => {
      const path = pathOf(request);
      if (path.endsWith("/records")) return recordsSay(id, sha256("malware"), named, [developer.fingerprint]);
      if (path.endsWith("/signature")) return text(Buffer.from(signature).toString("latin1"));
      return path.includes("/manifests/") ? text(manifest) : null;
    });
    const swapped = await stage.asked(file, developer.public);
    assert.deepEqual([swapped.outcome, swapped.released], ["unknown", "unknown"]);
    assert.match(swapped.why, /not the one that was recorded/);
    named = sha256(manifest);
    const altered = await stage.asked(file, developer.public);
    assert.deepEqual([altered.outcome, altered.released], ["unknown", "unknown"]);
    assert.match(altered.why, /was changed after it was signed/);
  });

  test("can withhold records, and then it is its word, or nothing", async (t) => {
    const { stage, developer, file } = await taken(t);
    stage.lies((request) =>
      pathOf(request).endsWith("/records")
        ? Response.json({ project: "lantern", records: [], next: null })
        : null,
    );
    const word = await stage.asked(file, developer.public);
    assert.deepEqual([word.published, word.released, word.by], ["same", "differs", "monitor"]);
    stage.lies((request) =>
      pathOf(request).endsWith("/verify") ? new Response(null, { status: 500 }) : null,
    );
    const nothing = await stage.asked(file, developer.public);
    assert.deepEqual([nothing.released, nothing.by, nothing.outcome], ["unknown", "nothing", "unknown"]);
  });
});
