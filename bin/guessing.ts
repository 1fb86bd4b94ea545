import { belongsTo, type ProjectName, projectsOf } from "../functions/domain/names.ts";
import { quoted } from "../functions/records/quoted.ts";
import { projectTyped } from "./asking.ts";
import { Misused } from "./misused.ts";

/** The projects that every one of these files may belong to, the likeliest first. */
const common = (files: readonly string[]): readonly ProjectName[] => {
  const [first = "", ...others] = files;
  return projectsOf(first).filter((project) => others.every((file) => belongsTo(file, project)));
};

/**
 * The project of files that are about to be recorded: as typed, or as all their names agree. Throws `Misused` before
 * gigabytes are hashed for nothing.
 */
export function projectOfAll(files: readonly string[], typed: string | undefined): ProjectName {
  if (typed !== undefined) {
    const project = projectTyped(typed);
    const stranger = files.find((file) => !belongsTo(file, project));
    if (stranger === undefined) return project;
    throw new Misused(`${quoted(stranger)} is not a distribution file of ${project}`);
  }
  const nobodys = files.find((file) => projectsOf(file).length === 0);
  if (nobodys !== undefined)
    throw new Misused(`${quoted(nobodys)} is not the name of a distribution file (a wheel or an sdist)`);
  const [project, ...others] = common(files);
  if (project === undefined)
    throw new Misused("the files belong to several projects: record one project at a time, or say --project");
  if (others.length > 0)
    throw new Misused(
      `the names fit several projects (${[project, ...others].join(", ")}): say which with --project`,
    );
  return project;
}
