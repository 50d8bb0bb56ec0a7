/** The view of conflicts: both versions beside each other, with what can be kept. */

import { debounce, ItemView, type WorkspaceLeaf } from "obsidian";
import type { CodeAction, Diagnostic, TextDocumentEdit, TextEdit } from "vscode-languageserver-types";
import { pathOf } from "./documents";
import { addButton, addDiv, addSpan, onClick } from "./elements";
import { isConflict, nameOf } from "./findings";
import { applyFix, attempt, fixesOf } from "./fixes";
import type VaultsyncPlugin from "./main";
import { openAt } from "./places";
import { stateText } from "./status";
import { counted, differing } from "./sync_text";

export const CONFLICTS = "vaultsync-conflicts";
// What the server offers to keep of a conflict, in this order.
const CHOICES = ["Keep theirs", "Keep ours", "Keep both"] as const;
const HEADS = [
  ["Theirs", "in place in the note"],
  ["Ours", "kept in the note as a conflict"],
] as const;

/** A conflict, and the actions that keep a version of it. */
interface Conflict {
  path: string;
  diagnostic: Diagnostic;
  actions: CodeAction[];
}

/** Show the conflicts of the vault in a tab of its own. */
export async function showConflicts({ app }: VaultsyncPlugin): Promise<void> {
  const { workspace } = app;
  const leaf = workspace.getLeavesOfType(CONFLICTS)[0] ?? workspace.getLeaf("tab");
  await leaf.setViewState({ type: CONFLICTS, active: true });
  await workspace.revealLeaf(leaf);
}

export class ConflictsView extends ItemView {
  override icon = "git-merge";
  readonly #plugin: VaultsyncPlugin;
  readonly #readSoon = debounce(() => attempt(this.#read()), 100);
  /** What is shown, as text: only what is another is drawn. */
  #shown = "";
  #paths = new Set<string>();
  #isRunning = false;

  constructor(leaf: WorkspaceLeaf, plugin: VaultsyncPlugin) {
    super(leaf);
    this.#plugin = plugin;
  }

  override getViewType(): string {
    return CONFLICTS;
  }

  override getDisplayText(): string {
    return "Conflicts";
  }

  protected override async onOpen(): Promise<void> {
    const { session, sync } = this.#plugin;
    this.contentEl.addClass("vaultsync-conflicts");
    this.registerEvent(session.on("state", () => this.#readSoon()));
    this.registerEvent(
      session.on("diagnostics", ({ path, diagnostics }) => {
        if (this.#paths.has(path) || diagnostics.some(isConflict)) this.#readSoon();
      }),
    );
    this.registerEvent(
      sync.on("change", () => {
        const isRunning = sync.run?.isRunning ?? false;
        if (isRunning !== this.#isRunning) this.#readSoon();
        this.#isRunning = isRunning;
      }),
    );
    await this.#read();
  }

  async #read(): Promise<void> {
    const { session, sync } = this.#plugin;
    if (session.state !== "ready") return this.#draw(stateText(session), []);
    const found = await this.#find();
    sync.setConflicts(found.length);
    this.#paths = new Set(found.map(({ path }) => path));
    const left = `${counted(found.length, "conflict")} in ${counted(this.#paths.size, "note")}`;
    this.#draw(found.length ? left : "No conflicts are left.", found);
  }

  async #find(): Promise<Conflict[]> {
    const { app, session } = this.#plugin;
    const { items } = await session.request<{ items: { uri: string; items: Diagnostic[] }[] }>(
      "workspace/diagnostic",
      { previousResultIds: [] },
    );
    const found: Conflict[] = [];
    for (const { uri, items: diagnostics } of items) {
      const path = pathOf(app, uri);
      for (const diagnostic of path === null ? [] : diagnostics.filter(isConflict))
        found.push(await this.#conflict(path ?? "", diagnostic));
    }
    return found;
  }

  async #conflict(path: string, diagnostic: Diagnostic): Promise<Conflict> {
    const actions = await fixesOf(this.#plugin, { path, diagnostic });
    return { path, diagnostic, actions: actions.slice(0, CHOICES.length) };
  }

  #draw(text: string, conflicts: Conflict[]): void {
    const shown = JSON.stringify([text, this.#isRunning, conflicts], (key, value: unknown) =>
      key === "data" ? null : value,
    );
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { contentEl } = this;
    contentEl.empty();
    this.#drawHead(addDiv(contentEl, "head"), text, !conflicts.length);
    let before = "";
    for (const conflict of conflicts) {
      if (conflict.path !== before) this.#drawNote(conflict);
      before = conflict.path;
      this.#drawConflict(addDiv(contentEl, "conflict"), conflict);
    }
  }

  #drawHead(parent: HTMLElement, text: string, isDone: boolean): void {
    addSpan(parent, "text", text).role = "status";
    addButton(parent, "refresh-cw", "Look again", () => this.#read());
    const button = parent.createEl("button", { text: "Go on", cls: isDone ? "mod-cta" : "" });
    button.disabled = this.#isRunning;
    onClick(button, () => this.#plugin.sync.resume());
  }

  #drawNote({ path, diagnostic }: Conflict): void {
    const head = this.contentEl.createEl("h4");
    const link = head.createEl("a", { text: nameOf(path), href: path });
    addSpan(head, "detail", path);
    onClick(link, () => openAt(this.#plugin.app, path, diagnostic.range, "tab"));
  }

  #drawConflict(parent: HTMLElement, { actions }: Conflict): void {
    const [theirs = null, ours = null] = actions.map(editOf);
    const sides = addDiv(parent, "sides");
    // Where one replaces more than the other, it is the whole note.
    const isWhole = JSON.stringify(theirs?.range) !== JSON.stringify(ours?.range);
    const parts = isWhole
      ? [["The note as it is, without what is beside."], [ours?.newText.trimEnd()]]
      : differing(theirs?.newText.trimEnd() ?? "", ours?.newText.trimEnd() ?? "");
    HEADS.forEach(([name, detail], side) => {
      const box = addDiv(sides, "side");
      const head = addDiv(box, "name", name);
      addSpan(head, "detail", detail);
      const text = box.createEl("pre", { cls: "vaultsync-output", attr: { tabindex: "0", "aria-label": name } });
      const [start = "", middle = "", end = ""] = parts[side] ?? [];
      text.appendText(start);
      if (middle) text.createEl("mark", { text: middle });
      text.appendText(end);
    });
    const bar = addDiv(parent, "choices");
    actions.forEach((action, index) => {
      const button = bar.createEl("button", { text: CHOICES[index] });
      onClick(button, () => this.#keep(action));
    });
  }

  async #keep(action: CodeAction): Promise<void> {
    await applyFix(this.#plugin, action);
    this.#readSoon();
  }
}

/** The one change that an action makes. */
function editOf({ edit }: CodeAction): TextEdit | null {
  const [change] = (edit?.documentChanges ?? []) as TextDocumentEdit[];
  return (change?.edits[0] as TextEdit | undefined) ?? null;
}
