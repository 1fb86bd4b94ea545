import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nextSteps, type Receipt, type ReceiptLine, receiptText } from "../../functions/records/receipts.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

const line: ReceiptLine = {
  file: "six-1.17.0.tar.gz",
  release: "1.17.0",
  digest: `sha256:${A}`,
  authority: "maintainer",
  signers: [],
  outcome: "recorded",
  added: true,
  others: [],
  verdict: null,
  standing: null,
};

const receipt = (files: readonly ReceiptLine[]): Receipt => ({
  project: "six",
  enrolment: "e1",
  selfClaimed: false,
  manifest: `sha256:${B}`,
  signed: false,
  credential: "c1",
  job: null,
  receivedAt: "2026-11-22T12:00:00.000Z",
  files: [...files],
  next: nextSteps("six", files),
});

suite("a receipt as text", () => {
  test("names the project, the enrolment, each file and what happens next", () => {
    assert.equal(
      receiptText(receipt([line])),
      `Receipt for project six, enrolment e1
2026-11-22T12:00:00.000Z  1 named, 1 newly recorded, manifest sha256:${B}

${A}  six-1.17.0.tar.gz
    recorded (maintainer); so far: not seen on the index yet

From now on Counterfoil compares what the index publishes with these digests; /v1/projects/six/artifacts shows each verdict.
`,
    );
  });

  test("a contested file shows the other digest and says what it may mean", () => {
    const contested: ReceiptLine = { ...line, outcome: "contested", others: [`sha256:${B}`] };
    const text = receiptText(receipt([contested]));
    assert.match(text, new RegExp(`contested \\(maintainer\\).*\\n    also on record: ${B}`));
    assert.match(text, /treat the key that did as stolen/);
  });

  test("a signed file names who signed", () => {
    const signers = ["SHA256:abc"];
    const text = receiptText({ ...receipt([{ ...line, signers }]), signed: true });
    assert.match(text, /recorded \(maintainer, signed by SHA256:abc\); so far/);
  });

  test("a CI job is named in its provider's words, made harmless, and what stood for it", () => {
    const job = {
      provider: "github",
      repository: "o/six",
      workflow: "release.yml",
      ref: null,
      run: "https://r\u202e",
    };
    const ci = { ...line, authority: "ci" } as const;
    const text = receiptText({ ...receipt([ci]), credential: "publisher p1", job });
    assert.match(text, /By a job of github: o\/six release\.yml https:\/\/r\\u\{202e\} \(publisher p1\)\n/);
    assert.match(text, /recorded \(ci\)/);
  });

  test("a name cannot move the reader's cursor", () => {
    const text = receiptText(receipt([{ ...line, file: "six-1\u202e\u009b2J.tar.gz" }]));
    assert.match(text, /six-1\\u\{202e\}\\u\{9b\}2J\.tar\.gz/);
  });
});
