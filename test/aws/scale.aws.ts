import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { shardsOf } from "../../functions/aws/keys.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import { abreast } from "../../functions/domain/abreast.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { judge } from "../../functions/domain/judge.ts";
import { brokenAt, type LedgerBody, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import { Conflict, type Ledger } from "../../functions/ports.ts";
import { caseOf, entry, FILE, GENUINE, minute } from "../domain/perfect.ts";
import { ANSWERER, client, onFreshTables, portsOver } from "./dynamodb.ts";

type Names = Parameters<Parameters<typeof onFreshTables>[0]>[0];
const portsOn = (names: Names) => portsOver((kind) => tableNamed(client, names[kind]));

const row = (spoiled: Partial<ArtifactRow>): ArtifactRow => ({
  enrolment: "developer",
  project: "lantern",
  file: FILE,
  release: "1.0",
  declared: GENUINE,
  observed: GENUINE,
  verdict: "match",
  standing: "listed",
  authority: "maintainer",
  since: minute(0),
  hashedAt: minute(0),
  everListed: false,
  listed: true,
  yanked: false,
  attested: false,
  number: 1,
  ...spoiled,
});

const body = (epoch: number): LedgerBody => ({ kind: "epoch", epoch, head: 7, by: "operator" });

async function appended(ledger: Ledger, of: LedgerBody): Promise<LedgerEntry> {
  const last = (await ledger.read("monitor")).at(-1) ?? null;
  try {
    return await ledger.append("monitor", last, of);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return appended(ledger, of);
  }
}

describe(`${ANSWERER}: the ledger`, () => {
  it("appended to by many at once loses nothing, and its chain is whole", () =>
    onFreshTables(async (names) => {
      const writers = Array.from({ length: 24 }, (_, epoch) => appended(portsOn(names).ledger, body(epoch)));
      await Promise.all(writers);
      const history = await portsOn(names).ledger.read("monitor");
      const epochs = history.flatMap(({ body: said }) => (said.kind === "epoch" ? [said.epoch] : []));
      assert.deepEqual(
        epochs.toSorted((a, b) => a - b),
        writers.map((_, epoch) => epoch),
      );
      assert.equal(brokenAt(history), null);
    }));

  it("is read to its end, over as many pages as it takes", () =>
    onFreshTables(async (names) => {
      const { ledger } = portsOn(names);
      const by = "x".repeat(150_000);
      let last: LedgerEntry | null = null;
      for (let epoch = 1; epoch <= 17; epoch += 1)
        last = await ledger.append("monitor", last, { kind: "epoch", epoch, head: 7, by });
      const history = await ledger.read("monitor");
      assert.deepEqual([history.length, brokenAt(history)], [17, null]);
    }));
});

describe(`${ANSWERER}: a project of 5,000 files`, () => {
  it("is listed whole, over as many pages as it takes", () =>
    onFreshTables(async (names) => {
      const { view } = portsOn(names);
      const files = Array.from({ length: 5_000 }, (_, index) => `lantern-${index}.zip`);
      await abreast(64, files, (file) => view.put([row({ file })]));
      const listed = await view.ofProject("lantern");
      assert.deepEqual(
        listed.map(({ file }) => file),
        files.toSorted(),
      );
    }));
});

/** How many items each shard of an index has. */
const inShards = (table: string, index: string, name: string, shards: readonly string[]) =>
  Promise.all(
    shards.map(async (shard) => {
      const { Count = 0 } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: "#shard = :shard",
          ExpressionAttributeNames: { "#shard": name },
          ExpressionAttributeValues: { ":shard": { S: shard } },
          Select: "COUNT",
        }),
      );
      return Count;
    }),
  );

const spread = (counts: readonly number[], total: number): boolean =>
  counts.reduce((sum, count) => sum + count) === total && Math.max(...counts) < total / 2;

describe(`${ANSWERER}: an index`, () => {
  it("of deadlines is spread over its shards, and answered from all of them in order", () =>
    onFreshTables(async (names) => {
      const { deadlines } = portsOn(names);
      const all = Array.from({ length: 200 }, (_, at) => {
        const of = { kind: "page", project: `project-${at}`, file: "", sizeBytes: 0 } as const;
        return { ...of, due: minute(at) };
      });
      await deadlines.put(all.toReversed());
      assert.ok(spread(await inShards(names.schedule, "due", "bucket", shardsOf("page")), 200));
      assert.deepEqual(await deadlines.due("page", minute(500), 90), all.slice(0, 90));
      assert.deepEqual(await deadlines.due("page", minute(149), 500), all.slice(0, 150));
    }));

  it("of findings is spread over its shards, and lets go of what is published", () =>
    onFreshTables(async (names) => {
      const { view } = portsOn(names);
      const found = Array.from({ length: 60 }, (_, at) => findingAt(at));
      await view.putFindings(found, 1);
      const counted = () => inShards(names.view, "unpublished", "unpublished", shardsOf("unpublished"));
      assert.ok(spread(await counted(), 60));
      assert.deepEqual(await view.unpublished(minute(10_000), 25), found.slice(0, 25));
      await abreast(8, found.slice(5), (each) => view.markPublished(each));
      assert.deepEqual(await view.unpublished(minute(10_000), 25), found.slice(0, 5));
      assert.equal(
        (await counted()).reduce((sum, count) => sum + count),
        5,
      );
    }));
});

function findingAt(at: number): Finding {
  const of = caseOf({ recorded: [] });
  const [made] = changedFindings(of, judge(of, null), []);
  assert.ok(made);
  return { ...made, id: `finding-${at}`, changedAt: minute(at) };
}

describe(`${ANSWERER}: the counts`, () => {
  it("stay right when rows and findings of one file come from everywhere at once, twice", () =>
    onFreshTables(async (names) => {
      const findings = Array.from({ length: 6 }, (_, at) => findingAt(at));
      const rows = ["developer", "distribution"].map((enrolment) => row({ enrolment, everListed: true }));
      const puts = () => [
        ...rows.map((each) => portsOn(names).view.put([each])),
        ...findings.map((each) => portsOn(names).view.putFindings([each], 1)),
      ];
      await Promise.all([...puts(), ...puts()]);
      assert.deepEqual(await portsOn(names).view.counts(), { projects: 0, artifacts: 1, openFindings: 6 });
      const resolved = findings.map((each) => ({ ...each, state: "resolved" as const }));
      await Promise.all([1, 2].map(() => portsOn(names).view.putFindings(resolved, 2)));
      assert.equal((await portsOn(names).view.counts()).openFindings, 0);
    }));

  it("of projects count each once, however many enrol it at once", () =>
    onFreshTables(async (names) => {
      const { enrolment } = caseOf();
      const ids = Array.from({ length: 6 }, (_, index) => `watcher-${index}`);
      await Promise.all(ids.map((id) => portsOn(names).enrolments.add({ ...enrolment, id }, [])));
      const { view, enrolments } = portsOn(names);
      assert.equal((await view.counts()).projects, 1);
      assert.equal((await enrolments.ofProject("lantern")).length, ids.length);
    }));
});

describe(`${ANSWERER}: names of strangers`, () => {
  it("as long as may be, or with a slash or half a character, are kept and found as they are", () =>
    onFreshTables(async (names) => {
      const { entries, view, ledger, deadlines, records } = portsOn(names);
      const strange = ["€".repeat(500), `${"€".repeat(499)}$`, "a\ud800", "a\udfff", "a", "a/b"];
      for (const [index, file] of strange.entries()) {
        await view.put([row({ file })]);
        await entries.append([{ ...entry("create", index), action: { kind: "file-added", file } }]);
        // Half a character never comes as far as the ledger: no canonical JSON, no id, can be made of it.
        if (file.isWellFormed()) await ledger.append(`artifact/lantern/${file}`, null, body(index));
        const due = minute(index);
        await deadlines.put([{ kind: "verdict", project: "lantern", file, due, sizeBytes: 1 }]);
      }
      assert.equal((await view.ofProject("lantern")).length, strange.length);
      assert.equal((await deadlines.due("verdict", minute(99), 99)).length, strange.length);
      for (const [index, file] of strange.entries()) {
        const serials = (await entries.concerning("lantern", file, null)).map(({ serial }) => serial);
        assert.deepEqual(serials, [index]);
        const history = await ledger.read(`artifact/lantern/${file}`);
        assert.equal(history.length, file.isWellFormed() ? 1 : 0);
      }
      assert.deepEqual(await records.ofFile("developer", "a"), []);
    }));
});
