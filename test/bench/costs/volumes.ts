/** A monitor of a size, with the defaults of the stack where nothing else is said. Counts are per month. */
export interface Volume {
  readonly name: string;
  readonly projects: number;
  readonly files: number;
  readonly newFiles: number;
  readonly meanMegabytes: number;
  readonly sweepHours: number;
  readonly rehashHours: number;
  readonly sweepBudgetGigabytes: number;
  /** Messages that one invocation gets: few where they trickle. */
  readonly together: number;
  readonly source: string;
}

export const HOURS = 730;
export const MINUTES = HOURS * 60;
const DAYS = HOURS / 24;
/** Deadlines fall anywhere into the later half of their interval: on average after three quarters of it. */
const LATER_HALF = 0.75;

const DEFAULTS = { sweepHours: 24, rehashHours: 168, sweepBudgetGigabytes: 50 };

export const VOLUMES: readonly Volume[] = [
  {
    name: "100 projects",
    projects: 100,
    files: 10_000,
    newFiles: 1_000,
    meanMegabytes: 3,
    together: 1,
    ...DEFAULTS,
    source: "assumed: 100 files each, 10 new ones a month",
  },
  {
    name: "10,000 projects",
    projects: 10_000,
    files: 1_500_000,
    newFiles: 80_000,
    meanMegabytes: 4,
    together: 2,
    ...DEFAULTS,
    source: "assumed: popular ones, 150 files each, 8 new ones a month",
  },
  {
    name: "all of PyPI",
    projects: 886_000,
    files: 15_500_000,
    newFiles: 560_000,
    meanMegabytes: 1.7,
    together: 4,
    ...DEFAULTS,
    sweepHours: 168,
    source:
      "names in a list of 2026-11; files from 24.8 TB at 1.5 to 2 MB each; 33,000 journal entries a day, of which 17,000 to 20,000 add a file",
  },
];

/** How often projects' pages come up in the sweep. */
export const looksOf = ({ projects, sweepHours }: Volume): number =>
  (projects * HOURS) / (LATER_HALF * sweepHours);

/** How many files are hashed again: what is due, or what the budget pays for. */
export const rehashesOf = (volume: Volume): number =>
  Math.min(
    (volume.files * HOURS) / (LATER_HALF * volume.rehashHours),
    (volume.sweepBudgetGigabytes * 1_000 * DAYS) / volume.meanMegabytes,
  );

/** How long it takes until every file was hashed again, in days. */
export const rehashDays = (volume: Volume): number => (volume.files / rehashesOf(volume)) * DAYS;
