/**
 * `npm run bench`: what Counterfoil costs and how long it takes, beside what everybody has, on the same files in the
 * same run. Trust the ratios; the other figures are of this machine. `-- --help` says what can be chosen.
 */
import { parseArgs } from "node:util";
import { fetchLines, measureFetch } from "./fetch/measure.ts";
import { tableOf } from "./figures.ts";
import { journalLines, measureJournal } from "./journal/measure.ts";
import { CannotMeasure, canPin, stepAside } from "./processes.ts";
import { measureRoad, roadLines } from "./road/measure.ts";

const HELP = `npm run bench -- [options]
  --json             one JSON object instead of tables
  --only NAMES       some of fetch_hash,journal_page,road
  --megabytes N      size of the large file, up to 1024 (256)
  --rounds N         rounds of fetch_hash (5)
  --releases N       releases of road (1500)
  --alerts N         alerts of road, at 20 a second (400)
  --profile DIR      write the monitor's profile of its processor time there
`;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
    only: { type: "string", default: "fetch_hash,journal_page,road" },
    megabytes: { type: "string", default: "256" },
    rounds: { type: "string", default: "5" },
    releases: { type: "string", default: "1500" },
    alerts: { type: "string", default: "400" },
    profile: { type: "string" },
  },
});

/** Progress, for whoever sits in front of it; gone when the next line comes. */
const note = (progress: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`);
};

interface Outcome {
  readonly name: string;
  readonly figures: object;
  readonly table: string;
}

const measures: Readonly<Record<string, () => Promise<Outcome>>> = {
  fetch_hash: async () => {
    const [megabytes, rounds] = [numberOf("megabytes", 1024), numberOf("rounds", 1000)];
    const figures = await measureFetch({ megabytes, rounds, note });
    const title = `Fetch and hash (${megabytes} MB, medians of ${rounds} rounds)`;
    return { name: "fetch_hash", figures, table: tableOf(title, fetchLines(figures)) };
  },
  journal_page: async () => {
    const figures = await measureJournal(note);
    return { name: "journal_page", figures, table: tableOf("Journal page", journalLines(figures)) };
  },
  road: async () => {
    const [releases, alerts] = [numberOf("releases", 100_000), numberOf("alerts", 100_000)];
    if (alerts > releases) throw new CannotMeasure("--alerts cannot be more than --releases");
    const figures = await measureRoad({ releases, alerts, profile: options.profile ?? null, note });
    return { name: "road", figures, table: tableOf("The whole road", roadLines(figures)) };
  },
};

function numberOf(name: "megabytes" | "rounds" | "releases" | "alerts", most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CannotMeasure(`--${name} is a whole number from 1 to ${most}`);
}

async function run(): Promise<void> {
  stepAside();
  const outcomes: Outcome[] = [];
  for (const name of options.only.split(",")) {
    const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
    if (measure === undefined) throw new CannotMeasure(`there is no measure ${name}`);
    const outcome = await measure();
    outcomes.push(outcome);
    note("");
    if (!options.json) process.stdout.write(`${outcome.table}\n`);
  }
  const figures = Object.fromEntries(outcomes.map(({ name, figures: of }) => [name, of]));
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ...figures, pinned: canPin, node: process.version })}\n`);
  else if (!canPin)
    process.stdout.write("Processes shared all cores: `taskset` or a second core is missing.\n");
}

if (options.help) {
  process.stdout.write(HELP);
} else {
  try {
    await run();
  } catch (error) {
    note("");
    if (!(error instanceof CannotMeasure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
