/** Modals to choose from, and to read. */

import { type App, Component, MarkdownRenderer, Modal, SuggestModal } from "obsidian";

export interface Entry {
  title: string;
  detail?: string;
}

type Find<T> = (query: string) => Promise<T[]> | T[];

class Picker<T extends Entry> extends SuggestModal<T> {
  constructor(
    app: App,
    placeholder: string,
    private readonly find: Find<T>,
    private readonly done: (entry: T | null) => void,
  ) {
    super(app);
    this.setPlaceholder(placeholder);
    this.setInstructions([
      { command: "↑↓", purpose: "to move" },
      { command: "↵", purpose: "to choose" },
      { command: "esc", purpose: "to close" },
    ]);
  }

  getSuggestions(query: string): Promise<T[]> | T[] {
    return this.find(query.trim());
  }

  renderSuggestion({ title, detail }: T, el: HTMLElement): void {
    el.addClass("mod-complex");
    const content = el.createDiv({ cls: "suggestion-content" });
    content.createDiv({ cls: "suggestion-title", text: title });
    if (detail) content.createDiv({ cls: "suggestion-note", text: detail });
  }

  onChooseSuggestion(entry: T): void {
    this.done(entry);
  }

  override onClose(): void {
    super.onClose();
    // The modal closes before it reports what was chosen.
    window.setTimeout(() => this.done(null));
  }
}

/** Let one of the entries be chosen; return it, or null where none is. */
export function pick<T extends Entry>(app: App, placeholder: string, find: Find<T>): Promise<T | null> {
  return new Promise((resolve) => new Picker(app, placeholder, find, resolve).open());
}

/** Return a function that finds entries by the words of a query. */
export function among<T extends Entry>(entries: T[]): (query: string) => T[] {
  return (query) => {
    const words = query.toLowerCase().split(/\s+/);
    const text = ({ title, detail = "" }: T): string => `${title} ${detail}`.toLowerCase();
    return entries.filter((entry) => words.every((word) => text(entry).includes(word)));
  };
}

/** Show Markdown in a modal. */
export function showMarkdown(app: App, title: string, markdown: string): void {
  const modal = page(app, title);
  const owner = new Component();
  owner.load();
  modal.onClose = () => owner.unload();
  void MarkdownRenderer.render(
    app,
    markdown,
    modal.contentEl.createDiv({ cls: "markdown-rendered" }),
    "",
    owner,
  );
  modal.open();
}

/** Show what a command printed in a modal. */
export function showOutput(app: App, title: string, output: string): void {
  const modal = page(app, title);
  addOutput(modal.contentEl, output);
  addCopyButton(addBar(modal.contentEl), output);
  modal.open();
}

function page(app: App, title: string): Modal {
  const modal = new Modal(app).setTitle(title);
  modal.modalEl.addClasses(["vaultsync-modal", "vaultsync-page"]);
  return modal;
}

/** Add what a command printed; the lines of a difference have colours. */
export function addOutput(parent: HTMLElement, output: string): void {
  const body = parent.createEl("pre", { cls: "vaultsync-output", attr: { tabindex: "0" } });
  for (const line of output.split("\n")) body.createDiv({ text: line || " ", cls: classOf(line) });
}

function classOf(line: string): string {
  if (/^(\+\+\+|---|@@) /.test(line)) return "vaultsync-place";
  return line.startsWith("+") ? "vaultsync-added" : line.startsWith("-") ? "vaultsync-removed" : "";
}

export type Button = [text: string, act: (() => unknown) | null];

/** Add buttons, of which the first is what most want; one without an action submits. Return the first. */
export function addButtons(parent: HTMLElement, first: Button, ...others: Button[]): HTMLButtonElement {
  const bar = addBar(parent);
  const main = addButton(bar, first);
  main.addClass("mod-cta");
  for (const other of others) addButton(bar, other);
  return main;
}

function addButton(parent: HTMLElement, [text, act]: Button): HTMLButtonElement {
  const button = parent.createEl("button", { text, type: act ? "button" : "submit" });
  if (act) button.addEventListener("click", act);
  return button;
}

function addBar(parent: HTMLElement): HTMLElement {
  return parent.createDiv({ cls: "modal-button-container" });
}

/** Add a button that copies a text. */
export function addCopyButton(parent: HTMLElement, text: string): void {
  const copy = (): Promise<unknown> =>
    navigator.clipboard.writeText(text).then(() => button.setText("Copied"));
  const button = addButton(parent, ["Copy", copy]);
}

/** Add what to do about something; the lines to run are in backticks, and can be copied. */
export function addRemedy(parent: HTMLElement, remedy: string): void {
  for (const [index, part] of remedy.split("`").entries()) {
    if (index % 2) addLine(parent, part);
    else if (/\w/.test(part)) parent.createDiv({ text: part.replace(/^[,;.]? /, "") });
  }
}

function addLine(parent: HTMLElement, line: string): void {
  const box = parent.createDiv({ cls: "vaultsync-remedy" });
  box.createEl("code", { text: line });
  addCopyButton(box, line);
}
