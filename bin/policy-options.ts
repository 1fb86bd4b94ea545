import { type Command, InvalidArgumentError, Option } from "commander";
import {
  DEFAULT_POLICY,
  type Deadlines,
  MOST_REHASH_DAYS,
  type Policy,
  type PolicyChange,
  publisherInWords,
} from "../functions/domain/policy.ts";
import type { PolicyAnswer } from "../functions/records/answers/enrolments.ts";
import { type ExpectingOptions, expectingOptions, expectingTyped } from "./expecting-options.ts";

/** A policy's choices as they are typed; what is left out stays as it is. */
export interface PolicyOptions extends ExpectingOptions {
  readonly grace?: number;
  readonly strict?: boolean;
  readonly frozen?: boolean;
  readonly silencedBy?: Policy["silencedBy"];
  readonly requireSignature?: boolean;
  /** `false` leaves it to the operator. */
  readonly rehashDays?: number | false;
  readonly unverifiableDeadline?: number;
  readonly unseenDeadline?: number;
  readonly missingDeadline?: number;
}

function minutesTyped(text: string): number {
  const minutes = Number(text);
  if (text.trim() === "" || !Number.isFinite(minutes) || minutes < 0)
    throw new InvalidArgumentError("Minutes are a number from 0.");
  return minutes;
}

function daysTyped(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > MOST_REHASH_DAYS)
    throw new InvalidArgumentError(`Days are a whole number from 1 to ${MOST_REHASH_DAYS}.`);
  return days;
}

/** For a new enrolment; `policy` leaves what is not named as it is. */
const first = (value: number | string): string => ` (at first ${value})`;

/** Adds a flag for each of a policy's choices. */
export const policyOptions = (command: Command): Command =>
  expectingOptions(command)
    .option(
      "--grace <minutes>",
      `how long an upload may stand without a record${first(DEFAULT_POLICY.graceMinutes)}`,
      minutesTyped,
    )
    .option("--strict", "no grace, and every unrecorded file is critical")
    .option("--no-strict", "the default: grace, then a warning")
    .option("--frozen", "no release is expected at all")
    .option("--no-frozen", "the default: releases are expected")
    .addOption(
      new Option(
        "--silenced-by <authority>",
        `the weakest key whose records count as yours${first(DEFAULT_POLICY.silencedBy)}`,
      ).choices(["ci", "maintainer"]),
    )
    .option("--require-signature", "refuse records without a signature of a registered SSH key")
    .option("--no-require-signature", "the default: a key is enough")
    .option("--rehash-days <days>", "every file is fetched and hashed again within so many days", daysTyped)
    .option("--no-rehash-days", "the default: as the operator has it")
    .option(
      "--unverifiable-deadline <minutes>",
      `how long a file may be impossible to fetch${first(DEFAULT_POLICY.deadlines.unverifiableMinutes)}`,
      minutesTyped,
    )
    .option(
      "--unseen-deadline <minutes>",
      `how long an announced file may be on no page${first(DEFAULT_POLICY.deadlines.unseenMinutes)}`,
      minutesTyped,
    )
    .option(
      "--missing-deadline <minutes>",
      `how long a recorded file may be missing${first(DEFAULT_POLICY.deadlines.missingMinutes)}`,
      minutesTyped,
    );

const said = <T extends object>(choices: T): Partial<T> =>
  Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)) as Partial<T>;

/** The choices that were made. */
export function policyTyped(options: PolicyOptions): PolicyChange {
  const { grace, strict, frozen, silencedBy, requireSignature } = options;
  const deadlines: Partial<Deadlines> = said({
    unverifiableMinutes: options.unverifiableDeadline,
    unseenMinutes: options.unseenDeadline,
    missingMinutes: options.missingDeadline,
  });
  const rehashDays = options.rehashDays === false ? null : options.rehashDays;
  return {
    ...said({ graceMinutes: grace, strict, frozen, silencedBy, requireSignature, rehashDays }),
    ...expectingTyped(options),
    ...(Object.keys(deadlines).length > 0 && { deadlines }),
  };
}

/** A policy in one line. */
export function policyInWords({ strict, frozen, graceMinutes, ...policy }: PolicyAnswer): string {
  const grace = frozen
    ? "frozen: no release is expected"
    : strict
      ? "strict: a file without a record is critical at once"
      : `a file may stand ${graceMinutes} minutes without a record`;
  const silenced = policy.silencedBy === "ci" ? [] : [`only records by a ${policy.silencedBy} count`];
  const signed = policy.requireSignature ? ["every record must be signed"] : [];
  const { provenance } = policy;
  const counting = provenance?.counts === true ? ", which counts as a record by ci" : "";
  const expected = provenance
    ? [`provenance by ${publisherInWords(provenance.publisher)} is expected${counting}`]
    : [];
  const built = policy.builders.map(
    ({ files, publisher }) => `${files} may be built by ${publisherInWords(publisher)}`,
  );
  const { rehashDays } = policy;
  const within = rehashDays === 1 ? "a day" : `${rehashDays} days`;
  const rehashed = rehashDays === null ? [] : [`every file is hashed again within ${within}`];
  return [grace, ...silenced, ...signed, ...expected, ...built, ...rehashed].join("; ");
}
