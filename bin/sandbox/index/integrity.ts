import { type Answer, type Ask, answer, json, notFound } from "./answer.ts";
import type { ProjectView } from "./projects.ts";
import { shownFiles } from "./simple.ts";

const integrity = "application/vnd.pypi.integrity.v1+json";
const known = new Set([integrity, "application/json", "*/*", ""]);

/** The Integrity API's answer about one file of a project: whatever bytes it was published with, as they are. */
export function answerIntegrity(
  ask: Ask,
  view: ProjectView | null,
  { version, file }: { readonly version: string; readonly file: string },
): Answer {
  if (!known.has(ask.headers.accept ?? "")) return json(406, { message: "Request not acceptable" });
  const shown = view === null ? [] : shownFiles(view);
  const found = shown.find(({ release, artifact }) => release.version === version && artifact.file === file);
  if (found === undefined) return notFound();
  const { provenance } = found.artifact;
  if (provenance === null) return json(404, { message: `No provenance available for ${file}` });
  return { ...answer(200, integrity, ""), body: provenance };
}
