import { readdirSync, readFileSync } from "node:fs";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";

/** The processes in which MiniStack runs a stage's function just now; it keeps them for the next call, as AWS does. */
export function workersOf(miniStack: number, stage: string): readonly number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => parentOf(pid) === miniStack && stageOf(pid) === stage);
}

/** As of a process that may end at any moment. */
function told(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** The fourth field, behind a name in brackets that may hold anything. */
const parentOf = (pid: number): number => Number(told(pid, "stat").split(")").at(-1)?.trim().split(" ")[1]);

const stageOf = (pid: number): string | undefined =>
  told(pid, "environ")
    .split("\0")
    .find((each) => each.startsWith(`${ENVIRONMENT.stage}=`))
    ?.slice(ENVIRONMENT.stage.length + 1);
