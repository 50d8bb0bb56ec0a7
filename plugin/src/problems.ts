/** The Problems view: what is found in the whole vault, to look through, go to and fix. */
import { debounce, ItemView, Keymap, type ViewStateResult, type WorkspaceLeaf } from "obsidian";
import type { Diagnostic } from "vscode-languageserver-types";
import { pathOf } from "./documents";
import { addDiv, onClick } from "./elements";
import { findingsOf, grouped, rowsOf, type Finding, type Group, type Row } from "./findings";
import { attempt, fixAll } from "./fixes";
import type VaultsyncPlugin from "./main";
import { openAt } from "./places";
import { ProblemFilter } from "./problem_filter";
import { drawRow, fix, menuOf, showAt, type Shown } from "./problem_rows";
import { RowList } from "./row_list";
import { stateText } from "./status";

export const PROBLEMS = "vaultsync-problems";

/** From this width in pixels on, a row is one line. */
const WIDE = 520;

interface Report {
  items: { uri: string; items: Diagnostic[] }[];
}

export class ProblemsView extends ItemView {
  override icon = "list-checks";
  override navigation = false;
  readonly #plugin: VaultsyncPlugin;
  readonly #closed = new Set<string>();
  readonly #all = new Map<string, Finding[]>();
  /** Notes that were published while the whole vault was reported, which is older. */
  readonly #newer = new Set<string>();
  readonly #refreshSoon = debounce(() => this.#refresh(), 50);
  #isLoading = false;
  /** Why the vault cannot be read. */
  #problem: string | null = null;
  #groups: Group[] = [];
  #rows: Row[] = [];
  #filter!: ProblemFilter;
  #message!: HTMLElement;
  #list!: RowList<Row>;

  constructor(leaf: WorkspaceLeaf, plugin: VaultsyncPlugin) {
    super(leaf);
    this.#plugin = plugin;
  }

  override getViewType(): string {
    return PROBLEMS;
  }

  override getDisplayText(): string {
    return "Problems";
  }

  override getState(): Record<string, unknown> {
    return this.#filter.state;
  }

  override async setState(state: unknown, result: ViewStateResult): Promise<void> {
    this.#filter.set(state ?? {});
    await super.setState(state, result);
  }

  override onResize(): void {
    this.contentEl.toggleClass("is-wide", this.contentEl.clientWidth >= WIDE);
    this.#list.paint();
  }

  protected override async onOpen(): Promise<void> {
    const { session, app } = this.#plugin;
    this.#draw();
    this.registerEvent(session.on("diagnostics", ({ path, diagnostics }) => this.#take(path, diagnostics)));
    this.registerEvent(session.on("state", () => attempt(this.#read())));
    this.registerEvent(session.on("progress", () => this.#showMessage()));
    this.registerEvent(session.on("overview", () => this.#follow()));
    this.registerEvent(app.workspace.on("file-open", () => this.#filter.follow()));
    this.registerEvent(app.workspace.on("css-change", () => this.#list.paint()));
    this.#follow();
    await this.#read();
  }

  #draw(): void {
    const { contentEl } = this;
    const plugin = this.#plugin;
    const commands = [
      ["chevrons-down-up", "Close or open all groups", () => this.#fold()],
      ["wand", "Fix all that is safe to fix", () => fixAll(plugin)],
      ["refresh-cw", "Check again", () => this.#read()],
    ] as const;
    contentEl.addClass("vaultsync-problems");
    this.#filter = new ProblemFilter(contentEl, plugin.app, commands, () => this.#refresh());
    this.#message = addDiv(contentEl, "empty");
    this.#message.role = "status";
    this.#list = new RowList(contentEl, "Problems", {
      draw: (row, el) => drawRow(row, el, this.#shown()),
      open: (row, event) => this.#goTo(row, event),
      menu: (row, place) => attempt(menuOf(row, this.#shown()).then((menu) => showAt(menu, place))),
      press: (row, event, el) => this.#press(row, event, el),
    });
  }

  #shown(): Shown {
    const choose = (rule: string): void => this.#filter.change({ rule });
    return { by: this.#filter.by, closed: this.#closed, plugin: this.#plugin, choose };
  }

  /** Read all again once the vault can be read. */
  #follow(): void {
    const problem = this.#plugin.session.overview?.problem ?? null;
    if (this.#problem && !problem) attempt(this.#read());
    this.#problem = problem;
    this.#showMessage();
  }

  /** Read what is found in the whole vault. */
  async #read(): Promise<void> {
    const { session } = this.#plugin;
    this.#newer.clear();
    this.#isLoading = session.state === "ready";
    if (!this.#isLoading) this.#all.clear();
    this.#refresh();
    if (!this.#isLoading) return;
    try {
      this.#replace(await session.request<Report>("workspace/diagnostic", { previousResultIds: [] }));
    } finally {
      this.#isLoading = false;
      this.#refresh();
    }
  }

  #replace({ items }: Report): void {
    for (const path of [...this.#all.keys()]) if (!this.#newer.has(path)) this.#all.delete(path);
    for (const { uri, items: diagnostics } of items) {
      const path = pathOf(this.#plugin.app, uri);
      if (path !== null && !this.#newer.has(path)) this.#all.set(path, findingsOf(path, diagnostics));
    }
  }

  #take(path: string, diagnostics: readonly Diagnostic[]): void {
    this.#newer.add(path);
    this.#all.set(path, findingsOf(path, diagnostics));
    this.#refreshSoon();
  }

  /** Show what is found now, through the filter. */
  #refresh(): void {
    const { by } = this.#filter;
    this.#groups = grouped(this.#filter.apply(this.#all), by);
    this.#rows = rowsOf(this.#groups, by, this.#closed);
    this.#list.set(this.#rows);
    this.#showMessage();
  }

  /** Show why there is nothing to see. */
  #showMessage(): void {
    const { session } = this.#plugin;
    const { state } = session;
    const isEmpty = ![...this.#all.values()].some((findings) => findings.length);
    this.#message.empty();
    this.#message.toggleClass("is-failed", state === "failed");
    if (state === "starting") this.#show(stateText(session));
    else if (state !== "ready")
      this.#show(stateText(session), "Start it", () => this.#plugin.restart());
    else if (this.#rows.length) return;
    else if (this.#isLoading) this.#show(session.progress ? stateText(session) : "Checking the vault …");
    else if (isEmpty) this.#show(session.overview?.problem ?? "No problems in the vault.");
    else this.#show("Nothing passes the filter.", "Show all", () => this.#filter.clear());
  }

  #show(text: string, button = "", act?: () => unknown): void {
    this.#message.createSpan({ text });
    if (act) onClick(this.#message.createEl("button", { text: button }), act);
  }

  #goTo({ group, finding }: Row, event: MouseEvent | KeyboardEvent): void {
    if (!finding) return this.#setOpen([group], this.#closed.has(group.key));
    attempt(openAt(this.#plugin.app, finding.path, finding.diagnostic.range, Keymap.isModEvent(event)));
  }

  #press(row: Row, event: KeyboardEvent, el: HTMLElement): boolean {
    const { group, finding } = row;
    if (event.key === "ArrowRight" && !finding) this.#setOpen([group], true);
    else if (event.key === "ArrowLeft" && finding)
      this.#list.goTo(this.#rows.findIndex((one) => one.group === group));
    else if (event.key === "ArrowLeft") this.#setOpen([group], false);
    else if (event.key === "." && Keymap.isModifier(event, "Mod") && finding)
      attempt(fix(this.#plugin, finding, el));
    else return false;
    return true;
  }

  #fold(): void {
    this.#setOpen(
      this.#groups,
      this.#groups.every(({ key }) => this.#closed.has(key)),
    );
  }

  #setOpen(groups: readonly Group[], isOpen: boolean): void {
    for (const { key } of groups) {
      if (isOpen) this.#closed.delete(key);
      else this.#closed.add(key);
    }
    this.#refresh();
  }
}
