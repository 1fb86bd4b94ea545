import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { render } from "../../functions/alert/render.ts";
import { wayOf } from "../../functions/domain/words/way.ts";
import { WORDS } from "../../functions/domain/words/words.ts";
import { FINDINGS, hostile } from "./told.ts";

const GOLDEN = new URL("../fixtures/alerts/", import.meta.url);
/** `GOLDEN=write node --test test/alert/` writes the texts anew; read every one that changed aloud. */
const isWriting = process.env["GOLDEN"] === "write";

describe("every text that anybody is sent", () => {
  mkdirSync(GOLDEN, { recursive: true });
  for (const [name, finding] of FINDINGS) {
    it(`is the one that was read and found good: ${name}`, () => {
      const { topic, severity, subject, text } = render(finding);
      const whole = `topic: ${topic}, severity: ${severity}\nsubject: ${subject}\n\n${text}\n`;
      const file = new URL(`${name}.txt`, GOLDEN);
      if (isWriting) writeFileSync(file, whole);
      assert.equal(whole, readFileSync(file, "utf8"));
    });
  }

  it("has its own file, and no file is of a text that is gone", () => {
    const names = [...FINDINGS.keys()].map((name) => `${name}.txt`);
    assert.deepEqual(readdirSync(GOLDEN).sort(), names.sort());
  });

  it("covers every way in which there are words", () => {
    const ways = new Set([...FINDINGS.values()].map(wayOf));
    assert.deepEqual([...ways].sort(), Object.keys(WORDS).sort());
  });
});

const lines = (text: string): string[] => text.split("\n");

describe("the text", () => {
  for (const [name, finding] of FINDINGS) {
    const { text } = render(finding);
    it(`stands alone in its first three lines: ${name}`, () => {
      const [first = "", second = "", third = ""] = lines(text);
      if (finding.state === "resolved") {
        assert.match(first, /^Resolved: /);
        assert.match(second, /^It was `[a-z-]+` from \S+ to \S+\.$/);
      } else {
        assert.equal(third, `Since ${finding.openedAt}.`);
        assert.ok(first.length < 140 && second.length > 20);
      }
    });

    it(`leaves no gap unfilled: ${name}`, () => {
      assert.doesNotMatch(text, /\b(FILE|QUOTED|PROJECT|RELEASE|KEY_ID|CHANGE_ID|undefined|null|NaN)\b/);
    });
  }

  it("names both ids, so that a reader finds it again", () => {
    for (const finding of FINDINGS.values()) {
      const { id, text } = render(finding);
      assert.ok(text.includes(finding.id) && text.includes(id) && text.includes(finding.thread));
    }
  });
});

describe("health and findings", () => {
  const of = (topic: string) =>
    [...FINDINGS.values()].filter((each) => each.topic === topic && each.state === "open");

  it("never share a way of being told", () => {
    const ways = (topic: string) => new Set(of(topic).map(wayOf));
    const [health, findings] = [ways("health"), ways("findings")];
    assert.deepEqual(
      [...health].filter((way) => findings.has(way)),
      [],
    );
    assert.ok(health.size >= 5 && findings.size >= 10);
  });

  it("never sound alike: health says that it is no compromise, findings never do", () => {
    for (const finding of of("health")) {
      const { text } = render(finding);
      assert.match(text, /says nothing of a compromise/);
      assert.doesNotMatch(text, /security@|revoke|in other hands|CRITICAL/);
    }
    for (const finding of of("findings"))
      assert.doesNotMatch(render(finding).text, /says nothing of a compromise/);
  });

  it("warning and critical findings each say what to do", () => {
    for (const finding of of("findings")) {
      if (finding.severity !== "notice") assert.match(render(finding).text, /\n {2}1\. /);
    }
  });
});

describe("names from strangers", () => {
  const NAMES = [
    "$& $1 $` $' $$",
    "FILE PROJECT RELEASE",
    "lantern-1.0\nResolved: nothing happened.tar.gz",
    "lantern\u202egz.rat.0.1-",
    "lantern\u0000\u0007\u001b[31m-1.0.zip",
    "lantern\u2028-1.0\u2029.zip",
    "ланте́рн-1.0-🏮.tar.gz",
    "\ud800 lone",
    "x".repeat(500),
    "'; rm -rf ~ #'.whl",
  ];

  /** What the subject must be for every mailer and for SNS. */
  function isSubject(subject: string): void {
    assert.match(subject, /^\[counterfoil\] [\x20-\x7e]+$/);
    assert.ok(subject.length < 100, `${subject.length}`);
  }

  for (const name of NAMES) {
    it(`stay text: ${JSON.stringify(name.slice(0, 40))}`, () => {
      const { subject, text } = render(hostile(name));
      isSubject(subject);
      assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{C}\p{Zl}\p{Zp}]/u);
      assert.equal(lines(text).length, lines(render(hostile("lantern-1.0.zip")).text).length);
    });
  }

  it("stay text whatever they are", () => {
    const plain = lines(render(hostile("lantern-1.0.zip")).text).length;
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 500 }), (name) => {
        const { subject, text } = render(hostile(name));
        isSubject(subject);
        assert.equal(lines(text).length, plain);
      }),
      { seed: 7 },
    );
  });

  it("are filled in as they are, not as patterns", () => {
    assert.match(render(hostile("$& FILE $1")).text, /^PyPI publishes \$& FILE \$1, and/);
  });

  it("are one word of the command that is to be copied", () => {
    const command = (name: string) =>
      lines(render(hostile(name)).text).find((line) => line.startsWith("  sha256sum"));
    assert.match(command("lantern-1.0.tar.gz") ?? "", /^ {2}sha256sum lantern-1\.0\.tar\.gz \| curl /);
    assert.match(
      command("$(id)'; rm -rf ~ #.whl") ?? "",
      /^ {2}sha256sum '\.\/\$\(id\)'\\''; rm -rf ~ #\.whl' \| curl /,
    );
    assert.match(command("-rf.zip") ?? "", /^ {2}sha256sum '\.\/-rf\.zip' \| curl /);
  });
});
