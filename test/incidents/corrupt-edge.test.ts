import assert from "node:assert/strict";
import { describe } from "node:test";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import { all, both, sdist } from "./course.ts";
import { replay } from "./replay.ts";
import type { Scene } from "./scene.ts";

const P = "polars";
const [SDIST, BOTH] = [sdist(P, "1.24.0"), both(P, "1.24.0")];

/** What the ledger keeps of it: which digest came, and from which address. */
async function assertAttempts(s: Scene): Promise<void> {
  const history = await s.world.host.ports.ledger.read(artifactSubject(P, SDIST));
  const facts = history.flatMap(({ body }) =>
    body.kind === "judged" && "attempts" in body.fact ? [body.fact] : [],
  );
  const wrong = facts.flatMap(({ attempts, listing }) =>
    attempts.filter(({ digest }) => digest !== null && digest !== listing.declared),
  );
  assert.deepEqual(
    wrong.map(({ address }) => address),
    ["127.0.0.1"],
  );
  const { text } = s.alert("flaky-edge", SDIST);
  assert.ok(text.includes(wrong[0]?.digest ?? "nothing"), "the alert names the digest that came");
  assert.match(text, /served by cache-bad-SANDBOX/);
}

describe("Fastly's node in IAD, 11 March 2025: two of eleven downloads are corrupt", () => {
  replay("a release that was served wrong once is a match, and health says so without paging", {
    project: P,
    policy: { strict: true },
    course: [
      {
        at: "0:00",
        happens: "the first answer, and every fifth after it, has a wrong bit",
        does: async (s) => {
          s.index.faults.spoil({ file: SDIST }, { kind: "corrupt", oneIn: 5 });
          await s.release(P, "1.24.0", BOTH);
        },
      },
      {
        at: "0:05",
        tells: [`health notice flaky-edge open ${SDIST}`],
        stands: all("match listed", BOTH),
        asked: { file: 3 },
        also: assertAttempts,
      },
      { at: "1:00", happens: "the node is taken out", does: (s) => s.index.faults.mendAll() },
      {
        at: "9d 0:00",
        tells: [`health notice flaky-edge resolved ${SDIST}`],
        stands: all("match listed", BOTH),
        asked: { file: 2 },
      },
    ],
  });

  replay("a re-hash that meets the node accuses nobody either", {
    project: P,
    policy: { strict: true },
    course: [
      { at: "0:00", happens: "a release as ever", does: (s) => s.release(P, "1.24.0", BOTH) },
      { at: "0:10", tells: [], stands: all("match listed", BOTH), asked: { file: 2 } },
      {
        at: "1d 0:00",
        happens: "the node goes bad",
        does: (s) => s.index.faults.spoil({ file: SDIST }, { kind: "corrupt", oneIn: 5 }),
      },
      {
        at: "9d 0:00",
        tells: [`health notice flaky-edge open ${SDIST}`],
        stands: all("match listed", BOTH),
        asked: { file: 3 },
      },
    ],
  });
});
