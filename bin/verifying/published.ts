import { type Digest, hexOf } from "../../functions/domain/digests.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { ListedFile, Page } from "../../functions/domain/pages.ts";
import { releaseFinder, releaseKey } from "../../functions/domain/releases.ts";
import { inert } from "../../functions/records/quoted.ts";
import type { Item } from "./items.ts";

/** The first question, as the index itself answers it: is this what it publishes now? */
export interface Published {
  /** `gone`: it publishes no such file. */
  readonly answer: "same" | "other" | "gone" | "unknown";
  /** One sentence. */
  readonly why: string;
  readonly project: ProjectName;
  /** The name under which it publishes the digest, where the item had none. */
  readonly file: string | null;
  /** What it publishes under this name. */
  readonly listed: Digest | null;
  /** The reason, possibly empty; `null` when it is not yanked. */
  readonly yanked: string | null;
  readonly url: string | null;
}

/** How a project's page was found: what the index says, or why it cannot be known. */
export type Looked = { readonly page: Page | null } | { readonly unknown: string };

/** Looks at a project's page, once however often it is asked. */
export type Look = (project: ProjectName) => Promise<Looked>;

const nothing = (project: ProjectName, item: Item) => ({
  project,
  file: item.file,
  listed: null,
  yanked: null,
  url: null,
});

const listing = (project: ProjectName, { file, declared, yanked, url }: ListedFile) => ({
  project,
  file,
  listed: declared,
  yanked: yanked === false ? null : yanked,
  url,
});

/** One name has one answer. */
function byName(page: Page, item: Item, file: string): Published {
  const listed = page.files.find((each) => each.file === file);
  if (listed === undefined)
    return {
      ...nothing(page.project, item),
      answer: "gone",
      why: `The index lists no ${inert(file)} for ${page.project}.`,
    };
  const found = listing(page.project, listed);
  if (listed.declared === null)
    return { ...found, answer: "unknown", why: "The index lists it without a SHA-256." };
  return listed.declared === item.digest
    ? { ...found, answer: "same", why: "The index lists it with this digest." }
    : { ...found, answer: "other", why: `The index lists it with ${hexOf(listed.declared)}.` };
}

/** A pinned hash is of some file of its release; of which one, only the index says. */
function byHash(page: Page, item: Item, version: string): Published {
  const releaseOf = releaseFinder(page.project, page.versions);
  const files = page.files.filter(({ file }) => releaseKey(releaseOf(file) ?? "") === releaseKey(version));
  const found = files.find(({ declared }) => declared === item.digest);
  if (found !== undefined)
    return {
      ...listing(page.project, found),
      answer: "same",
      why: `The index lists ${inert(found.file)} with this digest.`,
    };
  if (files.some(({ declared }) => declared === null))
    return {
      ...nothing(page.project, item),
      answer: "unknown",
      why: "The index lists files of this release without a SHA-256.",
    };
  return {
    ...nothing(page.project, item),
    answer: "gone",
    why: `No file that the index lists for ${page.project} ${inert(version)} has this digest.`,
  };
}

async function publishedBy(project: ProjectName, item: Item, look: Look): Promise<Published> {
  const looked = await look(project);
  if ("unknown" in looked) return { ...nothing(project, item), answer: "unknown", why: looked.unknown };
  if (looked.page === null)
    return { ...nothing(project, item), answer: "gone", why: `The index has no project ${project}.` };
  return item.file === null
    ? byHash(looked.page, item, item.version ?? "")
    : byName(looked.page, item, item.file);
}

/**
 * Asks the index. Where a legacy name fits several projects, it belongs to the one that lists it; if one of them cannot be
 * known and none lists it, nothing is known.
 */
export async function published(item: Item, look: Look): Promise<Published> {
  const answers: Published[] = [];
  for (const project of item.projects) {
    const answer = await publishedBy(project, item, look);
    if (answer.listed !== null) return answer;
    answers.push(answer);
  }
  const [first] = answers;
  const unknown = answers.find(({ answer }) => answer === "unknown");
  const said = unknown ?? first;
  if (said === undefined) throw new Error(`${item.label} is asked about for no project`);
  return said;
}
