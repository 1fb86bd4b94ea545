import { valid } from "@renovatebot/pep440";
import { sha256 } from "./content.ts";
import { canonicalVersion, kindOf } from "./names.ts";
import { Page } from "./pages.ts";
import type { Artifact, ProjectView, ReleaseView } from "./projects.ts";
import { uploadTime } from "./simple.ts";
import { headerOf } from "./wheels.ts";

/** The JSON API's page of a project, or of one release of it; null where PyPI has none (quarantined, no release). */
export function projectJson(view: ProjectView, version: string | null, filesOrigin: string): Page | null {
  const releases =
    view.status === "quarantined" ? [] : view.releases.filter((release) => !release.quarantined);
  const shown = version === null ? latest(releases) : releases.find((each) => same(each.version, version));
  if (shown === undefined) return null;
  const page = {
    info: info(view, shown),
    last_serial: view.serial,
    ownership: { roles: ownersFirst(view), organization: view.organization },
    ...(version === null ? { releases: filesByVersion(releases, filesOrigin) } : {}),
    urls: files(shown, filesOrigin),
    vulnerabilities: [],
  };
  return new Page("application/json", JSON.stringify(page), view.serial);
}

function same(left: string, right: string): boolean {
  return canonicalVersion(left) === canonicalVersion(right);
}

/** Not yanked first, then final before pre-releases, then the highest version. */
function latest(releases: readonly ReleaseView[]): ReleaseView | undefined {
  const rank = (release: ReleaseView) =>
    Number(release.yanked === false) * 2 + Number(isFinal(release.version));
  return [...releases].reverse().sort((a, b) => rank(b) - rank(a))[0];
}

function isFinal(version: string): boolean {
  return valid(version) !== null && !/a|b|c|dev/i.test(canonicalVersion(version));
}

function ownersFirst(view: ProjectView): ProjectView["roles"] {
  const key = ({ role, user }: { role: string; user: string }) => `${role === "Owner" ? 0 : 1} ${user}`;
  return [...view.roles].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function filesByVersion(releases: readonly ReleaseView[], filesOrigin: string): Record<string, object[]> {
  return Object.fromEntries(releases.map((release) => [release.version, files(release, filesOrigin)]));
}

function files(release: ReleaseView, filesOrigin: string): object[] {
  return release.artifacts.map((artifact) => fileJson(release, artifact, filesOrigin));
}

function fileJson(release: ReleaseView, artifact: Readonly<Artifact>, filesOrigin: string): object {
  const { content } = artifact;
  return {
    comment_text: "",
    "core-metadata": content.metadata === null ? false : { sha256: sha256(content.metadata) },
    digests: { blake2b_256: content.blake2b256, md5: content.md5, sha256: content.sha256 },
    downloads: -1,
    filename: artifact.file,
    has_sig: false,
    md5_digest: content.md5,
    packagetype: kindOf(artifact.file),
    python_version: artifact.pyversion,
    requires_python: artifact.requiresPython,
    size: content.bytes.length,
    upload_time: artifact.uploadedAt.toISOString().replace(/\.\d+Z$/, ""),
    upload_time_iso_8601: uploadTime(artifact.uploadedAt),
    url: filesOrigin + content.path,
    yanked: release.yanked !== false,
    yanked_reason: reasonOf(release),
  };
}

function reasonOf(release: ReleaseView): string | null {
  return typeof release.yanked === "string" ? release.yanked : null;
}

function info(view: ProjectView, release: ReleaseView): object {
  const first = release.artifacts.find((artifact) => artifact.content.metadata !== null);
  const metadata = first?.content.metadata ?? null;
  const site = `https://pypi.org/project/${view.name}/`;
  return {
    author: headerOf(metadata, "Author"),
    author_email: headerOf(metadata, "Author-email"),
    bugtrack_url: null,
    classifiers: [],
    description: "",
    downloads: { last_day: -1, last_month: -1, last_week: -1 },
    license: headerOf(metadata, "License"),
    name: view.display,
    package_url: site,
    project_url: site,
    release_url: `${site}${release.version}/`,
    requires_dist: null,
    requires_python: first?.requiresPython ?? null,
    summary: headerOf(metadata, "Summary"),
    version: release.version,
    yanked: release.yanked !== false,
    yanked_reason: reasonOf(release),
  };
}
