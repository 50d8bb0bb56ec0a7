/** Renames that the app makes by itself: what it leaves can be changed with one key. */

import { debounce, Notice } from "obsidian";
import type { WorkspaceEdit } from "vscode-languageserver-types";
import { applyEdit } from "./edits";
import { attempt } from "./fixes";
import type VaultsyncPlugin from "./main";

// Milliseconds in which the app has changed the links that it follows.
const PAUSE = 2000;

/** Return what is to be called with the old and new path of each file that was renamed. */
export function mender({ app, session }: VaultsyncPlugin): (old: string, path: string) => void {
  let names: Record<string, string> = {};
  const propose = async (): Promise<void> => {
    const argument = { names };
    names = {};
    if (session.state !== "ready") return;
    const left = () => session.command<{ edit: WorkspaceEdit }>("moved", argument);
    const count = (await left()).edit.documentChanges?.length;
    if (!count) return;
    const { messageEl } = new Notice(`Old names left in files: ${count} `, 0);
    // The app may have changed more of them until then.
    messageEl.createEl("button", { text: "Fix" }).onclick = () =>
      attempt(left().then(({ edit }) => applyEdit(app, edit)));
  };
  const proposeSoon = debounce(() => attempt(propose()), PAUSE);
  return (old, path) => {
    names[path] = names[old] ?? old;
    delete names[old];
    proposeSoon();
  };
}
