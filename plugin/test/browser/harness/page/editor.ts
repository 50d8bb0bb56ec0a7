/** The view of a note: a real CodeMirror editor behind the app's own classes. */

import { defaultKeymap, history, historyKeymap, redo, undo } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension, StateField, type Text } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { EditorChange, EditorPosition, EditorTransaction, TFile } from "obsidian";
import * as mocks from "obsidian-test-mocks/obsidian";
import { suggestAfter, suggestKey } from "./suggest";

export const editorInfoField = StateField.define<unknown>({ create: () => null, update: (value) => value });
export const editorLivePreviewField = StateField.define<boolean>({ create: () => true, update: (value) => value });

/** Extensions of plugins: those of all editors are set again where one is added. */
export const registered: Extension[] = [];
const plugins = new Compartment();
// A change that came from another pane of the same note.
const mirrored = Annotation.define<boolean>();
const SAVE_AFTER = 100;

export class Editor {
  constructor(readonly cm: EditorView) {}

  private get doc(): Text {
    return this.cm.state.doc;
  }

  getDoc = (): this => this;
  getValue = (): string => String(this.doc);
  lineCount = (): number => this.doc.lines;
  lastLine = (): number => this.doc.lines - 1;
  getLine = (line: number): string => this.doc.line(line + 1).text;
  hasFocus = (): boolean => this.cm.hasFocus;
  focus = (): void => this.cm.focus();
  blur = (): void => this.cm.contentDOM.blur();
  undo = (): void => void undo(this.cm);
  redo = (): void => void redo(this.cm);
  getSelection = (): string => this.getRange(this.getCursor("from"), this.getCursor("to"));
  somethingSelected = (): boolean => !this.cm.state.selection.main.empty;
  refresh = (): void => undefined;

  posToOffset({ line, ch }: EditorPosition): number {
    const found = this.doc.line(Math.min(line + 1, this.doc.lines));
    return Math.min(found.from + ch, found.to);
  }

  offsetToPos(offset: number): EditorPosition {
    const line = this.doc.lineAt(offset);
    return { line: line.number - 1, ch: offset - line.from };
  }

  getCursor(side: "from" | "to" | "head" | "anchor" = "head"): EditorPosition {
    return this.offsetToPos(this.cm.state.selection.main[side]);
  }

  getRange(from: EditorPosition, to: EditorPosition): string {
    return this.doc.sliceString(this.posToOffset(from), this.posToOffset(to));
  }

  listSelections(): { anchor: EditorPosition; head: EditorPosition }[] {
    return this.cm.state.selection.ranges.map(({ anchor, head }) => ({
      anchor: this.offsetToPos(anchor),
      head: this.offsetToPos(head),
    }));
  }

  setCursor(at: EditorPosition | number, ch = 0): void {
    this.setSelection(typeof at === "number" ? { line: at, ch } : at);
  }

  setSelection(anchor: EditorPosition, head = anchor): void {
    this.cm.dispatch({ selection: { anchor: this.posToOffset(anchor), head: this.posToOffset(head) } });
  }

  setValue(text: string): void {
    this.cm.dispatch({ changes: { from: 0, to: this.doc.length, insert: text } });
  }

  setLine(line: number, text: string): void {
    this.replaceRange(text, { line, ch: 0 }, { line, ch: this.getLine(line).length });
  }

  replaceRange(text: string, from: EditorPosition, to = from): void {
    this.transaction({ changes: [{ text, from, to }] });
  }

  replaceSelection(text: string): void {
    this.cm.dispatch(this.cm.state.replaceSelection(text));
  }

  transaction({ changes = [], selection }: EditorTransaction): void {
    this.cm.dispatch({
      changes: changes.map((change) => this.change(change)),
      selection: selection && {
        anchor: this.posToOffset(selection.from),
        head: this.posToOffset(selection.to ?? selection.from),
      },
    });
  }

  scrollIntoView({ from }: { from: EditorPosition }, isCentred = false): void {
    const y = isCentred ? "center" : "nearest";
    this.cm.dispatch({ effects: EditorView.scrollIntoView(this.posToOffset(from), { y }) });
  }

  wordAt(at: EditorPosition): { from: EditorPosition; to: EditorPosition } | null {
    const word = this.cm.state.wordAt(this.posToOffset(at));
    return word && { from: this.offsetToPos(word.from), to: this.offsetToPos(word.to) };
  }

  private change({ text, from, to = from }: EditorChange): { from: number; to: number; insert: string } {
    return { from: this.posToOffset(from), to: this.posToOffset(to), insert: text };
  }
}

export class MarkdownView extends mocks.MarkdownView {
  /** Whether the note is saved only on request. */
  isHeld = false;
  private shownAs: "source" | "preview" = "source";
  private timer = 0;

  constructor(leaf: mocks.WorkspaceLeaf) {
    super(leaf);
    this.containerEl.addClass("workspace-leaf-content");
    const cm = new EditorView({ parent: this.contentEl, state: this.stateOf("") });
    cm.dom.addEventListener("focusin", () => this.app.workspace.setActiveLeaf(leaf));
    this.editor = new Editor(cm) as never;
  }

  get cm(): EditorView {
    return (this.editor as unknown as Editor).cm;
  }

  override getDisplayText(): string {
    return this.file?.basename ?? "";
  }

  override getState(): Record<string, unknown> {
    return { file: this.file?.path };
  }

  /** Show a file instead of the one before. */
  async loadFile(file: mocks.TFile): Promise<void> {
    await this.saveNow();
    this.file = file as unknown as TFile & mocks.TFile;
    this.setViewData(await this.app.vault.read(file), true);
  }

  override getMode(): "source" | "preview" {
    return this.shownAs;
  }

  /** Show the note as a page; the editor behind it then has another text, as that of a note opened so. */
  readOnly(): void {
    this.shownAs = "preview";
    this.data = this.getViewData();
    this.cm.setState(this.stateOf(""));
    this.app.workspace.trigger("layout-change");
  }

  override getViewData(): string {
    return this.shownAs === "source" ? String(this.cm.state.doc) : this.data;
  }

  override setViewData(text: string, isOther: boolean): void {
    this.data = text;
    if (this.shownAs === "preview") return;
    const { doc } = this.cm.state;
    if (isOther) this.cm.setState(this.stateOf(text));
    else if (String(doc) !== text)
      this.cm.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: mirrored.of(true) });
  }

  override async save(): Promise<void> {
    await this.saveNow();
  }

  override async onClose(): Promise<void> {
    await this.saveNow();
    this.cm.destroy();
  }

  applyExtensions(): void {
    this.cm.dispatch({ effects: plugins.reconfigure([...registered]) });
  }

  private async saveNow(): Promise<void> {
    window.clearTimeout(this.timer);
    const text = this.getViewData();
    if (!this.file || text === this.data) return;
    this.data = text;
    await this.app.vault.modify(this.file, text);
  }

  private stateOf(text: string): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        editorInfoField.init(() => this),
        editorLivePreviewField,
        keymap.of(["Enter", "Escape", "ArrowDown", "ArrowUp", "Tab"].map((key) => ({ key, run: () => suggestKey(key) }))),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.lineWrapping,
        EditorView.updateListener.of(({ docChanged, transactions, changes }) => {
          if (!docChanged || transactions.some((one) => one.annotation(mirrored))) return;
          window.clearTimeout(this.timer);
          if (!this.isHeld) this.timer = window.setTimeout(() => void this.saveNow(), SAVE_AFTER);
          for (const other of this.others()) other.cm.dispatch({ changes, annotations: mirrored.of(true) });
          const isTyped = transactions.some((one) => one.isUserEvent("input") || one.isUserEvent("delete"));
          this.app.workspace.trigger("editor-change", this.editor, this);
          if (isTyped) queueMicrotask(() => suggestAfter(this as never));
        }),
        plugins.of([...registered]),
      ],
    });
  }

  private others(): MarkdownView[] {
    const views = this.app.workspace.getLeavesOfType("markdown").map((leaf) => leaf.view as unknown as MarkdownView);
    return views.filter((view) => view.cm !== this.cm && view.file?.path === this.file?.path);
  }
}
