/** The index that is watched, in a process of its own. */
import { type SandboxIndex, startIndex } from "../../../bin/sandbox/index/server.ts";
import { answerAs } from "../answering.ts";
import { nowMs } from "../figures.ts";
import { type Release, releaseOf } from "./releases.ts";

export interface Origins {
  readonly url: string;
  readonly filesOrigin: string;
}

export interface Publishing {
  readonly from: number;
  readonly to: number;
  readonly version: string;
}

/** When the last of them stood in the journal, and under which serial. */
export interface Published {
  readonly atMs: number;
  readonly serial: number;
}

let index: SandboxIndex | null = null;

function opened(): SandboxIndex {
  if (index === null) throw new Error("not open");
  return index;
}

async function open(): Promise<Origins> {
  index = await startIndex({ keptRequests: 100 });
  return { url: index.url, filesOrigin: index.filesOrigin };
}

/** All in one turn of the event loop: nobody sees a part of them. */
function publish({ from, to, version }: Publishing): Published {
  for (let number = from; number < to; number += 1) put(releaseOf(number, version));
  return { atMs: nowMs(), serial: opened().journal.head() ?? 0 };
}

const put = ({ project, version, file, bytes }: Release): unknown =>
  opened().publish({ project, version, files: [{ name: file, bytes }] });

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

answerAs({ open, publish, cpuMs });
