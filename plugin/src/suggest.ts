/** Suggestions while typing: those of the server, behind the characters that it names. */

import { type Editor, type EditorPosition, EditorSuggest, type EditorSuggestContext, type TFile } from "obsidian";
import type { CompletionItem, CompletionList, TextEdit } from "vscode-languageserver-types";
import { placeOf, uriOf } from "./documents";
import type VaultsyncPlugin from "./main";

// What is typed behind such a character is not longer.
const LONGEST = 60;

export class Suggest extends EditorSuggest<CompletionItem> {
  #pending = new AbortController();

  constructor(private readonly plugin: VaultsyncPlugin) {
    super(plugin.app);
  }

  onTrigger(cursor: EditorPosition, editor: Editor, file: TFile | null): EditorSuggestContext | null {
    const line = editor.getLine(cursor.line).slice(0, cursor.ch);
    const start = Math.max(...this.plugin.session.triggers.map((one) => line.lastIndexOf(one)));
    if (!file || start < 0 || cursor.ch - start > LONGEST) return null;
    return { start: { line: cursor.line, ch: start }, end: cursor, query: line.slice(start), editor, file };
  }

  async getSuggestions({ end, file }: EditorSuggestContext): Promise<CompletionItem[]> {
    this.#pending.abort();
    this.#pending = new AbortController();
    const params = {
      textDocument: { uri: uriOf(this.plugin.app, file.path) },
      position: { line: end.line, character: end.ch },
    };
    const { session } = this.plugin;
    const answer = session.request<CompletionList | null>("textDocument/completion", params, this.#pending.signal);
    return (await answer.catch(() => null))?.items ?? [];
  }

  renderSuggestion({ label, detail }: CompletionItem, el: HTMLElement): void {
    el.createDiv({ text: label });
    if (detail) el.createDiv({ cls: "suggestion-note", text: detail });
  }

  selectSuggestion({ textEdit }: CompletionItem): void {
    if (!this.context || !textEdit) return;
    // What was typed since the request is part of it.
    const { editor, end } = this.context;
    const { range, newText } = textEdit as TextEdit;
    const from = placeOf(range.start);
    editor.replaceRange(newText, from, end);
    editor.setCursor({ line: from.line, ch: from.ch + newText.length });
  }
}
