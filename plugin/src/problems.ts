/** The Problems view: what is found in the whole vault, to look through, go to and fix. */
import { debounce, ItemView, Keymap, type ViewStateResult, type WorkspaceLeaf } from "obsidian";
import type { Diagnostic } from "vscode-languageserver-types";
import { pathOf } from "./documents";
import * as findings from "./findings";
import type { Group, Grouping, Row } from "./findings";
import { attempt, fixAll } from "./fixes";
import type VaultsyncPlugin from "./main";
import { openAt } from "./places";
import { ProblemFilter } from "./problem_filter";
import { drawRow, fix, lookOf, menuOf, showAt, type Shown } from "./problem_rows";
import { RowList } from "./row_list";
import { stateText } from "./status";

export const PROBLEMS = "vaultsync-problems";

/** From this width in pixels on, a finding is one line. */
const WIDE = 520;

interface Report {
  items: { uri: string; items: Diagnostic[] }[];
}

export class ProblemsView extends ItemView implements Shown {
  override icon = "list-checks";
  override navigation = false;
  readonly closed = new Set<string>();
  private all = new Map<string, Diagnostic[]>();
  /** What was published while the whole vault was reported, which is newer. */
  private readonly newer = new Set<string>();
  private isLoading = false;
  private groups: Group[] = [];
  private rows: Row[] = [];
  private readonly refreshSoon = debounce(() => this.refresh(), 50);
  private filter!: ProblemFilter;
  private message!: HTMLElement;
  private list!: RowList<Row>;

  constructor(
    leaf: WorkspaceLeaf,
    readonly plugin: VaultsyncPlugin,
  ) {
    super(leaf);
  }

  override getViewType(): string {
    return PROBLEMS;
  }

  override getDisplayText(): string {
    return "Problems";
  }

  override getState(): Record<string, unknown> {
    return this.filter.state;
  }

  override async setState(state: unknown, result: ViewStateResult): Promise<void> {
    this.filter.set(state ?? {});
    await super.setState(state, result);
  }

  override onResize(): void {
    this.contentEl.toggleClass("is-wide", this.contentEl.clientWidth >= WIDE);
    this.list.paint();
  }

  get by(): Grouping {
    return this.filter.by;
  }

  choose(rule: string): void {
    this.filter.change({ rule });
  }

  protected override async onOpen(): Promise<void> {
    const { session, app } = this.plugin;
    this.drawAll();
    this.registerEvent(session.on("diagnostics", ({ path, diagnostics }) => this.take(path, diagnostics)));
    this.registerEvent(session.on("state", () => attempt(this.readAll())));
    this.registerEvent(session.on("progress", () => this.showMessage()));
    this.registerEvent(app.workspace.on("file-open", () => this.filter.follow()));
    this.registerEvent(app.workspace.on("css-change", () => this.list.paint()));
    await this.readAll();
  }

  private drawAll(): void {
    const { contentEl, plugin } = this;
    contentEl.addClass("vaultsync-problems");
    this.filter = new ProblemFilter(
      contentEl,
      plugin.app,
      [
        ["chevrons-down-up", "Close or open all groups", () => this.fold()],
        ["wand", "Fix all that is safe to fix", () => attempt(fixAll(plugin, null))],
        ["refresh-cw", "Check again", () => attempt(this.readAll())],
      ],
      () => this.refresh(),
    );
    this.message = contentEl.createDiv({ cls: "vaultsync-message", attr: { role: "status" } });
    this.list = new RowList(contentEl, "Problems", {
      keyOf: (row) => lookOf(row, this),
      draw: (row, el) => drawRow(row, el, this),
      onOpen: (row, event) => this.goTo(row, event),
      onMenu: (row, place) => attempt(menuOf(row, this).then((menu) => showAt(menu, place))),
      onKey: (row, event, el) => this.onKey(row, event, el),
    });
  }

  /** Read what is found in the whole vault. */
  private async readAll(): Promise<void> {
    const { session, app } = this.plugin;
    this.newer.clear();
    this.isLoading = session.state === "ready";
    if (!this.isLoading) this.all.clear();
    this.refresh();
    if (!this.isLoading) return;
    try {
      const { items } = await session.request<Report>("workspace/diagnostic", { previousResultIds: [] });
      this.all = new Map([...this.all].filter(([path]) => this.newer.has(path)));
      for (const one of items) {
        const path = pathOf(app, one.uri);
        if (path !== null && !this.newer.has(path)) this.all.set(path, one.items);
      }
    } finally {
      this.isLoading = false;
      this.refresh();
    }
  }

  private take(path: string, diagnostics: Diagnostic[]): void {
    this.newer.add(path);
    if (diagnostics.length) this.all.set(path, diagnostics);
    else this.all.delete(path);
    this.refreshSoon();
  }

  /** Show what is found now, through the filter. */
  private refresh(): void {
    this.groups = findings.grouped(this.filter.apply(this.all), this.by);
    this.rows = findings.rowsOf(this.groups, this.closed);
    this.list.set(this.rows);
    this.showMessage();
  }

  /** Show why there is nothing to see. */
  private showMessage(): void {
    const { session } = this.plugin;
    const isFailed = session.state === "failed" || session.state === "off";
    this.message.empty();
    this.message.toggleClass("is-failed", session.state === "failed");
    if (session.state !== "ready") this.message.createSpan({ text: stateText(session) });
    else if (this.rows.length) return;
    else if (this.isLoading) this.message.createSpan({ text: "Reading the vault …" });
    else if (!this.all.size) this.message.createSpan({ text: "No problems in the vault." });
    else this.offer("Nothing passes the filter.", "Show all", () => this.filter.clear());
    if (isFailed) this.offer("", "Start the server", () => attempt(this.plugin.begin()));
  }

  private offer(text: string, title: string, onClick: () => void): void {
    this.message.createSpan({ text });
    this.message.createEl("button", { text: title }).addEventListener("click", onClick);
  }

  private goTo({ group, finding }: Row, event: MouseEvent | KeyboardEvent): void {
    if (!finding) return this.setOpen([group], this.closed.has(group.key));
    const { path, diagnostic } = finding;
    attempt(openAt(this.plugin.app, path, diagnostic.range, Keymap.isModEvent(event)));
  }

  private onKey(row: Row, event: KeyboardEvent, el: HTMLElement): boolean {
    const { group, finding } = row;
    if (event.key === "ArrowRight" && !finding) this.setOpen([group], true);
    else if (event.key === "ArrowLeft" && finding) this.list.goTo(this.rows.findIndex((one) => one.group === group));
    else if (event.key === "ArrowLeft") this.setOpen([group], false);
    else if (event.key === " ") this.goTo(row, event);
    else if (event.key === "." && Keymap.isModifier(event, "Mod") && finding) attempt(fix(this.plugin, finding, el));
    else return false;
    return true;
  }

  private fold(): void {
    this.setOpen(this.groups, this.groups.every(({ key }) => this.closed.has(key)));
  }

  private setOpen(groups: readonly Group[], isOpen: boolean): void {
    for (const { key } of groups) {
      if (isOpen) this.closed.delete(key);
      else this.closed.add(key);
    }
    this.refresh();
  }
}
