import type { Catalogue } from "./catalogue.ts";
import type { JournalRow } from "./journal.ts";
import { normalised } from "./names.ts";
import type { Encoding } from "./pages.ts";
import type { ProjectView } from "./projects.ts";
import { type How, Spoils, type Where } from "./spoils.ts";
import { withFlippedBit } from "./store.ts";

/** Which copies of a page stand still: the edge keeps packed and plain ones apart. */
export type StuckCopy = Encoding | "both";

/** Which journal rows to keep back. */
export interface RowMatch {
  readonly project?: string | undefined;
  /** Rows that name this file. */
  readonly file?: string | undefined;
}

/** Everything an index, its edge or its thief can do wrong. Each switch may be turned at any moment. */
export class Faults {
  readonly spoils = new Spoils();
  readonly #catalogue: Catalogue;
  readonly #stuck = new Map<string, { readonly view: ProjectView | null; readonly copy: StuckCopy }>();
  readonly #undoes = new Set<() => void>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Spoils answers on their way out (the first `times`, if told so) until the answer is called. */
  spoil(where: Where, how: How, times?: number): () => void {
    const id = this.spoils.add(where, how, times);
    return () => this.spoils.remove(id);
  }

  /** Swaps the stored bytes under an unchanged digest, address and journal: one bit, in the middle by default. */
  flipBit(file: string, atByte?: number): void {
    const { content } = this.#catalogue.artifact(file);
    this.#catalogue.store.swap(content, withFlippedBit(content.bytes, atByte));
  }

  /** Swaps the stored bytes for any others; the index goes on declaring the old digest. */
  swapBytes(file: string, bytes: Uint8Array): void {
    this.#catalogue.store.swap(this.#catalogue.artifact(file).content, bytes);
  }

  /** Serves again what the index declares. */
  restoreBytes(file: string): void {
    const { content } = this.#catalogue.artifact(file);
    this.#catalogue.store.swap(content, content.bytes);
  }

  /** Changes bytes and digest together, index and file store alike, with no journal row and no new serial. */
  rewrite(file: string, bytes?: Uint8Array): void {
    this.#catalogue.rewrite(file, bytes ?? withFlippedBit(this.#catalogue.artifact(file).content.bytes));
  }

  /** Declares another digest while the file store goes on serving the honest bytes. No journal row. */
  misdeclare(file: string): void {
    const honest = this.#catalogue.artifact(file).content.bytes;
    this.#catalogue.rewrite(file, withFlippedBit(honest));
    this.#catalogue.store.swap(this.#catalogue.artifact(file).content, honest);
  }

  /** Pages name no provenance any more, and the Integrity API has none. No journal row. */
  loseProvenance(file: string): void {
    this.#catalogue.setProvenance(file, null);
  }

  /** Pages go on naming provenance that the Integrity API does not have. */
  misplaceProvenance(file: string): void {
    this.#catalogue.setProvenance(file, null, true);
  }

  /** Serves any other bytes as the file's provenance. */
  changeProvenance(file: string, provenance: Uint8Array): void {
    this.#catalogue.setProvenance(file, provenance);
  }

  /** Keeps a file from all pages although nobody removed it. */
  hide(file: string): void {
    this.#catalogue.setHidden(file, true);
  }

  show(file: string): void {
    this.#catalogue.setHidden(file, false);
  }

  /** The project's pages stand still, serial included, while the journal goes on. Also for one not there yet: 404. */
  freezePage(project: string, copy: StuckCopy = "both"): void {
    const view = this.#catalogue.project(project)?.view() ?? null;
    this.#stuck.set(normalised(project), { view, copy });
  }

  thawPage(project: string): void {
    this.#stuck.delete(normalised(project));
  }

  /** Keeps matching rows, old and new, out of the journal until the answer is called; then they are back in place. */
  withholdRows(match: RowMatch): () => void {
    const project = match.project === undefined ? null : normalised(match.project);
    return this.#undoable(
      this.#catalogue.journal.withhold(
        (row) => (project === null || normalised(row.name) === project) && names(row, match.file),
      ),
    );
  }

  /** The journal's head falls to an earlier serial, and with it all later rows, until the answer is called. */
  journalFallsTo(serial: number): () => void {
    return this.#undoable(this.#catalogue.journal.showUpTo(serial));
  }

  /** As `journalFallsTo`, but for good: later rows are lost and their serials are given out again. */
  journalRestoredTo(serial: number): void {
    this.#catalogue.journal.restoreTo(serial);
  }

  /** Switches off spoils, stuck pages and journal faults. Files that were changed stay changed. */
  mendAll(): void {
    this.spoils.clear();
    this.#stuck.clear();
    for (const undo of this.#undoes) undo();
    this.#undoes.clear();
  }

  /** What the edge shows of a project to somebody asking for this encoding. */
  shown(project: string, encoding: Encoding): ProjectView | null {
    const stuck = this.#stuck.get(normalised(project));
    if (stuck !== undefined && (stuck.copy === "both" || stuck.copy === encoding)) return stuck.view;
    return this.#catalogue.project(project)?.view() ?? null;
  }

  #undoable(undo: () => void): () => void {
    this.#undoes.add(undo);
    return () => {
      this.#undoes.delete(undo);
      undo();
    };
  }
}

function names(row: JournalRow, file: string | undefined): boolean {
  return file === undefined || row.action.endsWith(` ${file}`);
}
