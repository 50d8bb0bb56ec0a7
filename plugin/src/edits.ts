/** Edits of the server: a transaction where a note is open, else a change of its file. */

import { type App, type Editor, MarkdownView, type TFile } from "obsidian";
import type { CreateFile, Position, RenameFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { notePanes, pathOf, placeOf } from "./documents";

/** Apply an edit whole: where a file cannot be written, those before it are as they were. */
export async function applyEdit(app: App, edit: WorkspaceEdit): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const uri of created(edit)) undo.push(await create(app, inVault(app, uri)));
    for (const [uri, edits] of changed(edit)) undo.push(await change(app, inVault(app, uri), edits));
    for (const one of renamed(edit)) undo.push(await rename(app, inVault(app, one.oldUri), inVault(app, one.newUri)));
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** The editor of a note that is open; that of the active pane where it is open in several. */
export function editorOf(app: App, path: string): Editor | null {
  const active = app.workspace.getActiveViewOfType(MarkdownView);
  return [active, ...notePanes(app)].find((view) => view?.file?.path === path)?.editor ?? null;
}

/** The text with edits made, whose places are those of the text before. */
export function edited(text: string, edits: TextEdit[]): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
  const offset = ({ line, character }: Position): number => (starts[line] ?? text.length) + character;
  const ordered = edits
    .map((edit) => ({ start: offset(edit.range.start), end: offset(edit.range.end), text: edit.newText }))
    .sort((one, other) => one.start - other.start);
  let at = 0;
  let result = "";
  for (const { start, end, text: replacement } of ordered) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

function changed(edit: WorkspaceEdit): [string, TextEdit[]][] {
  const documents = (edit.documentChanges ?? []).filter((one): one is TextDocumentEdit => "edits" in one);
  return [
    ...Object.entries(edit.changes ?? {}),
    ...documents.map((one): [string, TextEdit[]] => [one.textDocument.uri, one.edits as TextEdit[]]),
  ];
}

function created(edit: WorkspaceEdit): string[] {
  const changes = edit.documentChanges ?? [];
  return changes.filter((one): one is CreateFile => "kind" in one && one.kind === "create").map((one) => one.uri);
}

function renamed(edit: WorkspaceEdit): RenameFile[] {
  return (edit.documentChanges ?? []).filter((one): one is RenameFile => "kind" in one && one.kind === "rename");
}

function inVault(app: App, uri: string): string {
  const path = pathOf(app, uri);
  if (path === null) throw new Error(`${uri} is outside of the vault: nothing was changed`);
  return path;
}

async function create(app: App, path: string): Promise<() => Promise<unknown>> {
  await makeFolder(app, path);
  const file = await app.vault.create(path, "");
  return () => app.fileManager.trashFile(file);
}

/** Rename a file as the app does, which finds no link to change: the edits before have changed these. */
async function rename(app: App, path: string, to: string): Promise<() => Promise<unknown>> {
  const file = fileAt(app, path);
  if (app.vault.getAbstractFileByPath(to)) throw new Error(`${to} is there already: nothing was changed`);
  await makeFolder(app, to);
  await app.fileManager.renameFile(file, to);
  return () => app.fileManager.renameFile(file, path);
}

async function makeFolder(app: App, path: string): Promise<void> {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  if (folder && !app.vault.getFolderByPath(folder)) await app.vault.createFolder(folder);
}

async function change(app: App, path: string, edits: TextEdit[]): Promise<() => Promise<unknown>> {
  const editor = editorOf(app, path);
  if (editor) return changeOpen(editor, edits);
  return changeFile(app, fileAt(app, path), edits);
}

function fileAt(app: App, path: string): TFile {
  const file = app.vault.getFileByPath(path);
  if (!file) throw new Error(`${path} is not there any more: nothing was changed`);
  return file;
}

function changeOpen(editor: Editor, edits: TextEdit[]): () => Promise<unknown> {
  editor.transaction({
    changes: edits.map(({ range, newText }) => ({
      from: placeOf(range.start),
      to: placeOf(range.end),
      text: newText,
    })),
  });
  return () => Promise.resolve(editor.undo());
}

async function changeFile(app: App, file: TFile, edits: TextEdit[]): Promise<() => Promise<unknown>> {
  let before = "";
  const after = await app.vault.process(file, (text) => edited((before = text), edits));
  return () => app.vault.process(file, (text) => (text === after ? before : text));
}
