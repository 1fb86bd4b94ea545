import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { seeded, startWorld } from "../world.ts";
import { type Choice, type Pair, Plug } from "./plug.ts";
import { type Commits, type Ending, play, SETTINGS } from "./tale.ts";

/** Every write is a kill with this chance: about a dozen in each tale. */
const ONE_IN = 64;
const UNIFORM_TALES = 20;
/** Tales in which the plug is pulled only between pairs that no uniform draw has hit, each once. */
const MOST_AIMED_TALES = 24;
const MOST_KILLS_AIMED = 16;

interface Played {
  readonly ending: Ending;
  readonly seen: ReadonlyMap<Pair, number>;
  readonly kills: ReadonlyMap<Pair, number>;
}

async function tale(commits: Commits, seed: number, choose: Choice): Promise<Played> {
  const plug = new Plug();
  const world = await startWorld({ settings: SETTINGS, seed });
  plug.onKill = () => world.abandon();
  world.abandon();
  await world.open(plug.store(commits));
  plug.choose = choose;
  try {
    return { ending: await play(world, plug, commits), seen: plug.seen, kills: plug.kills };
  } finally {
    await world.close();
  }
}

const never: Choice = () => false;

/** Uniform over writes: each one is drawn for by itself. */
function uniform(seed: number): Choice {
  const draw = seeded(seed);
  return () => draw() * ONE_IN < 1;
}

/** Pulls the plug once between each of these pairs. */
function aimed(pairs: Iterable<Pair>): Choice {
  const left = new Set([...pairs].slice(0, MOST_KILLS_AIMED));
  return (pair) => left.delete(pair);
}

/** How often the plug was pulled between each pair, and how. */
class Report {
  readonly uniform = new Map<Pair, number>();
  readonly aimed = new Map<Pair, number>();

  add(kills: ReadonlyMap<Pair, number>, to: "uniform" | "aimed"): void {
    for (const [pair, times] of kills) this[to].set(pair, (this[to].get(pair) ?? 0) + times);
  }

  has = (pair: Pair): boolean => this.uniform.has(pair) || this.aimed.has(pair);

  lines(): string[] {
    const pairs = [...new Set([...this.uniform.keys(), ...this.aimed.keys()])].sort();
    return pairs.map(
      (pair) =>
        `${String(this.uniform.get(pair) ?? 0).padStart(4)} + ${String(this.aimed.get(pair) ?? 0).padStart(2)}  ${pair}`,
    );
  }
}

const total = (counts: ReadonlyMap<Pair, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

for (const commits of ["turn", "each"] as const) {
  describe(`a monitor killed at any write (commits: ${commits})`, { timeout: 120_000 }, () => {
    const report = new Report();
    let undisturbed: Played;
    let pairs: ReadonlySet<Pair>;

    const endsAlike = ({ ending }: Played, title: string): void => {
      const { verdicts, alerts, broken, dead } = undisturbed.ending;
      assert.deepEqual(ending.verdicts, verdicts, `verdicts, ${title}`);
      assert.deepEqual(ending.alerts, alerts, `alerts, ${title}`);
      assert.deepEqual([ending.broken, ending.dead], [broken, dead], `ledger and dead letters, ${title}`);
    };

    before(async () => {
      undisturbed = await tale(commits, 1, never);
      const others = [await tale(commits, 2, never), await tale(commits, 3, never)];
      for (const other of others) endsAlike(other, "undisturbed");
      pairs = new Set(
        [...undisturbed.seen.keys()].filter((pair) => others.every(({ seen }) => seen.has(pair))),
      );
    });

    it("the undisturbed tale has every kind of verdict that this test is about", () => {
      const { verdicts, alerts, broken, dead } = undisturbed.ending;
      for (const word of ["match", "unrecorded", "replaced", "baseline", "missing", "removed", "vanished"])
        assert.ok(
          verdicts.some((verdict) => verdict.includes(word)),
          word,
        );
      assert.equal(alerts.length, 12);
      assert.deepEqual([broken, dead], [0, 0]);
      assert.ok(total(undisturbed.seen) > 500);
    });

    it("ends with the same verdicts and the same alerts, killed uniformly over its writes", async () => {
      for (let seed = 1; seed <= UNIFORM_TALES; seed += 1) {
        const played = await tale(commits, seed, uniform(1000 + seed));
        report.add(played.kills, "uniform");
        endsAlike(played, `seed ${seed}, killed ${total(played.kills)} times`);
      }
    });

    it("and killed at least once between every two neighbouring kinds of writes", async (t) => {
      const missing = (): Pair[] => [...pairs].filter((pair) => !report.has(pair));
      for (let seed = 1; missing().length > 0 && seed <= MOST_AIMED_TALES; seed += 1) {
        const played = await tale(commits, seed, aimed(missing()));
        report.add(played.kills, "aimed");
        endsAlike(played, `aimed, seed ${seed}`);
      }
      const kills = `${total(report.uniform)} uniform and ${total(report.aimed)} aimed kills`;
      const over = `over ${total(undisturbed.seen)} writes in ${pairs.size} neighbouring pairs`;
      t.diagnostic(`${commits}: ${kills} ${over}`);
      for (const line of report.lines()) t.diagnostic(line);
      assert.deepEqual(missing(), []);
      assert.ok(total(report.uniform) > 200);
    });
  });
}
