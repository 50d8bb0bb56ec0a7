/** The head of the Problems view: what is shown of the findings, and how. */
import { type App, DropdownComponent, SearchComponent, setIcon } from "obsidian";
import type { Diagnostic } from "vscode-languageserver-types";
import * as findings from "./findings";
import type { Filter, Finding, Grouping } from "./findings";
import { ICONS } from "./problem_rows";

/** A button beside the filter: an icon, what it does, and what happens. */
export type Command = readonly [icon: string, label: string, onClick: () => void];

export class ProblemFilter {
  by: Grouping = "note";
  private readonly filter: Filter = { hidden: [], rule: "", text: "", path: "" };
  private isFollowing = false;
  private readonly byEl: HTMLElement;
  private readonly followEl: HTMLElement;
  private readonly severityEls: ReadonlyMap<number, HTMLElement>;
  private readonly search: SearchComponent;
  private readonly rules: DropdownComponent;

  constructor(
    parent: HTMLElement,
    private readonly app: App,
    commands: readonly Command[],
    private readonly onChange: () => void,
  ) {
    const head = parent.createDiv({ cls: "nav-header" });
    const bar = head.createDiv({ cls: "nav-buttons-container" });
    this.byEl = button(bar, ["group", "Group by rule", () => this.set({ by: this.by === "rule" ? "note" : "rule" })]);
    this.followEl = button(bar, ["file-text", "Only the active note", () => this.follow(!this.isFollowing)]);
    for (const command of commands) button(bar, command);
    const filters = head.createDiv({ cls: "vaultsync-filters" });
    this.search = new SearchComponent(filters).setPlaceholder("Filter: words, !words").onChange((text) => {
      this.change({ text });
    });
    this.search.inputEl.setAttribute("aria-label", "Filter by words of the message, rule or note");
    const choices = filters.createDiv({ cls: "vaultsync-choices" });
    this.severityEls = new Map(
      findings.SEVERITIES.map((one) => [one, button(choices, [ICONS[one] ?? "", "", () => this.toggle(one)])]),
    );
    this.rules = new DropdownComponent(choices).onChange((rule) => this.change({ rule }));
    this.rules.selectEl.setAttribute("aria-label", "Rule");
  }

  /** What is kept with the layout of the workspace. */
  get state(): Record<string, unknown> {
    return { by: this.by, hidden: this.filter.hidden };
  }

  set({ by = this.by, hidden = this.filter.hidden }: { by?: unknown; hidden?: unknown }): void {
    this.by = by === "rule" ? "rule" : "note";
    this.change({ hidden: findings.SEVERITIES.filter((one) => Array.isArray(hidden) && hidden.includes(one)) });
  }

  change(filter: Partial<Filter>): void {
    Object.assign(this.filter, filter);
    this.onChange();
  }

  /** Let everything through. */
  clear(): void {
    this.isFollowing = false;
    this.search.setValue("");
    this.change({ hidden: [], rule: "", text: "", path: "" });
  }

  /** Show the active note only, if that is wanted. */
  follow(isFollowing = this.isFollowing): void {
    this.isFollowing = isFollowing;
    const path = isFollowing ? (this.app.workspace.getActiveFile()?.path ?? "") : "";
    this.change({ path });
  }

  /** Return what passes, and show how much there is of what. */
  apply(all: ReadonlyMap<string, readonly Diagnostic[]>): Finding[] {
    const matched = findings.matching(all, this.filter);
    press(this.byEl, this.by === "rule");
    press(this.followEl, this.isFollowing);
    for (const [severity, count] of findings.counted(matched)) this.showCount(severity, count);
    this.showRules(findings.rulesOf(all));
    return matched.filter(({ diagnostic }) => !this.filter.hidden.includes(findings.severityOf(diagnostic)));
  }

  private toggle(severity: number): void {
    const { hidden } = this.filter;
    this.set({ hidden: hidden.includes(severity) ? hidden.filter((one) => one !== severity) : [...hidden, severity] });
  }

  private showCount(severity: number, count: number): void {
    const el = this.severityEls.get(severity);
    if (!el) return;
    press(el, !this.filter.hidden.includes(severity));
    el.setAttribute("aria-label", findings.countText(count, severity));
    (el.querySelector("span") ?? el.createSpan()).setText(String(count));
  }

  private showRules(rules: readonly [string, string][]): void {
    const { rule } = this.filter;
    const names = new Map([["", "All rules"], [rule, rule || "All rules"], ...rules.map(([code, name]) => [code, `${code} ${name}`] as const)]);
    this.rules.selectEl.empty();
    this.rules.addOptions(Object.fromEntries(names)).setValue(rule);
  }
}

function button(parent: HTMLElement, [icon, label, onClick]: Command): HTMLElement {
  const el = parent.createEl("button", { cls: "clickable-icon nav-action-button", attr: { "aria-label": label } });
  setIcon(el, icon);
  el.addEventListener("click", onClick);
  return el;
}

function press(el: HTMLElement, isPressed: boolean): void {
  el.setAttribute("aria-pressed", String(isPressed));
  el.toggleClass("is-active", isPressed);
}
