import type { Settings } from "../domain/settings.ts";
import type { SourceName } from "../domain/sources.ts";
import { turnsOf } from "../domain/turns.ts";
import { Conflict } from "../ports.ts";
import { type CrossCheckPorts, crossCheck } from "./cross-check.ts";

export interface TurnsPorts extends CrossCheckPorts {
  readonly settings: Settings;
}

/** How a look at a source ended: with so many changes queued, or not at all. */
export type Checked =
  | { readonly source: SourceName; readonly changes: number }
  | { readonly source: SourceName; readonly error: unknown };

/** Looks at each source whose turn it is, side by side. One that fails, or takes minutes, keeps no other from its turn. */
export async function crossChecks(ports: TurnsPorts): Promise<readonly Checked[]> {
  const { sourceStates, cursors, clock, settings } = ports;
  const [list, updates, projects] = await Promise.all([
    sourceStates.read("list"),
    sourceStates.read("updates"),
    sourceStates.read("projects"),
  ]);
  const turns = turnsOf({ list, updates, projects }, await cursors.read(), clock.now(), settings);
  return (await Promise.all(turns.map((source) => checkedAt(source, ports)))).flat();
}

/** That somebody else was at it is no failure. */
async function checkedAt(source: SourceName, ports: TurnsPorts): Promise<Checked[]> {
  try {
    return [{ source, changes: await crossCheck(source, ports) }];
  } catch (error) {
    return error instanceof Conflict ? [] : [{ source, error }];
  }
}
