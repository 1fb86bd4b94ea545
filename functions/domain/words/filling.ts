import type { Finding, Grounds } from "../findings.ts";
import { inert, shellWord } from "./inert.ts";

/** What stands in for the names in a sentence. */
export type Filling = Pick<Finding, "file" | "project" | "release"> & {
  readonly grounds: Pick<Grounds, "by" | "change">;
};

/** File and project names come from strangers: filled in once, by a function, so that nothing in them is a pattern. */
export function filled(text: string, { file, project, release, grounds }: Filling): string {
  const values: Record<string, string> = {
    FILE: inert(file ?? "a file"),
    QUOTED: inert(shellWord(file ?? "FILE")),
    PROJECT: project ?? "the project",
    RELEASE: inert(release ?? "the release"),
    KEY_ID: inert(shellWord(grounds.by ?? "ID")),
    CHANGE_ID: inert(shellWord(grounds.change ?? "ID")),
  };
  return text.replace(/\b(FILE|QUOTED|PROJECT|RELEASE|KEY_ID|CHANGE_ID)\b/g, (name) => values[name] ?? name);
}
