import { type Deed, projectOf, releaseOf, type Variant } from "./script.ts";

/** A file as the index really has it. */
export interface TrueFile {
  readonly file: string;
  readonly project: string;
  readonly release: string;
  /** Taken away by somebody who may; `hidden`: kept from pages, and no entry says so. */
  readonly removed: boolean;
  readonly hidden: boolean;
  readonly declared: Variant;
  /** What its address serves. */
  readonly served: Variant;
  /** Some row of the journal, shown to readers, adds it. */
  readonly journalled: boolean;
  readonly publishedMs: number;
  /** How often somebody who may took it away. */
  readonly removals: number;
}

/** A row of the journal that readers are shown. */
export interface TrueRow {
  readonly serial: number;
  readonly project: string;
  readonly release: string | null;
  readonly action: string;
  readonly atMs: number;
}

/** One file as a page shows it. */
export interface Shown {
  readonly file: string;
  readonly release: string;
  readonly declared: Variant;
  readonly yanked: boolean;
}

/** A project's page at an instant; `null` when there is none. */
export interface TruePage {
  readonly serial: number;
  readonly quarantined: boolean;
  readonly files: readonly Shown[];
}

interface TrueProject {
  serial: number;
  gone: boolean;
  quarantined: boolean;
  readonly yanked: Set<string>;
  readonly shut: Set<string>;
}

const FIRST_SERIAL = 1_000;

/** What the index really has, and what its journal says of it. */
export class Truth {
  readonly rows: TrueRow[] = [];
  readonly files = new Map<string, TrueFile>();
  /** What each address serves, by file and the variant that it was made for. */
  readonly store = new Map<string, Variant>();
  readonly #projects = new Map<string, TrueProject>();
  #serial = FIRST_SERIAL;
  #nowMs = 0;

  get head(): number {
    return this.#serial;
  }

  apply(deed: Deed, nowMs: number): void {
    this.#nowMs = nowMs;
    switch (deed.does) {
      case "publish":
        this.#publish(deed);
        break;
      case "relist":
        this.#relist(deed.file);
        break;
      case "remove-file":
        this.#remove([deed.file], releaseOf(deed.file), `remove file ${deed.file}`);
        break;
      case "remove-release":
        this.#remove(this.#of(deed.project, deed.release), deed.release, "remove release", deed.project);
        break;
      case "remove-project":
        this.#removeProject(deed.project);
        break;
      default:
        if ("file" in deed) this.#ofFile(deed);
        else this.#ofState(deed);
    }
  }

  #ofFile(deed: Deed & { readonly file: string }): void {
    const { file } = deed;
    if (deed.does === "replace") this.#serve(file, deed.variant);
    if (deed.does === "restore") this.#serve(file, this.#file(file).declared);
    if (deed.does === "rewrite") this.#declare(file, deed.variant, deed.variant);
    if (deed.does === "misdeclare") this.#declare(file, deed.variant, this.#file(file).served);
    if (deed.does === "hide" || deed.does === "show") this.#set(file, { hidden: deed.does === "hide" });
  }

  page(project: string): TruePage | null {
    const known = this.#projects.get(project);
    if (known === undefined || known.gone) return null;
    const { serial, quarantined, yanked, shut } = known;
    const files = [...this.files.values()]
      .filter((each) => each.project === project && !each.removed && !each.hidden && !shut.has(each.release))
      .map(({ file, release, declared }) => ({ file, release, declared, yanked: yanked.has(release) }));
    return { serial, quarantined, files: quarantined ? [] : files };
  }

  /** Whether the project's state, or its release's, keeps a file that is there from the page. */
  isShut({ project, release }: TrueFile): boolean {
    const known = this.#projects.get(project);
    return known !== undefined && (known.quarantined || known.shut.has(release));
  }

  isYanked(project: string, release: string): boolean {
    return this.#projects.get(project)?.yanked.has(release) ?? false;
  }

  #ofState(deed: Deed): void {
    if (!("project" in deed) || deed.does === "enrol") return;
    const project = this.#project(deed.project);
    if ("release" in deed) {
      const { release } = deed;
      if (deed.does === "yank") project.yanked.add(release);
      if (deed.does === "unyank") project.yanked.delete(release);
      if (deed.does === "quarantine-release") project.shut.add(release);
      if (deed.does === "clear-release") project.shut.delete(release);
      this.#write(deed.project, release, RELEASE_ROWS[deed.does] ?? "");
      return;
    }
    project.quarantined = deed.does === "quarantine";
    this.#write(
      deed.project,
      null,
      project.quarantined ? "project quarantined" : "project quarantine cleared",
    );
  }

  #publish({ project, release, files, variant, withheld }: Deed & { does: "publish" }): void {
    const known = this.#project(project);
    const isNew = known.serial === 0 || known.gone;
    known.gone = false;
    if (isNew) this.#write(project, null, "create");
    if (!withheld && this.#of(project, release).length === 0) this.#write(project, release, "new release");
    for (const file of files) {
      this.store.set(`${file} ${variant}`, variant);
      const flags = {
        removed: false,
        hidden: false,
        journalled: !withheld,
        publishedMs: this.#nowMs,
        removals: 0,
      };
      this.files.set(file, { file, project, release, declared: variant, served: variant, ...flags });
      if (!withheld) this.#write(project, release, `add py3 file ${file}`);
    }
  }

  #relist(file: string): void {
    const project = this.#project(projectOf(file));
    if (project.gone) this.#write(projectOf(file), null, "create");
    project.gone = false;
    this.#set(file, { removed: false, hidden: false, journalled: true });
    this.#write(projectOf(file), releaseOf(file), `add py3 file ${file}`);
  }

  #removeProject(name: string): void {
    const project = this.#project(name);
    this.#remove(this.#of(name, null), null, "remove project", name);
    Object.assign(project, { gone: true, quarantined: false });
    project.yanked.clear();
    project.shut.clear();
  }

  #remove(files: readonly string[], release: string | null, action: string, project?: string): void {
    const [first] = files;
    for (const file of files) this.#set(file, { removed: true, removals: this.#file(file).removals + 1 });
    this.#write(project ?? projectOf(first ?? ""), release, action);
  }

  #of(project: string, release: string | null): string[] {
    return [...this.files.values()]
      .filter((each) => each.project === project && (release === null || each.release === release))
      .filter((each) => !each.removed)
      .map(({ file }) => file);
  }

  #serve(file: string, variant: Variant): void {
    this.store.set(`${file} ${this.#file(file).declared}`, variant);
    this.#set(file, { served: variant });
  }

  #declare(file: string, declared: Variant, served: Variant): void {
    this.store.set(`${file} ${declared}`, served);
    this.#set(file, { declared, served });
  }

  #set(file: string, change: Partial<TrueFile>): void {
    this.files.set(file, { ...this.#file(file), ...change });
  }

  #file(file: string): TrueFile {
    const known = this.files.get(file);
    if (known === undefined) throw new Error(`there is no file ${file}`);
    return known;
  }

  #project(name: string): TrueProject {
    const known = this.#projects.get(name);
    if (known !== undefined) return known;
    const made = {
      serial: 0,
      gone: false,
      quarantined: false,
      yanked: new Set<string>(),
      shut: new Set<string>(),
    };
    this.#projects.set(name, made);
    return made;
  }

  #write(project: string, release: string | null, action: string): void {
    this.#serial += 1;
    this.#project(project).serial = this.#serial;
    this.rows.push({ serial: this.#serial, project, release, action, atMs: this.#nowMs });
  }
}

const RELEASE_ROWS: Readonly<Partial<Record<Deed["does"], string>>> = {
  yank: "yank release",
  unyank: "unyank release",
  "quarantine-release": "release quarantined",
  "clear-release": "release quarantine cleared",
};
