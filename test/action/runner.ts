import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import * as z from "zod/mini";
import { ROOT } from "../structure/sources.ts";

const Action = z.object({
  inputs: z.record(
    z.string(),
    z.object({ required: z.optional(z.boolean()), default: z.optional(z.string()) }),
  ),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({
    using: z.literal("composite"),
    steps: z.array(
      z.strictObject({
        id: z.string(),
        shell: z.literal("bash"),
        env: z.record(z.string(), z.string()),
        run: z.string(),
      }),
    ),
  }),
});

export const ACTION = Action.parse(parse(readFileSync(join(ROOT, "action.yml"), "utf8")));

/** All that the action may use, and every runner has; one of the last two is enough. */
const TOOLS = ["bash", "curl", "cat", "cut", "grep", "head", "mkdir", "rm", "sed"];
export type Hasher = "sha256sum" | "shasum";

export const whereIs = (tool: string): string | null =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find(existsSync) ?? null;

/** Waits for nobody, and notes how long it was asked to. */
const SLEEP = '#!/bin/sh\necho "$1" >>"$SLEPT"\n';

/** A job of a runner: a workspace, and the folders and files that a runner gives. */
export interface Job {
  readonly workspace: string;
  /** Runs the action. Variables may be the runner's own, such as those of tokens. */
  run(
    inputs: Readonly<Record<string, string>>,
    variables?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
  close(): void;
}

/** What became of a run, as the runner sees it. */
export interface Outcome {
  readonly exitCode: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly sleptSeconds: readonly number[];
  /** What is left in the runner's temporary folder. */
  readonly left: readonly string[];
}

/** Only `inputs.…` has a value here, and anything else in an expression is a mistake. */
const evaluated = (text: string, inputs: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const name = /^inputs\.([a-z-]+)$/.exec(expression)?.[1] ?? "";
    const value = inputs[name] ?? ACTION.inputs[name]?.default;
    if (value === undefined) throw new Error(`${expression} has no value`);
    return value;
  });

function toolFolder(folder: string, hasher: Hasher): string {
  mkdirSync(folder);
  for (const tool of [...TOOLS, hasher, ...(hasher === "shasum" ? ["perl"] : [])])
    symlinkSync(whereIs(tool) ?? "", join(folder, tool));
  writeFileSync(join(folder, "sleep"), SLEEP);
  chmodSync(join(folder, "sleep"), 0o755);
  return folder;
}

/** Runs a script as `shell: bash` does. What it cannot do at all has the exit code -1. */
export const execute = (
  bash: string,
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ exitCode: number; log: string }> =>
  new Promise((resolve) => {
    const options = { cwd, env, timeout: 60_000 };
    execFile(bash, ["--noprofile", "--norc", "-eo", "pipefail", script], options, (error, out, err) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), log: out + err }),
    );
  });

const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);

/** A fresh job. `shell: bash` is `bash --noprofile --norc -eo pipefail {0}`, as GitHub documents it. */
export function newJob(hasher: Hasher = "sha256sum"): Job {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-action-"));
  const at = (name: string): string => join(folder, name);
  const [workspace, temporary, slept] = [at("workspace"), at("temporary files"), at("slept")];
  const files = { GITHUB_OUTPUT: at("output"), GITHUB_STEP_SUMMARY: at("summary") };
  for (const each of [workspace, temporary]) mkdirSync(each);
  const PATH = toolFolder(at("tools"), hasher);
  return {
    workspace,
    async run(inputs, variables = {}) {
      for (const path of [...Object.values(files), slept]) writeFileSync(path, "");
      const ran = { exitCode: 0, log: "" };
      for (const step of ACTION.runs.steps) {
        const script = at("step.sh");
        writeFileSync(script, step.run);
        const given = Object.entries(step.env).map(
          ([name, text]) => [name, evaluated(text, inputs)] as const,
        );
        const env = {
          PATH,
          SLEPT: slept,
          RUNNER_TEMP: temporary,
          ...files,
          ...Object.fromEntries(given),
          ...variables,
        };
        Object.assign(ran, await execute(at("tools/bash"), script, workspace, env));
      }
      return {
        ...ran,
        summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
        outputs: Object.fromEntries(
          lines(files.GITHUB_OUTPUT).map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
        ),
        sleptSeconds: lines(slept).map(Number),
        left: readdirSync(temporary),
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
