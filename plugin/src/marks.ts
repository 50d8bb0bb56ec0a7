/** Marks in the editor: what the server found, where its text is the one that is shown. */

import { type Extension, type Range as Ranged, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, gutter, GutterMarker, hoverTooltip, type Tooltip } from "@codemirror/view";
import { Component, MarkdownRenderer } from "obsidian";
import type { CodeAction, Diagnostic, Hover, MarkupContent } from "vscode-languageserver-types";
import { offsetOf, pathOf, position, uriOf } from "./documents";
import { addDiv, onClick } from "./elements";
import { ruleOf, textOf } from "./findings";
import { explain } from "./commands";
import { applyFix, attempt, fixesOf } from "./fixes";
import type VaultsyncPlugin from "./main";
import { addMessage, plain } from "./message";
import { openAt } from "./places";

const SEVERITIES: Record<number, string> = { 1: "error", 2: "warning", 3: "info", 4: "hint" };

const draw = StateEffect.define<DecorationSet>();

/** The marks of an editor, each with its finding; they move with the text. */
const drawn = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((one) => one.is(draw));
    return effect ? effect.value : marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

interface Place {
  from: number;
  to: number;
  diagnostic: Diagnostic;
}

/** The marks that touch a range, in their order. */
function marksIn(view: EditorView, start: number, end: number): Place[] {
  const found: Place[] = [];
  view.state.field(drawn, false)?.between(start, end, (from, to, { spec }) => {
    found.push({ from, to, diagnostic: (spec as { diagnostic: Diagnostic }).diagnostic });
  });
  return found;
}

function markOf(text: Text, diagnostic: Diagnostic): Ranged<Decoration> {
  const from = offsetOf(text, diagnostic.range.start);
  const line = text.lineAt(from);
  const to = Math.max(offsetOf(text, diagnostic.range.end), from);
  const spec = { class: `vaultsync-mark vaultsync-${severityOf(diagnostic)}`, diagnostic };
  // What has no width is shown at the whole line.
  if (from < to) return Decoration.mark(spec).range(from, to);
  return line.length ? Decoration.mark(spec).range(line.from, line.to) : Decoration.line(spec).range(line.from);
}

function severityOf({ severity }: Diagnostic): string {
  return SEVERITIES[severity ?? 1] ?? "error";
}

class Dot extends GutterMarker {
  constructor(private readonly diagnostics: Diagnostic[]) {
    super();
  }

  override toDOM(): Node {
    const [worst] = [...this.diagnostics].sort((one, other) => (one.severity ?? 1) - (other.severity ?? 1));
    const title = this.diagnostics.map(textOf).join("\n");
    return createDiv({ cls: `vaultsync-dot vaultsync-${worst ? severityOf(worst) : ""}`, attr: { title } });
  }
}

/** A dot at each line with a finding; a click puts the cursor there. */
const dots = gutter({
  class: "vaultsync-gutter",
  lineMarker(view, line) {
    const found = marksIn(view, line.from, line.to).filter(({ from }) => line.from <= from);
    return found.length ? new Dot(found.map(({ diagnostic }) => diagnostic)) : null;
  },
  lineMarkerChange: ({ startState, state }) => startState.field(drawn, false) !== state.field(drawn, false),
  domEventHandlers: {
    mousedown(view, line) {
      const [first] = marksIn(view, line.from, line.to);
      if (!first) return false;
      view.dispatch({ selection: { anchor: first.from } });
      view.focus();
      return true;
    },
  },
});

/** Put the cursor on the next mark, or the one before; behind the last comes the first. */
export function goToMark(view: EditorView, isForward: boolean): void {
  const at = view.state.selection.main.head;
  const all = marksIn(view, 0, view.state.doc.length).map(({ from }) => from);
  const [next] = isForward ? all.filter((from) => from > at) : all.filter((from) => from < at).reverse();
  const found = next ?? all.at(isForward ? 0 : -1);
  if (found === undefined) return;
  view.dispatch({ selection: { anchor: found }, effects: EditorView.scrollIntoView(found, { y: "center" }) });
  view.focus();
}

export class Marks {
  readonly #versions = new Map<string, number | null>();
  // Notes that were saved, or opened, since their marks were drawn.
  readonly #due = new Set<string>();

  constructor(private readonly plugin: VaultsyncPlugin) {
    const { app, session } = plugin;
    plugin.registerEvent(
      session.on("diagnostics", ({ path, version }) => {
        this.#versions.set(path, version);
        this.#paint(path);
      }),
    );
    const isDue = (path: string): void => {
      this.#due.add(path);
      this.#paint(path);
    };
    plugin.registerEvent(session.on("open", isDue));
    plugin.registerEvent(app.vault.on("modify", ({ path }) => isDue(path)));
  }

  /** What an editor needs to show marks. */
  get extension(): Extension {
    return [
      drawn,
      this.plugin.settings.hasGutter ? dots : [],
      hoverTooltip((view, at) => this.#findingsAt(view, at) ?? this.#hover(view, at)),
    ];
  }

  #paint(path: string): void {
    const { documents, session, settings } = this.plugin;
    if (!this.#versions.has(path) || (settings.lintOn === "save" && !this.#due.has(path))) return;
    const found = session.diagnostics.get(path) ?? [];
    for (const view of documents.viewsOf(path)) {
      if (!documents.isCurrent(view, this.#versions.get(path))) continue;
      this.#due.delete(path);
      const marks = found.map((one) => markOf(view.state.doc, one));
      view.dispatch({ effects: draw.of(Decoration.set(marks, true)) });
    }
  }

  #findingsAt(view: EditorView, at: number): Tooltip | null {
    const path = this.plugin.documents.pathOf(view);
    const found = marksIn(view, at, at);
    const [first] = found;
    if (path === null || !first) return null;
    const create = (): { dom: HTMLElement } => {
      const dom = createDiv({ cls: "vaultsync-findings" });
      for (const { diagnostic } of found) dom.append(this.#describe(path, diagnostic));
      return { dom };
    };
    return { pos: first.from, end: first.to, create };
  }

  /** What is shown at a mark: the message, its rule, related places and what can be done. */
  #describe(path: string, diagnostic: Diagnostic): HTMLElement {
    const { plugin } = this;
    const box = createDiv({ cls: `vaultsync-finding vaultsync-${severityOf(diagnostic)}` });
    addMessage(addDiv(box, "finding-message"), textOf(diagnostic));
    const { code, name } = ruleOf(diagnostic);
    const rule = box.createEl("a", { cls: "vaultsync-finding-rule", text: name === code ? code : `${code} ${name}` });
    onClick(rule, () => explain(plugin, code));
    for (const { location, message } of diagnostic.relatedInformation ?? []) {
      const related = pathOf(plugin.app, location.uri);
      if (related === null) continue;
      const place = addDiv(box, "finding-related");
      const link = place.createEl("a", { text: `${related}:${location.range.start.line + 1}` });
      onClick(link, () => openAt(plugin.app, related, location.range));
      addMessage(place, ` ${message}`);
    }
    const buttons = addDiv(box, "finding-fixes");
    attempt(fixesOf(plugin, { path, diagnostic }).then((fixes) => this.#offer(buttons, fixes)));
    return box;
  }

  #offer(buttons: HTMLElement, fixes: CodeAction[]): void {
    for (const fix of fixes) {
      const button = buttons.createEl("button", { text: plain(fix.title), cls: fix.isPreferred ? "mod-cta" : "" });
      button.addEventListener("mousedown", (event) => event.preventDefault());
      onClick(button, () => applyFix(this.plugin, fix));
    }
  }

  /** What the server knows of a place without a finding, such as the note that a link leads to. */
  async #hover(view: EditorView, at: number): Promise<Tooltip | null> {
    const { app, documents, session } = this.plugin;
    const path = documents.pathOf(view);
    if (path === null || session.state !== "ready") return null;
    const params = { textDocument: { uri: uriOf(app, path) }, position: position(view.state.doc, at) };
    const hover = await session.request<Hover | null>("textDocument/hover", params);
    if (!hover) return null;
    const { value } = hover.contents as MarkupContent;
    const [pos, end] = hover.range
      ? [offsetOf(view.state.doc, hover.range.start), offsetOf(view.state.doc, hover.range.end)]
      : [at, undefined];
    return { pos, end, above: true, create: () => this.#page(value, path) };
  }

  #page(markdown: string, path: string): { dom: HTMLElement; destroy: () => void } {
    const owner = new Component();
    owner.load();
    const dom = createDiv({ cls: "vaultsync-hover markdown-rendered" });
    attempt(MarkdownRenderer.render(this.plugin.app, markdown, dom, path, owner));
    return { dom, destroy: () => owner.unload() };
  }
}
