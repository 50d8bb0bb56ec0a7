/** The view beside a note: its claim, relations, suggestions, sources, what links here, history. */
import { debounce, ItemView, Keymap, setTooltip, type ViewStateResult, type WorkspaceLeaf } from "obsidian";
import type { Range } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { addArrow, addDiv, addIcon, addSpan, onClick } from "./elements";
import { labelOf, messageOf } from "./forms";
import type VaultsyncPlugin from "./main";
import { openAt } from "./places";
import { Related } from "./related";
import { stateText } from "./status";

export const NOTE = "vaultsync-note";

interface Lead {
  text: string;
  words: number;
  mostWords: number | null;
  sentences: number;
  mostSentences: number | null;
}

/** Another note, and what it has to do with this one. */
interface Linked {
  path: string;
  name: string;
}

interface Relation extends Linked {
  reason: string;
  isBack: boolean;
  isTension: boolean;
  crux: string | null;
}

interface Backlink extends Linked {
  range: Range;
  excerpt: string;
}

/** What the server knows of a note. */
interface Note {
  type: string | null;
  title: string;
  lead: Lead | null;
  properties: { name: string; value: unknown }[];
  sources: { role: string; text: string; url: string; year: number | null }[];
  relations: Relation[];
  backlinks: Backlink[];
  history: { day: string; text: string }[];
}

export class NoteView extends ItemView {
  override icon = "book-open";
  override navigation = false;
  readonly #plugin: VaultsyncPlugin;
  readonly #closed = new Set<string>();
  readonly #labels = new Map<string, string>();
  readonly #lookSoon = debounce(() => this.#look(), 100);
  readonly #above: HTMLElement;
  /** Between what is drawn again with each change of the note. */
  readonly #related: Related;
  readonly #below: HTMLElement;
  #label = "Note";
  /** What is shown, as text: only what is another is drawn. */
  #shown = "";

  constructor(leaf: WorkspaceLeaf, plugin: VaultsyncPlugin) {
    super(leaf);
    this.#plugin = plugin;
    this.#above = this.contentEl.createDiv();
    this.#related = new Related(plugin, this.contentEl.createDiv(), this);
    this.#below = this.contentEl.createDiv();
  }

  override getViewType(): string {
    return NOTE;
  }

  override getDisplayText(): string {
    return this.#label;
  }

  override getState(): Record<string, unknown> {
    return { closed: [...this.#closed] };
  }

  override async setState(state: unknown, result: ViewStateResult): Promise<void> {
    const { closed } = (state ?? {}) as { closed?: unknown };
    for (const title of Array.isArray(closed) ? closed : []) this.#closed.add(String(title));
    await super.setState(state, result);
  }

  protected override async onOpen(): Promise<void> {
    const { session, app } = this.#plugin;
    this.contentEl.addClass("vaultsync-note");
    this.registerEvent(app.workspace.on("file-open", () => this.#lookSoon()));
    this.registerEvent(session.on("diagnostics", () => this.#lookSoon()));
    this.registerEvent(session.on("state", () => this.#lookSoon()));
    await this.#look();
  }

  protected override async onClose(): Promise<void> {
    this.#related.follow("");
    await super.onClose();
  }

  /** Show what is known of the active note, or why that is nothing. */
  async #look(): Promise<void> {
    await this.#read().catch((error: unknown) => this.#showMessage(messageOf(error)));
  }

  async #read(): Promise<void> {
    const { session, app } = this.#plugin;
    const { workspace } = app;
    const path = workspace.getActiveFile()?.path;
    if (session.state !== "ready") return this.#showMessage(stateText(session));
    if (!path) return this.#showMessage("No note is open.");
    const types = await session.command<{ name: string; label: string }[]>("types");
    for (const { name, label } of types) this.#labels.set(name, label);
    const note = await session.command<Note | null>("note", { uri: uriOf(app, path) });
    if (workspace.getActiveFile()?.path !== path) return;
    if (note) this.#showNote(note, path);
    else this.#showMessage("This file is not one of the vault's notes.");
  }

  #showMessage(text: string): void {
    this.#related.follow("");
    if (this.#isOther(text, "Note")) this.#above.createDiv({ cls: "pane-empty", text });
  }

  #showNote(note: Note, path: string): void {
    this.#related.follow(path, note.type !== null);
    const label = labelOf(this.#labels.get(note.type ?? "") ?? "note");
    if (!this.#isOther(JSON.stringify(note), label)) return;
    const [above, below] = [this.#above, this.#below];
    addDiv(above, "detail", label);
    const title = addDiv(above, "title", note.title);
    title.role = "heading";
    title.ariaLevel = "2";
    if (note.lead) drawLead(note.lead, above);
    const tensions = note.relations.filter(({ isTension }) => isTension);
    const others = note.relations.filter(({ isTension }) => !isTension);
    this.section(above, "Tensions", tensions, (one, el) => this.#drawRelation(one, el));
    this.section(above, "Relations", others, (one, el) => this.#drawRelation(one, el));
    this.section(below, "Sources", note.sources, drawSource);
    this.section(below, "Links here", note.backlinks, (one, el) => this.#drawBacklink(one, el));
    this.section(below, "Properties", note.properties, ({ name, value }, el) => {
      drawPair(el, name, Array.isArray(value) ? value.join(", ") : String(value));
    });
    this.section(below, "History", note.history, ({ day, text }, el) => drawPair(el, day, text));
  }

  /** Whether something else is to be shown than is; then all is taken away for it. */
  #isOther(shown: string, label: string): boolean {
    if (shown === this.#shown) return false;
    this.#shown = shown;
    this.#label = label;
    // The title of a pane follows only so, which no typing names.
    if ("updateHeader" in this.leaf) (this.leaf as { updateHeader(): void }).updateHeader();
    this.#above.empty();
    this.#below.empty();
    return true;
  }

  section<T>(
    parent: HTMLElement,
    title: string,
    items: readonly T[],
    draw: (item: T, parent: HTMLElement) => void,
  ): void {
    if (!items.length) return;
    const section = parent.createEl("details", "vaultsync-section");
    section.open = !this.#closed.has(title);
    section.addEventListener("toggle", () => {
      if (section.open) this.#closed.delete(title);
      else this.#closed.add(title);
      void this.app.workspace.requestSaveLayout();
    });
    const head = section.createEl("summary");
    addArrow(head);
    head.createSpan({ text: title });
    addSpan(head, "detail", String(items.length));
    const list = section.createEl("ul");
    for (const item of items) draw(item, list.createEl("li"));
  }

  #drawRelation({ path, name, reason, isBack, isTension, crux }: Relation, parent: HTMLElement): void {
    const sign = addIcon(parent, "sign", isBack ? "arrow-left" : "arrow-right");
    setTooltip(sign, isBack ? "Written there" : "Written here");
    parent.toggleClass("is-tension", isTension);
    this.link(parent, path, name);
    addDiv(parent, "detail", reason);
    if (crux) addDiv(parent, "crux", crux);
  }

  #drawBacklink({ path, name, range, excerpt }: Backlink, parent: HTMLElement): void {
    this.link(parent, path, name, range);
    addDiv(parent, "detail", excerpt);
  }

  link(parent: HTMLElement, path: string, name: string, range?: Range): void {
    const { app } = this;
    const el = parent.createEl("a", { text: name, href: path });
    onClick(el, (event) => openAt(app, path, range, Keymap.isModEvent(event)));
    el.addEventListener("mouseover", (event) => {
      const preview = { event, source: NOTE, hoverParent: this, targetEl: el, linktext: path };
      app.workspace.trigger("hover-link", preview);
    });
  }
}

/** The claim, and how long it is against how long it may be. */
function drawLead({ text, words, mostWords, sentences, mostSentences }: Lead, parent: HTMLElement): void {
  const box = addDiv(parent, "lead", text);
  drawBound(box, words, mostWords, "word");
  drawBound(box, sentences, mostSentences, "sentence");
}

function drawBound(parent: HTMLElement, count: number, most: number | null, unit: string): void {
  const units = `${unit}${(most ?? count) === 1 ? "" : "s"}`;
  const el = addDiv(parent, "bound", most === null ? `${count} ${units}` : `${count} of ${most} ${units}`);
  if (most === null) return;
  el.toggleClass("is-over", count > most);
  const meter = addDiv(el, "meter");
  meter.setAttrs({ role: "meter", "aria-label": units, "aria-valuemax": most, "aria-valuenow": count });
  meter.setCssProps({ "--vaultsync-part": `${Math.min(100, (100 * count) / most)}%` });
}

function drawSource({ role, text, url, year }: Note["sources"][number], parent: HTMLElement): void {
  addSpan(parent, "role", role);
  parent.createEl("a", { cls: "external-link", text: text || url, href: url });
  if (year) addSpan(parent, "detail", String(year));
}

function drawPair(parent: HTMLElement, name: string, value: string): void {
  addSpan(parent, "detail", name);
  parent.createSpan({ text: value });
}
