/** What can be done at the cursor: fixes, and what else the server offers there. */

import { type Editor, type EditorPosition, type MarkdownFileInfo, MarkdownView, Notice } from "obsidian";
import type { CodeAction, Position } from "vscode-languageserver-types";
import { actionsOf, applyFix, attempt, fixAll } from "./fixes";
import type VaultsyncPlugin from "./main";
import { goToMark } from "./marks";
import { among, pick } from "./modals";

type Act = (plugin: VaultsyncPlugin, path: string, editor: Editor) => unknown;

const COMMANDS: { id: string; name: string; act: Act }[] = [
  { id: "fix", name: "Fix this", act: fixHere },
  { id: "actions", name: "Show what can be done here", act: chooseHere },
  { id: "fix-note", name: "Fix all that is safe in this note", act: (plugin, path) => fixAll(plugin, [path]) },
  { id: "next-finding", name: "Go to next finding", act: go(true) },
  { id: "previous-finding", name: "Go to previous finding", act: go(false) },
];

export function addActions(plugin: VaultsyncPlugin): void {
  for (const { id, name, act } of COMMANDS) {
    plugin.addCommand({
      id,
      name,
      editorCheckCallback: (isChecking, editor, info: MarkdownView | MarkdownFileInfo) => {
        const path = info instanceof MarkdownView ? info.file?.path : undefined;
        if (path === undefined || plugin.session.state !== "ready") return false;
        if (!isChecking) attempt(() => act(plugin, path, editor));
        return true;
      },
    });
  }
}

/** Make the fix at the cursor; where it is not the only one, let one be chosen. */
async function fixHere(plugin: VaultsyncPlugin, path: string, editor: Editor): Promise<void> {
  const actions = await actionsAt(plugin, path, editor, ["quickfix"]);
  const preferred = actions.filter((action) => action.isPreferred);
  const [only] = preferred;
  if (only && preferred.length === 1) await applyFix(plugin, only);
  else await choose(plugin, preferred.length ? preferred : actions);
}

async function chooseHere(plugin: VaultsyncPlugin, path: string, editor: Editor): Promise<void> {
  await choose(plugin, await actionsAt(plugin, path, editor));
}

async function choose(plugin: VaultsyncPlugin, actions: CodeAction[]): Promise<void> {
  if (!actions.length) {
    new Notice("Nothing is offered here: go to a mark, a link or a note's name.");
    return;
  }
  const chosen = await pick(plugin.app, "What to do here", among(actions));
  if (chosen) await applyFix(plugin, chosen);
}

function actionsAt(
  plugin: VaultsyncPlugin,
  path: string,
  editor: Editor,
  only?: string[],
): Promise<CodeAction[]> {
  const range = { start: placeOf(editor.getCursor("from")), end: placeOf(editor.getCursor("to")) };
  return actionsOf(plugin, path, range, { diagnostics: [], only });
}

function placeOf({ line, ch }: EditorPosition): Position {
  return { line, character: ch };
}

function go(isForward: boolean): Act {
  return (plugin, path) => {
    const view = plugin.documents.speakerOf(path);
    if (view) goToMark(view, isForward);
  };
}
