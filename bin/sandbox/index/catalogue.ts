import { Content } from "./content.ts";
import { Journal, type JournalRow } from "./journal.ts";
import { normalised, pyversionOf } from "./names.ts";
import { People } from "./people.ts";
import { type Artifact, Project, type Release, type Status } from "./projects.ts";
import { type NewFile, type NewRelease, Refused, Unknown } from "./releases.ts";
import { FileStore } from "./store.ts";
import { headerOf } from "./wheels.ts";

interface Shelved {
  readonly project: Project;
  readonly release: Release;
  readonly artifact: Artifact;
}

/** Everything the index knows. Each honest change writes the journal rows that PyPI's code writes for it. */
export class Catalogue {
  readonly journal: Journal;
  readonly store = new FileStore();
  readonly now: () => Date;
  readonly people = new People(
    (name) => this.#project(name),
    (project, action) => void this.#write(project, null, action),
  );
  readonly #projects = new Map<string, Project>();
  readonly #artifacts = new Map<string, Shelved>();
  /** Every file name ever used, with its digest: a name is never free again. */
  readonly #names = new Map<string, string>();
  readonly #digests = new Map<string, string>();

  constructor(firstSerial: number, now: () => Date) {
    this.journal = new Journal(firstSerial);
    this.now = now;
  }

  get projects(): Iterable<Project> {
    return this.#projects.values();
  }

  project(name: string): Project | undefined {
    return this.#projects.get(normalised(name));
  }

  /**
   * Publishes files, with their journal rows, as if uploaded one after another. The same bytes under the same name do
   * nothing. Throws `Refused` for a name used before with other bytes, or since deleted. Answers the listed artifacts.
   */
  publish(asked: NewRelease): readonly Artifact[] {
    const at = asked.at ?? this.now();
    const fresh = asked.files
      .map((file) => ({ file, content: new Content(file.name, file.bytes) }))
      .filter(({ file, content }) => this.#admits(file.name, content));
    if (fresh.length > 0) {
      const project = this.project(asked.project) ?? this.#create(asked.project, asked.user ?? "owner", at);
      const release = project.release(asked.version) ?? this.#newRelease(project, asked.version, at);
      for (const { file, content } of fresh) this.#add(project, release, file, content, at);
    }
    return asked.files.map((file) => this.artifact(file.name));
  }

  /** The listed artifact of that exact name. Throws `Unknown`. */
  artifact(file: string): Artifact {
    return this.#found(file).artifact;
  }

  /** The file that was uploaded with these bytes, listed or not. */
  fileWith(sha256: string): string | undefined {
    return this.#digests.get(sha256);
  }

  removeFile(file: string): void {
    const { project, release, artifact } = this.#found(file);
    release.artifacts.splice(release.artifacts.indexOf(artifact), 1);
    this.#artifacts.delete(file);
    this.#write(project, release.version, `remove file ${file}`);
  }

  /** Writes one row, none for its files. Their bytes stay in the file store, as on PyPI. */
  removeRelease(name: string, version: string): void {
    const { project, release } = this.#release(name, version);
    for (const artifact of release.artifacts) this.#artifacts.delete(artifact.file);
    project.dropRelease(version);
    this.#write(project, release.version, "remove release");
  }

  /** Writes one row, none for its releases and files. The name is free for anybody afterwards. */
  removeProject(name: string): void {
    const project = this.#project(name);
    for (const { artifacts } of project.releases) {
      for (const artifact of artifacts) this.#artifacts.delete(artifact.file);
    }
    this.#projects.delete(project.name);
    this.#write(project, null, "remove project");
  }

  yank(project: string, version: string, reason = ""): void {
    this.#setRelease(project, version, "yank release", { yanked: reason === "" ? true : reason });
  }

  unyank(project: string, version: string): void {
    this.#setRelease(project, version, "unyank release", { yanked: false });
  }

  quarantineRelease(project: string, version: string): void {
    this.#setRelease(project, version, "release quarantined", { quarantined: true });
  }

  clearReleaseQuarantine(project: string, version: string): void {
    this.#setRelease(project, version, "release quarantine cleared", { quarantined: false });
  }

  quarantineProject(name: string): void {
    this.setStatus(name, "quarantined");
    this.#write(this.#project(name), null, "project quarantined");
  }

  clearProjectQuarantine(name: string): void {
    this.setStatus(name, "active");
    this.#write(this.#project(name), null, "project quarantine cleared");
  }

  /** Archiving moves no serial: only the page shows it. */
  archive(name: string): void {
    this.setStatus(name, "archived");
  }

  unarchive(name: string): void {
    this.setStatus(name, "active");
  }

  /** Changes the status and writes nothing to the journal. */
  setStatus(name: string, status: Status): void {
    this.#project(name).status = status;
  }

  /** A row of any wording, about any name. The project's serial follows when there is such a project. */
  addJournalRow(row: { name: string; version?: string | null; action: string; at?: Date }): JournalRow {
    const at = row.at ?? this.now();
    const known = this.project(row.name);
    if (known !== undefined) return this.#write(known, row.version ?? null, row.action, at);
    return this.#append(row.name, row.version ?? null, row.action, at);
  }

  /** Many plausible rows about projects that are not there: the traffic of everybody else. */
  seedJournal(rows: number, at: Date = this.now()): void {
    for (let row = 0; row < rows; row += 1) {
      const [name, version] = [`somebody-${Math.floor(row / 3)}`, `1.${row % 7}.0`];
      const file = `${name.replace("-", "_")}-${version}`;
      const actions = [
        "new release",
        `add py3 file ${file}-py3-none-any.whl`,
        `add source file ${file}.tar.gz`,
      ];
      this.#append(name, version, actions[row % 3] ?? "new release", at);
    }
  }

  /**
   * Lists other content under the same name and stores it. No journal row, no new serial. The address follows the bytes,
   * as PyPI's would; the old address goes on serving the old bytes.
   */
  rewrite(file: string, bytes: Uint8Array): void {
    const { project, release, artifact } = this.#found(file);
    artifact.content = new Content(file, bytes);
    this.#keep(project, release, artifact);
    project.touch();
  }

  setHidden(file: string, hidden: boolean): void {
    const { project, artifact } = this.#found(file);
    artifact.hidden = hidden;
    project.touch();
  }

  /** Stores another provenance object, or none; `named` says what pages say of it. No journal row, no new serial. */
  setProvenance(file: string, provenance: Uint8Array | null, named = provenance !== null): void {
    const { project, artifact } = this.#found(file);
    Object.assign(artifact, { provenance, provenanceNamed: named });
    project.touch();
  }

  #admits(file: string, content: Content): boolean {
    const used = this.#names.get(file);
    if (used === undefined) return true;
    const listed = this.#artifacts.has(file);
    if (listed && used === content.sha256) return false;
    if (!listed) {
      throw new Refused(
        400,
        "This filename was previously used by a file that has since been deleted. Use a different version.",
      );
    }
    throw new Refused(400, `File already exists ('${file}', with blake2_256 hash '${content.blake2b256}').`);
  }

  #create(display: string, user: string, at: Date): Project {
    const project = new Project(display, at);
    this.#projects.set(project.name, project);
    project.roles.push({ role: "Owner", user });
    this.#write(project, null, "create", at);
    this.#write(project, null, `add Owner ${user}`, at);
    return project;
  }

  #newRelease(project: Project, version: string, at: Date): Release {
    const release = project.addRelease(version, at);
    this.#write(project, version, "new release", at);
    return release;
  }

  #add(project: Project, release: Release, file: NewFile, content: Content, at: Date): void {
    const pyversion = file.pyversion ?? pyversionOf(file.name);
    const requiresPython = file.requiresPython ?? headerOf(content.metadata, "Requires-Python");
    const provenance = file.provenance ?? null;
    const shown = { hidden: false, provenance, provenanceNamed: provenance !== null };
    const artifact = { file: file.name, pyversion, requiresPython, uploadedAt: at, content, ...shown };
    release.artifacts.push(artifact);
    this.#artifacts.set(file.name, { project, release, artifact });
    this.#names.set(file.name, content.sha256);
    this.#digests.set(content.sha256, file.name);
    this.#keep(project, release, artifact);
    this.#write(project, release.version, `add ${pyversion} file ${file.name}`, at);
  }

  #keep(project: Project, release: Release, artifact: Artifact): void {
    const { content, pyversion } = artifact;
    this.store.keep(content, { project: project.name, version: release.version, pyversion });
  }

  #setRelease(name: string, version: string, action: string, change: Partial<Release>): void {
    const { project, release } = this.#release(name, version);
    Object.assign(release, change);
    this.#write(project, release.version, action);
  }

  #write(project: Project, version: string | null, action: string, at: Date = this.now()): JournalRow {
    const row = this.#append(project.display, version, action, at);
    project.serial = row.serial;
    return row;
  }

  #append(name: string, version: string | null, action: string, at: Date): JournalRow {
    return this.journal.append({ name, version, timestamp: Math.floor(at.getTime() / 1000), action });
  }

  #found(file: string): Shelved {
    const found = this.#artifacts.get(file);
    if (found === undefined) throw new Unknown(`file ${file}`);
    return found;
  }

  #project(name: string): Project {
    const project = this.project(name);
    if (project === undefined) throw new Unknown(`project ${name}`);
    return project;
  }

  #release(name: string, version: string): { project: Project; release: Release } {
    const project = this.#project(name);
    const release = project.release(version);
    if (release === undefined) throw new Unknown(`release ${name} ${version}`);
    return { project, release };
  }
}
