import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { records } from "../../functions/aws/records.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import type { Recorded } from "../../functions/domain/enrolments.ts";
import type { Records } from "../../functions/ports.ts";
import { GENUINE, minute, OTHER, record } from "../domain/perfect.ts";
import { ANSWERER, client, onFreshTables } from "./dynamodb.ts";

class Crash extends Error {}

/** The client of a process that dies at its nth write: before it is sent, or after it is stored. */
function dyingAt(nth: number, moment: "before" | "after"): Pick<DynamoDBClient, "send"> {
  let writes = 0;
  const send = async (command: Parameters<DynamoDBClient["send"]>[0]): Promise<unknown> => {
    const isLast = command.constructor.name !== "QueryCommand" && ++writes === nth;
    if (isLast && moment === "before") throw new Crash();
    const answer = await client.send(command);
    if (isLast) throw new Crash();
    return answer;
  };
  return { send: send as DynamoDBClient["send"] };
}

const submission = (size: number, spoiled: Partial<Recorded> = {}): Recorded[] =>
  Array.from({ length: size }, (_, index) =>
    record({ file: `lantern-1.${index}.zip`, release: `1.${index}`, ...spoiled }),
  );

/** What others see of these records: how many of them, and what habit they make. */
async function seen(ports: Records, of: readonly Recorded[]): Promise<readonly [number, boolean]> {
  const some = of.filter((_, index) => index % 10 === 0);
  const found = await Promise.all(some.map(({ enrolment, file }) => ports.ofFile(enrolment, file)));
  assert.ok(found.every((each) => each.length <= 1));
  const { recordsReleases } = await ports.habits("developer", null);
  return [found.flat().length / some.length, recordsReleases];
}

/** Three transactions of rows, and the mark. */
const WRITES = 4;
const LARGE = 250;

describe(`${ANSWERER}: a large submission`, () => {
  for (const moment of ["before", "after"] as const)
    for (let nth = 1; nth <= WRITES; nth += 1)
      it(`counts whole or not at all after a crash ${moment} write ${nth}, and is completed by repetition`, () =>
        onFreshTables(async (names) => {
          const of = submission(LARGE);
          const dying = records(tableNamed(dyingAt(nth, moment), names.records));
          await assert.rejects(dying.append(of), Crash);
          const others = records(tableNamed(client, names.records));
          const isWhole = nth === WRITES && moment === "after";
          assert.deepEqual(await seen(others, of), isWhole ? [1, true] : [0, false]);
          assert.equal((await others.append(of)).length, isWhole ? 0 : LARGE);
          assert.deepEqual(await seen(others, of), [1, true]);
          assert.deepEqual(await others.append(of), []);
        }));

  it("makes just these writes: else a crash between two of them was never tried", () =>
    onFreshTables(async (names) => {
      const dying = records(tableNamed(dyingAt(WRITES + 1, "before"), names.records));
      assert.equal((await dying.append(submission(LARGE))).length, LARGE);
    }));

  it("may name a thousand files", () =>
    onFreshTables(async (names) => {
      const ports = records(tableNamed(client, names.records));
      const of = submission(1_000);
      assert.deepEqual(await ports.append(of), of);
      assert.deepEqual(await seen(ports, of), [1, true]);
    }));

  it("that never came through is in nobody's way, nor is its own record twice when it does", () =>
    onFreshTables(async (names) => {
      const of = submission(LARGE);
      const dying = records(tableNamed(dyingAt(WRITES, "before"), names.records));
      await assert.rejects(dying.append(of), Crash);
      const ports = records(tableNamed(client, names.records));
      const small = of.slice(0, 20).map((each) => ({ ...each, recordedAt: minute(1), credential: "key-2" }));
      assert.deepEqual(await ports.append(small), small);
      assert.deepEqual(await ports.ofFile("developer", "lantern-1.0.zip"), [small[0]]);
      assert.equal((await ports.append(of)).length, LARGE - small.length);
      assert.deepEqual(await seen(ports, of), [1, true]);
    }));

  it("that meets another over the same files ends with every record once", () =>
    onFreshTables(async (names) => {
      const one = submission(150);
      const other = submission(150, { recordedAt: minute(1) });
      const ports = () => records(tableNamed(client, names.records));
      await Promise.all([ports().append(one), ports().append(other)]);
      assert.deepEqual(await seen(ports(), one), [1, true]);
      const contested = submission(150, { digest: OTHER, recordedAt: minute(2) });
      assert.equal((await ports().append(contested)).length, 150);
      const digests = (await ports().ofFile("developer", "lantern-1.7.zip")).map(({ digest }) => digest);
      assert.deepEqual(digests, [GENUINE, OTHER]);
    }));
});

describe(`${ANSWERER}: a large submission that was withdrawn`, () => {
  it("in one of its files leaves the others, and that file recorded again is live", () =>
    onFreshTables(async (names) => {
      const ports = records(tableNamed(client, names.records));
      const of = submission(LARGE);
      await ports.append(of);
      const [first = record()] = of;
      const withdrawn = await ports.withdraw("developer", first.file, GENUINE, minute(1));
      assert.deepEqual(withdrawn, [{ ...first, withdrawnAt: minute(1) }]);
      assert.deepEqual(await ports.append(of), [first]);
      assert.deepEqual(await ports.append(of), []);
      assert.deepEqual(await ports.ofFile("developer", first.file), [first]);
      await ports.withdraw("developer", first.file, GENUINE, minute(2));
      assert.deepEqual(await ports.ofFile("developer", first.file), [{ ...first, withdrawnAt: minute(2) }]);
      assert.equal((await ports.ofEnrolment("developer")).length, LARGE);
    }));

  it("in every file and comes again counts whole or not at all, as if it were new", () =>
    onFreshTables(async (names) => {
      const ports = records(tableNamed(client, names.records));
      const of = submission(110);
      await ports.append(of);
      await Promise.all(of.map(({ file }) => ports.withdraw("developer", file, GENUINE, minute(1))));
      const dying = records(tableNamed(dyingAt(2, "after"), names.records));
      await assert.rejects(dying.append(of), Crash);
      const live = async (): Promise<number> =>
        (await ports.ofEnrolment("developer")).filter(({ withdrawnAt }) => withdrawnAt === null).length;
      assert.equal(await live(), 0);
      assert.deepEqual(await ports.append(of), of);
      assert.equal(await live(), of.length);
      assert.equal((await ports.ofEnrolment("developer")).length, of.length);
    }));
});

describe(`${ANSWERER}: small submissions at once`, () => {
  it("of the same records are new to one of them, whatever transactions met", () =>
    onFreshTables(async (names) => {
      const of = submission(20);
      const ports = () => records(tableNamed(client, names.records));
      const added = await Promise.all(Array.from({ length: 4 }, () => ports().append(of)));
      assert.equal(added.flat().length, of.length);
      assert.deepEqual(await seen(ports(), of), [1, true]);
    }));
});
