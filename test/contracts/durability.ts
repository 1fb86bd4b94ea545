import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FILE, minute, record } from "../domain/perfect.ts";
import { type ContractHost, type MakeHost, on } from "./host.ts";

async function write(host: ContractHost): Promise<void> {
  await host.records.append([record()]);
  await host.ledger.append("monitor", null, { kind: "epoch", epoch: 1, head: 7, by: "operator" });
  await host.queue<string>("facts").send(["a"]);
  await host.deadlines.put([{ kind: "page", project: "lantern", file: "", due: minute(1), sizeBytes: 0 }]);
}

/** How much of it there is. */
async function found(host: ContractHost): Promise<number[]> {
  return [
    (await host.records.ofFile("developer", FILE)).length,
    (await host.ledger.read("monitor")).length,
    (await host.receiver("facts").receive(10, 1_000)).length,
    (await host.deadlines.due("page", minute(1), 10)).length,
  ];
}

export function durabilityContract(name: string, make: MakeHost): void {
  describe(`${name}: what was flushed`, () => {
    it(
      "survives that the power fails at once",
      on(make, async (host) => {
        await write(host);
        await host.flush();
        const again = await host.powerFailure();
        assert.deepEqual(await found(again), [1, 1, 1, 1]);
        await again.close();
      }),
    );

    it(
      "survives with what came after it either whole or not at all",
      on(make, async (host) => {
        await host.flush();
        await write(host);
        const again = await host.powerFailure();
        const left = await found(again);
        assert.ok(
          left.every((count) => count === left[0]),
          left.join(" "),
        );
        await again.close();
      }),
    );
  });
}
