import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ledger } from "../../functions/aws/ledger.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import { heldPairs } from "../../functions/compare/held-pairs.ts";
import type { Deadline, Deadlines } from "../../functions/ports.ts";
import { wrongs } from "../oracle/compare.ts";
import { generated } from "../oracle/generate.ts";
import { type Ground, play } from "../oracle/play.ts";
import type { Script } from "../oracle/script.ts";
import type { StillClock } from "../world.ts";
import { ANSWERER, client, onFreshTables, portsOver } from "./dynamodb.ts";
import type { TableKind } from "./tables.ts";

/** Others each day, the same all day long. */
const FIRST = Math.floor(Date.now() / 86_400_000) * 1_000;
const WORLDS = Number(process.env["COUNTERFOIL_TEST_WORLDS"] ?? 20);

/** Most of a world's time over a wire is waiting. */
const ABREAST = 2;

/** What is kept in tables outlives a process, and what this host's queues keep does not: a crash would be of neither host. */
const withoutCrashes = (script: Script): Script => ({
  ...script,
  steps: script.steps.filter(({ does }) => does !== "crash"),
});

/** Notes when the next deadline is due: the world's clock goes from one such instant to the next. */
function noted(deadlines: Deadlines): { readonly deadlines: Deadlines; dueMs(): number } {
  const due = new Map<string, number>();
  const keyOf = ({ kind, project, file }: Pick<Deadline, "kind" | "project" | "file">) =>
    `${kind} ${project} ${file}`;
  const note = (each: Deadline): void => void due.set(keyOf(each), Date.parse(each.due));
  return {
    dueMs: () => Math.min(...due.values()),
    deadlines: {
      ...deadlines,
      put: async (each) => {
        await deadlines.put(each);
        each.forEach(note);
      },
      putIfAbsent: async (each) => {
        await deadlines.putIfAbsent(each);
        if (!due.has(keyOf(each))) note(each);
      },
      bringForward: async (each, latest) => {
        await deadlines.bringForward(each, latest);
        const known = due.get(keyOf(each));
        if (known === undefined || known > Date.parse(latest)) note(each);
      },
      clear: async (kind, project, file) => {
        await deadlines.clear(kind, project, file);
        due.delete(keyOf({ kind, project, file }));
      },
    },
  };
}

function groundOn(names: Readonly<Record<TableKind, string>>, clock: StillClock): Ground {
  const ports = portsOver((kind) => tableNamed(client, names[kind]));
  const { deadlines, dueMs } = noted(ports.deadlines);
  const own = {
    ledger: ledger(tableNamed(client, names.ledger), clock),
    baselines: heldPairs(ports.pageStore),
  };
  return { ports: { ...ports, ...own, deadlines }, dueMs };
}

suite(`seeded worlds over ${ANSWERER}`, { concurrency: ABREAST }, () => {
  for (let seed = FIRST; seed < FIRST + WORLDS; seed += 1)
    test(`that of seed ${seed} ends as the oracle says`, async () => {
      const script = withoutCrashes(generated(seed));
      const outcome = await onFreshTables((names) => play(script, (clock) => groundOn(names, clock)));
      assert.deepEqual(wrongs(script, outcome), [], JSON.stringify(script));
    });
});
