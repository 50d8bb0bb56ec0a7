/** Suggestions while typing, as the app shows those of plugins. */

import type { Editor, EditorSuggest, EditorSuggestContext, TFile } from "obsidian";

type Suggest = EditorSuggest<unknown> & { context: EditorSuggestContext | null };

export const suggests: Suggest[] = [];
let shown: { suggest: Suggest; values: unknown[]; at: number; box: HTMLElement } | null = null;

/** Look after a typed change whether a plugin suggests something. */
export async function suggestAfter(view: { editor: Editor; file: TFile }): Promise<void> {
  for (const suggest of suggests) {
    const trigger = suggest.onTrigger(view.editor.getCursor(), view.editor, view.file);
    if (!trigger) continue;
    const context = { ...trigger, editor: view.editor, file: view.file };
    suggest.context = context;
    // What was suggested before can be chosen until the answer is there.
    const values = await suggest.getSuggestions(context);
    if (suggest.context !== context) return;
    if (values.length) show(suggest, values, view.editor);
    else hide();
    return;
  }
  hide();
}

/** Handle a key while suggestions are shown. */
export function suggestKey(key: string): boolean {
  if (!shown) return false;
  const { suggest, values, at } = shown;
  if (key === "ArrowDown" || key === "ArrowUp") select((at + (key === "ArrowDown" ? 1 : -1) + values.length) % values.length);
  else {
    hide();
    if (key !== "Escape") suggest.selectSuggestion(values[at], new KeyboardEvent("keydown", { key }));
    suggest.context = null;
  }
  return true;
}

function show(suggest: Suggest, values: unknown[], editor: Editor): void {
  hide();
  const box = document.body.createDiv({ cls: "suggestion-container" });
  for (const value of values.slice(0, suggest.limit || 100)) {
    const item = box.createDiv({ cls: "suggestion-item" });
    suggest.renderSuggestion(value, item);
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      hide();
      suggest.selectSuggestion(value, event);
    });
  }
  const { cm } = editor as unknown as { cm: { state: { selection: { main: { head: number } } }; coordsAtPos(at: number): DOMRect } };
  const { left, bottom } = cm.coordsAtPos(cm.state.selection.main.head);
  box.setCssStyles({ left: `${left}px`, top: `${bottom + 4}px` });
  shown = { suggest, values, at: 0, box };
  select(0);
}

function select(at: number): void {
  if (!shown) return;
  shown.at = at;
  [...shown.box.children].forEach((item, index) => item.toggleClass("is-selected", index === at));
}

function hide(): void {
  shown?.box.remove();
  shown = null;
}
