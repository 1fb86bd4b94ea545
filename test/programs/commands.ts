import { spawn } from "node:child_process";

export interface Setting {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** In milliseconds. What takes longer is ended, and failed. */
  readonly timeout?: number;
}

/** A command ended with another code than 0. Its whole output is in the message. */
export class CommandFailed extends Error {
  constructor(command: readonly string[], code: number | null, output: string) {
    super(`${command.join(" ")}\nended with ${code}:\n${output}`);
    this.name = "CommandFailed";
  }
}

/** Runs a command to its end and answers its standard output. Throws `CommandFailed`. */
export function run(command: readonly [string, ...string[]], setting: Setting = {}): Promise<string> {
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, { ...setting, stdio: ["ignore", "pipe", "pipe"] });
  // Whoever ends in the middle of this leaves nothing running.
  const kill = (): void => void child.kill();
  process.once("exit", kill);
  let [stdout, all] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    all += chunk;
  });
  child.stderr.on("data", (chunk) => {
    all += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", kill);
      if (code === 0) resolve(stdout);
      else reject(new CommandFailed(command, code, all));
    });
  });
}
