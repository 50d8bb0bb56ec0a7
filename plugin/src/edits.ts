/** Edits of the server: a transaction where a note is open, else a change of its file. */

import type { EditorView } from "@codemirror/view";
import type { App, TFile } from "obsidian";
import type { CreateFile, Position, RenameFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver-types";
import { offsetOf, pathOf, saveAll } from "./documents";
import type VaultsyncPlugin from "./main";

/** A change that the server makes: it deletes no file. */
type Change = TextDocumentEdit | CreateFile | RenameFile;
type Undo = () => Promise<unknown> | void;

/**
 * Apply an edit whole: where a file cannot be written, those before it are as they were.
 *
 * It is for the texts that the server had: of open notes by their version, of files by the time of the request.
 */
export async function applyEdit(plugin: VaultsyncPlugin, edit: WorkspaceEdit, asked = Infinity): Promise<void> {
  const undo: Undo[] = [];
  // Files that the edit itself creates.
  const made = new Set<string>();
  try {
    for (const one of edit.documentChanges ?? []) undo.push(await make(plugin, one as Change, asked, made));
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function make(
  { app, documents }: VaultsyncPlugin,
  one: Change,
  asked: number,
  made: Set<string>,
): Promise<Undo> {
  if ("oldUri" in one) return rename(app, inVault(app, one.oldUri), inVault(app, one.newUri));
  const path = inVault(app, "uri" in one ? one.uri : one.textDocument.uri);
  if ("uri" in one) {
    made.add(path);
    return create(app, path);
  }
  const { version } = one.textDocument;
  const edits = one.edits as TextEdit[];
  const view = documents.speakerOf(path);
  if (view ? !documents.isCurrent(view, version) : version !== null) throw isOther(path);
  return view ? changeOpen(view, edits) : changeFile(app, path, edits, made.has(path) ? Infinity : asked);
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

function inVault(app: App, uri: string): string {
  const path = pathOf(app, uri);
  if (path === null) throw new Error(`${uri} is outside of the vault: nothing was done`);
  return path;
}

async function create(app: App, path: string): Promise<Undo> {
  await makeFolder(app, path);
  const file = await app.vault.create(path, "");
  return () => app.fileManager.trashFile(file);
}

/** Rename a file as the app does, which finds no link to change: the edits before have changed these. */
async function rename(app: App, path: string, to: string): Promise<Undo> {
  const file = fileAt(app, path);
  if (app.vault.getAbstractFileByPath(to)) throw new Error(`${to} is there already: nothing was done`);
  await makeFolder(app, to);
  await app.fileManager.renameFile(file, to);
  return () => app.fileManager.renameFile(file, path);
}

async function makeFolder(app: App, path: string): Promise<void> {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  if (folder && !app.vault.getFolderByPath(folder)) await app.vault.createFolder(folder);
}

function changeOpen(view: EditorView, edits: TextEdit[]): Undo {
  const { doc } = view.state;
  const changes = view.state.changes(
    edits.map(({ range, newText }) => ({
      from: offsetOf(doc, range.start),
      to: offsetOf(doc, range.end),
      insert: newText,
    })),
  );
  // The event is one that is not joined with what was typed, so that it is undone alone.
  view.dispatch({ changes, userEvent: "vaultsync" });
  const after = view.state.doc;
  return () => {
    if (view.state.doc === after) view.dispatch({ changes: changes.invert(doc) });
  };
}

async function changeFile(app: App, path: string, edits: TextEdit[], asked: number): Promise<Undo> {
  const file = fileAt(app, path);
  // A view for reading may hold what is not saved yet.
  await saveAll(app, path);
  if (((await app.vault.adapter.stat(path))?.mtime ?? 0) > asked) throw isOther(path);
  let before = "";
  const after = await app.vault.process(file, (text) => edited((before = text), edits));
  return () => app.vault.process(file, (text) => (text === after ? before : text));
}

function fileAt(app: App, path: string): TFile {
  const file = app.vault.getFileByPath(path);
  if (!file) throw new Error(`${path} is not there any more: nothing was done`);
  return file;
}

function isOther(path: string): Error {
  return new Error(`${path} has changed meanwhile: nothing was done, try again`);
}
