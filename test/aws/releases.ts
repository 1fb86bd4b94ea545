import { createHash } from "node:crypto";
import { eventually } from "./eventually.ts";
import type { Setting } from "./setting.ts";

/** A release of one wheel, of bytes that nothing else has. */
export interface Release {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: Buffer;
  readonly provenance?: Uint8Array;
}

export function releaseOf(project: string, version: string): Release {
  const file = `${project}-${version}-py3-none-any.whl`;
  return { project, version, file, bytes: Buffer.from(`${file}\n`.repeat(200)) };
}

/**
 * Enrols a project and waits for the first look at its page: what the journal held when that look was taken is the baseline,
 * and a release that came before it would be part of that.
 */
export async function enrol(setting: Setting, project: string, policy: object): Promise<void> {
  await setting.monitor.enrol(project, policy);
  const looked = (): boolean => setting.index.requests.all.some((request) => request.project === project);
  await eventually(`somebody looked at ${project}`, looked, (seen) => seen);
}

/** Records releases of one project, as `sha256sum` prints them. */
export async function record({ monitor }: Setting, ...releases: readonly Release[]): Promise<void> {
  const lines = releases.map(({ file, bytes }) => `${sha256(bytes)}  ${file}\n`);
  await monitor.record(releases[0]?.project ?? "", lines.join(""));
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export function publish({ index }: Setting, { project, version, file, bytes, provenance }: Release): void {
  index.publish({ project, version, files: [{ name: file, bytes, provenance }] });
}

/** Waits until the monitor says this of every one of them. Asks once for each project, one after the other: who asks takes Lambdas from the road. */
export async function judged(
  setting: Setting,
  releases: readonly Release[],
  verdict: string,
  patienceMs?: number,
): Promise<void> {
  const wrong = async (): Promise<string[]> => {
    const left: string[] = [];
    for (const [project, own] of Map.groupBy(releases, (release) => release.project))
      left.push(...(await wrongIn(setting, project, own, verdict)));
    return left;
  };
  await eventually(`every verdict is ${verdict}`, wrong, (left) => left.length === 0, patienceMs);
}

async function wrongIn(
  { monitor }: Setting,
  project: string,
  releases: readonly Release[],
  verdict: string,
): Promise<string[]> {
  const verdicts = await monitor.verdicts(project);
  return releases.flatMap(({ file }) =>
    verdicts.get(file) === verdict ? [] : [`${file}: ${verdicts.get(file)}`],
  );
}

/** What http was told of a file, as `topic severity verdict state`, each as often as it came. */
export const toldOf = ({ http }: Setting, file: string): readonly string[] =>
  http.deliveries
    .filter(({ finding }) => finding.file === file)
    .map(({ topic, severity, finding }) => `${topic} ${severity} ${finding.verdict} ${finding.state}`);
