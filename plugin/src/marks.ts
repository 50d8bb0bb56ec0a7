/** Marks in the editor: what the server found, where its text is the one that is shown. */

import { type Diagnostic as Mark, forEachDiagnostic, linter, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { Component, MarkdownRenderer } from "obsidian";
import type { CodeAction, Diagnostic, Hover, MarkupContent } from "vscode-languageserver-types";
import { offsetOf, pathOf, position, uriOf } from "./documents";
import { ruleOf, textOf } from "./findings";
import { explain } from "./commands";
import { applyFix, attempt, fixesOf } from "./fixes";
import type VaultsyncPlugin from "./main";
import { addMessage } from "./message";
import { openAt } from "./places";

const SEVERITIES: Record<number, Mark["severity"]> = { 1: "error", 2: "warning", 3: "info", 4: "hint" };

export class Marks {
  private readonly versions = new Map<string, number | null>();
  // Notes that were saved, or opened, since their marks were drawn.
  private readonly due = new Set<string>();

  constructor(private readonly plugin: VaultsyncPlugin) {
    const { app, session } = plugin;
    plugin.registerEvent(
      session.on("diagnostics", ({ path, version }) => {
        this.versions.set(path, version);
        this.paint(path);
      }),
    );
    const isDue = (path: string): void => {
      this.due.add(path);
      this.paint(path);
    };
    plugin.registerEvent(session.on("open", isDue));
    plugin.registerEvent(app.vault.on("modify", ({ path }) => isDue(path)));
  }

  /** What an editor needs to show marks; it finds nothing by itself. */
  get extension(): Extension {
    return [
      linter(null),
      this.plugin.settings.hasGutter ? lintGutter() : [],
      hoverTooltip((view, at) => this.hover(view, at)),
      EditorView.editorAttributes.of({ class: "vaultsync-editor" }),
    ];
  }

  private paint(path: string): void {
    const { documents, session, settings } = this.plugin;
    if (settings.lintOn === "save" && !this.due.has(path)) return;
    const found = session.diagnostics.get(path) ?? [];
    for (const view of documents.viewsOf(path)) {
      if (!documents.isCurrent(view, this.versions.get(path))) continue;
      this.due.delete(path);
      view.dispatch(setDiagnostics(view.state, found.map((one) => this.mark(view, path, one))));
    }
  }

  private mark(view: EditorView, path: string, diagnostic: Diagnostic): Mark {
    const { doc } = view.state;
    return {
      from: offsetOf(doc, diagnostic.range.start),
      to: offsetOf(doc, diagnostic.range.end),
      severity: SEVERITIES[diagnostic.severity ?? 1] ?? "error",
      message: textOf(diagnostic),
      renderMessage: () => this.describe(path, diagnostic),
    };
  }

  /** What is shown at a mark: the message, its rule, related places and what can be done. */
  private describe(path: string, diagnostic: Diagnostic): HTMLElement {
    const { plugin } = this;
    const box = createDiv({ cls: "vaultsync-finding" });
    addMessage(box.createDiv({ cls: "vaultsync-finding-message" }), textOf(diagnostic));
    const { code, name } = ruleOf(diagnostic);
    const rule = box.createEl("a", { cls: "vaultsync-finding-rule", text: name === code ? code : `${code} ${name}` });
    rule.addEventListener("click", () => attempt(explain(plugin, code)));
    for (const { location, message } of diagnostic.relatedInformation ?? []) {
      const related = pathOf(plugin.app, location.uri);
      if (related === null) continue;
      const place = box.createDiv({ cls: "vaultsync-finding-related" });
      place.createEl("a", { text: `${related}:${location.range.start.line + 1}` }).addEventListener("click", () => {
        attempt(openAt(plugin.app, related, location.range));
      });
      addMessage(place, ` ${message}`);
    }
    const buttons = box.createDiv({ cls: "vaultsync-finding-fixes" });
    attempt(fixesOf(plugin, { path, diagnostic }).then((fixes) => this.offer(buttons, fixes)));
    return box;
  }

  private offer(buttons: HTMLElement, fixes: CodeAction[]): void {
    for (const fix of fixes) {
      const button = buttons.createEl("button", { text: fix.title, cls: fix.isPreferred ? "mod-cta" : "" });
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => attempt(applyFix(this.plugin, fix)));
    }
  }

  /** What the server knows of a place without a finding, such as the note that a link leads to. */
  private async hover(view: EditorView, at: number): Promise<Tooltip | null> {
    const { app, documents, session } = this.plugin;
    const path = documents.pathOf(view);
    if (path === null || session.state !== "ready" || isMarked(view, at)) return null;
    const params = { textDocument: { uri: uriOf(app, path) }, position: position(view.state.doc, at) };
    const hover = await session.request<Hover | null>("textDocument/hover", params);
    if (!hover) return null;
    const { value } = hover.contents as MarkupContent;
    const [pos, end] = hover.range
      ? [offsetOf(view.state.doc, hover.range.start), offsetOf(view.state.doc, hover.range.end)]
      : [at, undefined];
    return { pos, end, above: true, create: () => this.page(value, path) };
  }

  private page(markdown: string, path: string): { dom: HTMLElement; destroy: () => void } {
    const owner = new Component();
    owner.load();
    const dom = createDiv({ cls: "vaultsync-hover markdown-rendered" });
    attempt(MarkdownRenderer.render(this.plugin.app, markdown, dom, path, owner));
    return { dom, destroy: () => owner.unload() };
  }
}

function isMarked(view: EditorView, at: number): boolean {
  let isThere = false;
  forEachDiagnostic(view.state, (_mark, from, to) => (isThere ||= from <= at && at <= to));
  return isThere;
}
