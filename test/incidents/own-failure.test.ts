import assert from "node:assert/strict";
import { afterEach, beforeEach, describe } from "node:test";
import { type Hook, startHook } from "../embedded/receivers.ts";
import { all, both, each } from "./course.ts";
import { replay } from "./replay.ts";
import { malware, type Scene } from "./scene.ts";

const P = "lantern";
const BOTH = both(P, "1.0");

let hook: Hook;
let refused = 0;
beforeEach(async () => {
  hook = await startHook();
});
afterEach(() => hook.close());

const reach = { webhooks: { userAgent: "counterfoil/test", allowPrivate: true }, mail: null };

/** Adds the webhook as a contact, and follows the way that it is shown. */
async function confirmContact(s: Scene): Promise<void> {
  const { id, maintainer } = s.keysOf(P);
  const body = { kind: "webhook", address: hook.url };
  await s.ask(`/v1/projects/${P}/enrolments/${id}/contacts`, maintainer, body);
  await s.world.settle();
  const { url } = JSON.parse(hook.got.at(-1)?.body ?? "") as { url: string };
  const answer = await s.world.host.api.request(new URL(url).pathname, { method: "POST" });
  assert.equal(answer.status, 200);
}

/** What arrived at the contact: severity, verdict, file or project. */
const arrived = (): string[] =>
  hook.got.flatMap(({ body }) => {
    const { severity, finding } = JSON.parse(body) as {
      severity?: string;
      finding?: { verdict: string; file: string | null; project: string };
    };
    return finding ? [`${severity} ${finding.verdict} ${finding.file ?? finding.project}`] : [];
  });

const drill = (s: Scene) => {
  const { id, maintainer } = s.keysOf(P);
  return s.ask(`/v1/projects/${P}/enrolments/${id}/drill`, maintainer, {});
};

describe("alarms that reach nobody (aws-blocks#336, cloudformation-coverage-roadmap#2548, rekor-monitor#687)", () => {
  replay("a planted mismatch comes out where real ones do, day after day, and a drill goes the same way", {
    project: P,
    parts: { reach },
    course: [
      { at: "0:00", happens: "a contact confirms", does: confirmContact },
      {
        at: "0:10",
        happens: "a release whose record is wrong on purpose",
        does: async (s) => {
          await s.record(P, BOTH, "maintainer", malware);
          s.upload(P, "1.0", BOTH);
        },
      },
      {
        at: "0:11",
        tells: [
          `findings notice enrolment-changed open ${P}`,
          ...each("findings critical mismatch open", BOTH),
        ],
        stands: all("mismatch listed", BOTH),
        also: () => assert.deepEqual(arrived().sort(), each("critical mismatch", BOTH).toSorted()),
      },
      { at: "1d 0:00", happens: "a drill", does: drill },
      {
        at: "1d 0:01",
        tells: [],
        also: () => assert.deepEqual(arrived().slice(2), [`critical drill ${P}`]),
      },
      {
        at: "2d 0:00",
        happens: "the next planted one",
        does: async (s) => {
          await s.record(P, both(P, "1.1"), "maintainer", malware);
          s.upload(P, "1.1", both(P, "1.1"));
        },
      },
      {
        at: "2d 0:01",
        tells: each("findings critical mismatch open", both(P, "1.1")),
        also: () => assert.equal(arrived().length, 5),
      },
    ],
  });

  replay("a contact that is down for hours is told when it is back, once of each", {
    project: P,
    parts: { reach },
    course: [
      { at: "0:00", happens: "a contact confirms", does: confirmContact },
      {
        at: "0:10",
        happens: "and goes down; then comes an upload that differs",
        does: async (s) => {
          hook.status = 503;
          await s.record(P, BOTH);
          s.upload(P, "1.0", BOTH, malware);
        },
      },
      {
        at: "3:00",
        tells: [
          `findings notice enrolment-changed open ${P}`,
          ...each("findings critical mismatch open", BOTH),
        ],
        asked: { file: 2 },
      },
      {
        at: "3:01",
        happens: "it is back",
        does: () => {
          refused = arrived().length;
          hook.status = 204;
        },
      },
      {
        at: "9:00",
        tells: [],
        also: () => {
          assert.ok(refused > 2, "it was tried again while it was down");
          assert.deepEqual(arrived().slice(refused).sort(), each("critical mismatch", BOTH).toSorted());
        },
      },
    ],
  });
});
