/** Suggestions while typing, as the app shows those of plugins. */

import type { Editor, EditorSuggest, EditorSuggestContext, TFile } from "obsidian";

type Suggest = EditorSuggest<unknown> & { context: EditorSuggestContext | null };

export const suggests: Suggest[] = [];
let shown: { suggest: Suggest; values: unknown[]; at: number; box: HTMLElement } | null = null;

/** Look after a typed change whether a plugin suggests something. */
export async function suggestAfter(view: { editor: Editor; file: TFile }): Promise<void> {
  hide();
  for (const suggest of suggests) {
    const trigger = suggest.onTrigger(view.editor.getCursor(), view.editor, view.file);
    if (!trigger) continue;
    suggest.context = { ...trigger, editor: view.editor, file: view.file };
    const values = await suggest.getSuggestions(suggest.context);
    if (values.length) show(suggest, values, view.editor);
    return;
  }
}

/** Handle a key while suggestions are shown. */
export function suggestKey(key: string): boolean {
  if (!shown) return false;
  const { suggest, values, at } = shown;
  if (key === "ArrowDown" || key === "ArrowUp") select((at + (key === "ArrowDown" ? 1 : -1) + values.length) % values.length);
  else {
    hide();
    if (key !== "Escape") suggest.selectSuggestion(values[at], new KeyboardEvent("keydown", { key }));
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
