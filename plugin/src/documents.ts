/** Open notes: what the server is sent of them, and which of several panes it comes from. */

import type { EditorState, Extension, Text } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type App, editorInfoField, type EditorPosition, type FileSystemAdapter, MarkdownView } from "obsidian";
import { join, relative, sep } from "path";
import { fileURLToPath, pathToFileURL } from "url";
import type { Position } from "vscode-languageserver-types";
import type { Session } from "./session";

export function rootOf(app: App): string {
  return (app.vault.adapter as FileSystemAdapter).getBasePath();
}

/** The path in the vault that an address of the protocol names; null outside of it. */
export function pathOf(app: App, uri: string): string | null {
  try {
    const path = relative(rootOf(app), fileURLToPath(uri)).split(sep).join("/");
    return path === ".." || path.startsWith("../") || path === "" ? null : path;
  } catch {
    return null;
  }
}

export function uriOf(app: App, path: string): string {
  return pathToFileURL(join(rootOf(app), path)).href;
}

/** A place as the app has it. */
export function placeOf({ line, character }: Position): EditorPosition {
  return { line, ch: character };
}

/** Write what is open to its files, as a command reads these; with a path only that note. */
export async function saveAll(app: App, path?: string): Promise<void> {
  const views = app.workspace.getLeavesOfType("markdown").map((leaf) => leaf.view);
  const panes = views.filter((view) => view instanceof MarkdownView);
  const wanted = panes.filter(({ file }) => (path ?? file?.path) === file?.path);
  await Promise.all(wanted.map((pane) => pane.save()));
}

export function position(text: Text, offset: number): Position {
  const line = text.lineAt(offset);
  return { line: line.number - 1, character: offset - line.from };
}

/** The offset of a place, at most the end of its line. */
export function offsetOf(text: Text, { line, character }: Position): number {
  if (line >= text.lines) return text.length;
  const found = text.line(line + 1);
  return Math.min(found.from + character, found.to);
}

/** The path of the note that an editor has whole; null for others, such as the cell of a table. */
export function noteOf(view: EditorView): string | null {
  if (view.dom.parentElement?.closest(".cm-editor")) return null;
  return pathIn(view.state);
}

function pathIn(state: EditorState): string | null {
  const info = state.field(editorInfoField, false);
  // Behind a view for reading the editor may have an older text.
  return info instanceof MarkdownView && info.getMode() === "source" ? (info.file?.path ?? null) : null;
}

/** An open note as the server has it. Of its views one speaks: the one that was last worked in. */
interface Note {
  version: number;
  text: Text;
  speaker: EditorView;
  readonly views: Set<EditorView>;
}

export class Documents {
  readonly #notes = new Map<string, Note>();
  readonly #paths = new Map<EditorView, string | null>();
  readonly #app: App;
  readonly #session: Session;

  constructor(app: App, session: Session) {
    this.#app = app;
    this.#session = session;
  }

  /** What an editor needs so that its note is followed. */
  get extension(): Extension {
    return ViewPlugin.define((view) => {
      // Only then is the editor in its place in the page.
      queueMicrotask(() => this.#look(view));
      this.#paths.set(view, null);
      return {
        update: (update) => this.#updated(update),
        destroy: () => {
          this.#leave(view);
          this.#paths.delete(view);
        },
      };
    });
  }

  /** Whether the server's last text of a note is the one in a view. */
  isCurrent(view: EditorView, version?: number | null): boolean {
    const note = this.#notes.get(this.#paths.get(view) ?? "");
    return note !== undefined && (version ?? note.version) === note.version && note.text.eq(view.state.doc);
  }

  viewsOf(path: string): EditorView[] {
    return [...(this.#notes.get(path)?.views ?? [])];
  }

  /** The view of a note that was last worked in. */
  speakerOf(path: string): EditorView | null {
    return this.#notes.get(path)?.speaker ?? null;
  }

  pathOf(view: EditorView): string | null {
    return this.#paths.get(view) ?? null;
  }

  /** Send all open notes to a server that is new. */
  openAll(): void {
    for (const [path, note] of this.#notes) this.#open(path, note);
  }

  /** Look again which notes the editors have: one was renamed, or is only read now. */
  lookAgain(): void {
    for (const view of [...this.#paths.keys()]) this.#look(view);
  }

  #look(view: EditorView): void {
    const path = noteOf(view);
    const known = this.#paths.get(view);
    if (known === undefined || known === path) return;
    this.#leave(view);
    if (path !== null) this.#enter(view, path);
  }

  #enter(view: EditorView, path: string): void {
    this.#paths.set(view, path);
    const note = this.#notes.get(path);
    if (note) note.views.add(view);
    else {
      const opened = { version: 1, text: view.state.doc, speaker: view, views: new Set([view]) };
      this.#notes.set(path, opened);
      this.#open(path, opened);
    }
    this.#session.trigger("open", path);
  }

  #leave(view: EditorView): void {
    const path = this.#paths.get(view);
    const note = this.#notes.get(path ?? "");
    this.#paths.set(view, null);
    if (!path || !note) return;
    note.views.delete(view);
    const [next] = note.views;
    if (next) {
      if (note.speaker === view) this.#speak(path, note, next);
      return;
    }
    this.#notes.delete(path);
    this.#session.notify("textDocument/didClose", { textDocument: { uri: uriOf(this.#app, path) } });
  }

  #updated(update: ViewUpdate): void {
    const { view } = update;
    const path = this.#paths.get(view);
    const note = this.#notes.get(path ?? "");
    if (!path || !note) return;
    if (view !== note.speaker && view.hasFocus) this.#speak(path, note, view);
    else if (!update.docChanged) return;
    else if (view === note.speaker) this.#change(path, note, update);
    // It has caught up with the pane that speaks.
    else if (note.text.eq(update.state.doc)) queueMicrotask(() => this.#session.trigger("open", path));
  }

  #open(path: string, note: Note): void {
    this.#session.notify("textDocument/didOpen", {
      textDocument: { uri: uriOf(this.#app, path), languageId: "markdown", version: note.version, text: String(note.text) },
    });
  }

  #speak(path: string, note: Note, view: EditorView): void {
    note.speaker = view;
    if (note.text.eq(view.state.doc)) return;
    note.text = view.state.doc;
    this.#send(path, note, [{ text: String(note.text) }]);
  }

  #change(path: string, note: Note, update: ViewUpdate): void {
    const before = note.text;
    const changes: object[] = [];
    update.changes.iterChanges((from, to, _from, _to, inserted) => {
      // The last comes first, so that the places of the others hold.
      changes.unshift({ range: { start: position(before, from), end: position(before, to) }, text: String(inserted) });
    });
    note.text = update.state.doc;
    this.#send(path, note, changes);
  }

  #send(path: string, note: Note, contentChanges: object[]): void {
    note.version += 1;
    const textDocument = { uri: uriOf(this.#app, path), version: note.version };
    this.#session.notify("textDocument/didChange", { textDocument, contentChanges });
  }
}
