/** How an incident is written down: what happens and what must have been told by then, at its real distance in time. */
import type { Route } from "../../bin/sandbox/index/requests.ts";
import type { Scene } from "./scene.ts";

const MINUTE = 60_000;

type Hours = `${number}:${number}` | `${number}:${number}:${number}`;
/** Since the incident begins: `0:13`, `0:13:30`, `2d 4:00`. */
export type At = Hours | `${number}d ${Hours}`;

/** Somebody does something. */
export interface Deed {
  readonly at: At;
  readonly happens: string;
  readonly does: (scene: Scene) => unknown;
}

/** By then exactly this was told since the last word, and so it stands. */
export interface Word {
  readonly at: At;
  /** `topic severity verdict state subject`, by alert id, in any order. */
  readonly tells: readonly string[];
  /** File name to `verdict standing`, as the API answers. */
  readonly stands?: Readonly<Record<string, string>>;
  /** The least that the monitor must have asked of the index since the last word. */
  readonly asked?: Readonly<Partial<Record<Route, number>>>;
  /** Anything else that must be so. */
  readonly also?: (scene: Scene) => unknown;
}

export type Step = Deed | Word;

/** A project's own files of one version, as build tools name them. */
const stem = (project: string, version: string): string => `${project.replaceAll("-", "_")}-${version}`;
export const sdist = (project: string, version: string): string => `${stem(project, version)}.tar.gz`;
export const wheel = (project: string, version: string): string =>
  `${stem(project, version)}-py3-none-any.whl`;
export const both = (project: string, version: string): readonly string[] => [
  sdist(project, version),
  wheel(project, version),
];

/** The same word on each of these files. */
export const each = (word: string, files: readonly string[]): readonly string[] =>
  files.map((file) => `${word} ${file}`);

/** The same standing of each of these files. */
export const all = (stands: string, files: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map((file) => [file, stands]));

export function msOf(at: At): number {
  const [, days = "0", hours, minutes, seconds = "0"] =
    /^(?:(\d+)d )?(\d+):(\d\d)(?::(\d\d))?$/.exec(at) ?? [];
  if (hours === undefined || minutes === undefined) throw new Error(`${at} is no time of a course`);
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

/** Polls come every half minute; in the long quiet after a deed they are only looked at ever more rarely. */
export function tickMs(sinceDeedMs: number): number {
  if (sinceDeedMs < 30 * MINUTE) return MINUTE / 2;
  if (sinceDeedMs < 6 * 60 * MINUTE) return 5 * MINUTE;
  return sinceDeedMs < 3 * 24 * 60 * MINUTE ? 20 * MINUTE : 2 * 60 * MINUTE;
}
