import { createHash } from "node:crypto";
import { eventually } from "./eventually.ts";
import type { Setting } from "./setting.ts";

/** A release of one wheel, of bytes that nothing else has. */
export interface Release {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: Buffer;
}

export function releaseOf(project: string, version: string): Release {
  const file = `${project}-${version}-py3-none-any.whl`;
  return { project, version, file, bytes: Buffer.from(`${file}\n`.repeat(200)) };
}

export async function record({ monitor }: Setting, { project, file, bytes }: Release): Promise<void> {
  await monitor.record(project, `${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`);
}

export function publish({ index }: Setting, { project, version, file, bytes }: Release): void {
  index.publish({ project, version, files: [{ name: file, bytes }] });
}

/** Waits until the monitor says this of every one of them. */
export async function judged(
  { monitor }: Setting,
  releases: readonly Release[],
  verdict: string,
  patienceMs?: number,
): Promise<void> {
  const wrong = async (): Promise<string[]> => {
    const verdicts = await Promise.all(releases.map(({ project, file }) => monitor.verdict(project, file)));
    return releases.flatMap(({ file }, at) => (verdicts[at] === verdict ? [] : [`${file}: ${verdicts[at]}`]));
  };
  await eventually(`every verdict is ${verdict}`, wrong, (left) => left.length === 0, patienceMs);
}

/** What http was told of a file, as `topic severity verdict state`, each as often as it came. */
export const toldOf = ({ http }: Setting, file: string): readonly string[] =>
  http.deliveries
    .filter(({ finding }) => finding.file === file)
    .map(({ topic, severity, finding }) => `${topic} ${severity} ${finding.verdict} ${finding.state}`);
