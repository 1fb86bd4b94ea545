import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { Misused } from "../../../bin/misused.ts";
import { allowedSignersIn, keysAt } from "../../../bin/verifying/allowed-signers.ts";
import { newKey } from "../ssh.ts";

const AT = "2026-11-22T12:00:00.000Z";
const states = (text: string, at = AT) =>
  keysAt(allowedSignersIn(text, "signers"), at).map(({ fingerprint, state }) => [fingerprint, state]);

suite("an allowed_signers file", () => {
  test("names its keys as ssh-keygen -l does, whatever stands before and behind them", (t) => {
    const [one, two, three] = [newKey(t), newKey(t, "ecdsa"), newKey(t, "rsa")];
    const text = `# ours\n\nme@example.org ${one.public} laptop\n"*@example.org" namespaces="git,counterfoil" ${two.public}\r\n${three.public}\n`;
    assert.deepEqual(states(text), [
      [one.fingerprint, "in-force"],
      [two.fingerprint, "in-force"],
      [three.fingerprint, "in-force"],
    ]);
  });

  test("lets a key sign in its time only", (t) => {
    const { public: key, fingerprint } = newKey(t);
    const text = `me valid-after="20260101000000Z",valid-before="20270101Z" ${key}\n`;
    const stateAt = (at: string) => states(text, at);
    assert.deepEqual(stateAt("2025-12-31T23:59:59.999Z"), [[fingerprint, "pending"]]);
    assert.deepEqual(stateAt("2026-01-01T00:00:00.000Z"), [[fingerprint, "in-force"]]);
    assert.deepEqual(stateAt("2027-01-01T00:00:00.000Z"), [[fingerprint, "revoked"]]);
  });

  test("leaves out who may sign for others only, and certificate authorities", (t) => {
    const [git, authority, ours] = [newKey(t), newKey(t), newKey(t)];
    const text = `a namespaces="git" ${git.public}\nb cert-authority ${authority.public}\nc ${ours.public}\n`;
    assert.deepEqual(states(text), [[ours.fingerprint, "in-force"]]);
    assert.throws(() => states(`a namespaces="git" ${git.public}\n`), Misused);
  });

  const refused = (what: string, textOf: (t: TestContext) => string) =>
    test(`with ${what} is refused as a whole`, (t) => {
      assert.throws(() => states(textOf(t)), Misused);
    });
  refused("nothing in it", () => "# nobody\n");
  refused("a line that is no key", (t) => `me ${newKey(t).public}\nyou and nobody\n`);
  refused("half a key", (t) => `me ${newKey(t).public.slice(0, -6)}\n`);
  refused("a time that is none", (t) => `me valid-before="soon" ${newKey(t).public}\n`);
});
