import { pypiAdapters } from "../../functions/pypi/adapters.ts";
import { readSources } from "../../functions/pypi/sources.ts";

/** Reads the list of all projects at the URL given, in a process of its own, and prints what that took. */
const [index = ""] = process.argv.slice(2);
const clock = { now: () => new Date().toISOString() };
const adapters = pypiAdapters({ index, filesOrigins: [], contact: "tests" }, clock);
let projects = 0;
const looked = await adapters.sources(readSources).list.look(null, async (batch) => {
  projects += batch.length;
});
const { maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ projects, looked, mostMegabytes: Math.round(maxRSS / 1024) }));
adapters.close();
