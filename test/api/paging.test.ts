import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Order, paged } from "../../functions/api/paging.ts";
import { Refused } from "../../functions/api/problems.ts";
import type { ArtifactsAnswer } from "../../functions/records/answers/artifacts.ts";
import { row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { assertRefused, get, jsonOf, openWorld } from "./world.ts";

interface Item {
  readonly name: string;
  readonly at: string;
}

const OLDEST: Order<Item> = { name: "items", keyOf: ({ at, name }) => [at, name] };
const BY_NAME: Order<Item> = { name: "items", keyOf: ({ name }) => [name] };
const NEWEST: Order<Item> = { ...OLDEST, newestFirst: true };

const item: fc.Arbitrary<Item> = fc.record({
  name: fc.string({ unit: "grapheme", maxLength: 3 }),
  at: fc.constantFrom("1", "2", "3"),
});
const items = fc.uniqueArray(item, { maxLength: 30, selector: ({ at, name }) => `${at}/${name}` });
const keyOf = ({ at, name }: Item): string => JSON.stringify([at, name]);

/** Every page after the other; `between` may change the list while it is read. */
function pages(
  list: Item[],
  order: Order<Item>,
  limit: number,
  between: (list: Item[]) => void = () => {},
): Item[] {
  const read: Item[] = [];
  let after: string | undefined;
  for (let count = 0; count <= 200; count += 1) {
    const page = paged(list, order, { limit: String(limit), after });
    read.push(...page.items);
    assert.ok(page.items.length <= limit);
    if (page.next === null) return read;
    after = page.next;
    between(list);
  }
  return assert.fail("the pages have no end");
}

suite("a list by pages", () => {
  for (const order of [OLDEST, NEWEST]) {
    const way = order.newestFirst ? "newest first" : "oldest first";
    test(`shows everything once, in its order (${way})`, () => {
      fc.assert(
        fc.property(items, fc.integer({ min: 1, max: 7 }), (list, limit) => {
          const read = pages(list, order, limit);
          assert.deepEqual(read, pages(list, order, 1_000));
          assert.equal(new Set(read.map(keyOf)).size, list.length);
        }),
      );
    });

    test(`shows what was there all along once, whatever comes and goes meanwhile (${way})`, () => {
      fc.assert(
        fc.property(items, items, fc.integer({ min: 1, max: 4 }), (stay, come, limit) => {
          const own = new Set(stay.map(keyOf));
          const fresh = come.filter((each) => !own.has(keyOf(each)));
          const [early, late] = [fresh.slice(0, 3), fresh.slice(3)];
          const read = pages([...stay, ...early], order, limit, (list) => {
            const next = late.pop();
            if (next !== undefined) list.push(next);
            const gone = list.findIndex((each) => early.includes(each));
            if (gone !== -1) list.splice(gone, 1);
          });
          const seen = read.map(keyOf).filter((key) => own.has(key));
          assert.equal(seen.length, own.size);
          assert.equal(new Set(seen).size, own.size);
        }),
      );
    });
  }

  test("ends a page early rather than outgrow what a gateway lets through", () => {
    const large = (name: string): Item => ({ name, at: "x".repeat(1_500_000) });
    const list = ["a", "b", "c", "d", "e"].map(large);
    assert.equal(paged(list, BY_NAME, {}).items.length, 2);
    assert.equal(pages(list, BY_NAME, 1_000).length, 5);
    const alone = [{ name: "a", at: "x".repeat(9_000_000) }];
    assert.equal(paged(alone, BY_NAME, {}).items.length, 1);
  });

  test("refuses whatever is not its own cursor", () => {
    const list: Item[] = [
      { name: "a", at: "1" },
      { name: "b", at: "1" },
    ];
    const { next } = paged(list, OLDEST, { limit: "1" });
    assert.ok(next);
    assert.deepEqual(paged(list, OLDEST, { after: next }).items, list.slice(1));
    const isRefused = (after: string, order: Order<Item> = OLDEST): void => {
      const isBadQuery = (error: unknown): boolean => error instanceof Refused && error.code === "bad-query";
      assert.throws(() => paged(list, order, { after }), isBadQuery);
    };
    isRefused(next, { ...OLDEST, name: "others" });
    for (const after of ["", `${next}=`, ` ${next}`, next.slice(0, -1), "bnVsbA", "e30", "W10", "//8"])
      isRefused(after);
    fc.assert(fc.property(fc.string(), (after) => isRefused(after)));
  });
});

suite("the query of a list", () => {
  async function listed(query: string): Promise<Response> {
    const world = await openWorld();
    const { id } = await watcher(world);
    const files = Array.from({ length: 201 }, (_, index) => `six-${String(index).padStart(4, "0")}.tar.gz`);
    await world.ports.view.put(files.map((file) => row({ enrolment: id, file })));
    return get(world, `/v1/projects/six/artifacts${query}`);
  }
  const counted = async (query: string): Promise<[number, boolean]> => {
    const { artifacts, next } = await jsonOf<ArtifactsAnswer>(await listed(query));
    return [artifacts.length, next !== null];
  };
  test("has 200 a page unless it says otherwise", async () => {
    assert.deepEqual(await counted(""), [200, true]);
    assert.deepEqual(await counted("?limit=201"), [201, false]);
    assert.deepEqual(await counted("?limit=1000"), [201, false]);
    assert.deepEqual(await counted("?file=six-0007.tar.gz"), [1, false]);
    assert.deepEqual(await counted("?file=six-9999.tar.gz"), [0, false]);
  });
  for (const query of [
    "?limit=0",
    "?limit=1001",
    "?limit=-1",
    "?limit=1e2",
    "?limit=",
    "?after=x",
    "?flie=six",
  ])
    test(`${query}: bad-query`, async () => {
      const answer = await listed(query);
      const unknown = /\\"\w+\\" is not among what this takes/.test(await answer.clone().text());
      assert.equal(unknown, query === "?flie=six");
      await assertRefused(answer, { code: "bad-query", status: 400 });
    });
});
