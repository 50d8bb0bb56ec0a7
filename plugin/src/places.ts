/** Places in notes: going there from a view. */
import { MarkdownView, Notice, type App, type PaneType, type WorkspaceLeaf } from "obsidian";
import type { Range } from "vscode-languageserver-types";
import { placeOf } from "./documents";

/** Open a note of the vault, at a place in it; where it is open already, there. */
export async function openAt(
  app: App,
  path: string,
  range?: Range,
  pane: PaneType | boolean = false,
): Promise<void> {
  const file = app.vault.getFileByPath(path);
  if (!file) {
    new Notice(`${path} is not in the vault any more.`);
    return;
  }
  const leaf = (!pane && leafOf(app, path)) || app.workspace.getLeaf(pane);
  await leaf.openFile(file, { active: true, eState: range && { line: range.start.line } });
  app.workspace.setActiveLeaf(leaf, { focus: true });
  if (!range || !(leaf.view instanceof MarkdownView)) return;
  const from = placeOf(range.start);
  const to = placeOf(range.end);
  leaf.view.editor.setSelection(from, to);
  leaf.view.editor.scrollIntoView({ from, to }, true);
}

function leafOf(app: App, path: string): WorkspaceLeaf | undefined {
  let found: WorkspaceLeaf | undefined;
  app.workspace.iterateRootLeaves((leaf) => {
    if (leaf.view instanceof MarkdownView && leaf.view.file?.path === path) found ??= leaf;
  });
  return found;
}
