import assert from "node:assert/strict";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { digestOf } from "../../functions/domain/canonical.ts";
import type { LedgerEntry } from "../../functions/domain/ledger.ts";
import { eventually } from "./eventually.ts";
import { copiesIn, entriesIn, forge, putBack, remove } from "./ledger-kept.ts";
import { drained } from "./queues.ts";
import type { Setting } from "./setting.ts";

/** The stream is read by polling, and sweeps go on appending. */
export async function copied(setting: Setting): Promise<void> {
  await drained(setting);
  const entries = await entriesIn(setting);
  assert.ok(entries.size > 30, `the ledger holds only ${entries.size} entries`);
  const missing = async (): Promise<string[]> => {
    const copies = await copiesIn(setting);
    return [...entries].filter(([key, entry]) => copies.get(key)?.hash !== entry.hash).map(([key]) => key);
  };
  await eventually("every entry is copied as it is", missing, (left) => left.length === 0);
  const copies = await copiesIn(setting);
  const now = await entriesIn(setting);
  assert.deepEqual(
    [...copies.keys()].filter((key) => !now.has(key)),
    [],
  );
}

/** Somebody with every right changes one entry, removes two, and puts one of those back: as it was, then with other words. */
export async function noticed(setting: Setting): Promise<void> {
  const entries = [...(await entriesIn(setting)).values()];
  const about = (project: string): LedgerEntry => {
    const found = entries.find(({ subject }) => subject.startsWith(`artifact/${project}/`));
    assert.ok(found, `the ledger holds nothing of ${project}`);
    return found;
  };
  const noticedSoFar = (count: number): Promise<number> =>
    eventually(
      `${count} noticed`,
      () => tamperings(setting),
      (seen) => seen === count,
    );
  assert.equal(await tamperings(setting), 0);
  await forge(setting, about("shoal0"));
  await noticedSoFar(1);
  await remove(setting, about("shoal1"));
  await noticedSoFar(2);
  await putBack(setting, about("shoal1"));
  await remove(setting, about("shoal2"));
  await noticedSoFar(3);
  const { hash, ...said } = about("shoal2");
  const other = { ...said, at: setting.deployed.functions.get("copy")?.LastModified ?? "" };
  await putBack(setting, { ...other, hash: digestOf(other) } as LedgerEntry);
  await noticedSoFar(4);
}

/** How often copy counted the metric that alarms. */
async function tamperings({ clients, deployed }: Setting): Promise<number> {
  const logGroupName = deployed.functions.get("copy")?.LoggingConfig?.LogGroup;
  const asked = { logGroupName, filterPattern: '"LedgerTampering"' };
  const { events = [] } = await clients.logs.send(new FilterLogEventsCommand(asked));
  return events.filter(({ message = "" }) => /"LedgerTampering":\s*\[?1/.test(message)).length;
}
