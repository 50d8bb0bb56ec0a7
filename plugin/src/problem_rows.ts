/** The rows of the Problems view: how a group and a finding look, and their menus. */
import { Menu, setIcon, setTooltip } from "obsidian";
import { pathOf } from "./documents";
import * as findings from "./findings";
import type { Finding, Group, Grouping, Row } from "./findings";
import { explain } from "./commands";
import { applyFix, attempt, fixAll, fixesOf } from "./fixes";
import type VaultsyncPlugin from "./main";
import { addMessage } from "./message";
import { openAt } from "./places";

export const ICONS: Readonly<Record<number, string>> = {
  [findings.ERROR]: "circle-x",
  [findings.WARNING]: "triangle-alert",
  [findings.HINT]: "info",
};

/** What the rows are shown with. */
export interface Shown {
  by: Grouping;
  closed: ReadonlySet<string>;
  plugin: VaultsyncPlugin;
  /** Show the findings of one rule only. */
  choose(rule: string): void;
}

/** Return a name for a row and for all that its look depends on. */
export function lookOf(row: Row, { by, closed }: Shown): string {
  const { key, findings: all } = row.group;
  if (row.finding) return `${by}:${findings.keyOf(row)}`;
  return [by, key, closed.has(key), isFixable(row.group), ...findings.counted(all).values()].join(":");
}

export function drawRow(row: Row, el: HTMLElement, shown: Shown): void {
  el.setAttribute("aria-level", row.finding ? "2" : "1");
  if (row.finding) drawFinding(row.finding, el, shown);
  else drawGroup(row.group, el, shown);
}

function drawGroup(group: Group, el: HTMLElement, { by, closed, plugin }: Shown): void {
  const isClosed = closed.has(group.key);
  el.addClass("is-group");
  el.setAttribute("aria-expanded", String(!isClosed));
  setIcon(el.createSpan({ cls: ["tree-item-icon", "collapse-icon", ...(isClosed ? ["is-collapsed"] : [])] }), "right-triangle");
  const text = el.createSpan({ cls: "vaultsync-text" });
  text.createSpan({ cls: "vaultsync-name", text: group.name });
  text.createSpan({ cls: "vaultsync-detail", text: group.detail });
  if (by === "note" && isFixable(group))
    action(el, "wand", "Fix all that is safe to fix in this note", () => attempt(fixAll(plugin, [group.key])));
  if (by === "rule") action(el, "circle-help", "Explain the rule", () => attempt(explain(plugin, group.key)));
  const counts = el.createSpan({ cls: "vaultsync-counts" });
  for (const [severity, count] of findings.counted(group.findings)) {
    if (!count) continue;
    const cls = `tree-item-flair is-${findings.NAMES[severity]}`;
    counts.createSpan({ cls, text: String(count), attr: { "aria-label": findings.countText(count, severity) } });
  }
}

function isFixable(group: Group): boolean {
  return group.findings.some(({ diagnostic }) => findings.ruleOf(diagnostic).isFixable);
}

function drawFinding(finding: Finding, el: HTMLElement, { by, plugin }: Shown): void {
  const { path, diagnostic } = finding;
  const { code, name, isFixable } = findings.ruleOf(diagnostic);
  const severity = findings.severityOf(diagnostic);
  const line = String(diagnostic.range.start.line + 1);
  setTooltip(el, `${findings.NAMES[severity]} ${code} ${name}, line ${line}: ${findings.textOf(diagnostic)}`);
  setIcon(el.createSpan({ cls: `vaultsync-severity is-${findings.NAMES[severity]}` }), ICONS[severity] ?? "");
  const text = el.createSpan({ cls: "vaultsync-text" });
  if (by === "rule") text.createSpan({ cls: "vaultsync-name", text: findings.nameOf(path) });
  addMessage(text.createSpan(), findings.textOf(diagnostic));
  if (isFixable) action(el, "wrench", "Fix", (event) => attempt(fix(plugin, finding, event)));
  const place = el.createSpan({ cls: "vaultsync-place" });
  if (by === "note") place.createSpan({ text: code });
  place.createSpan({ text: line });
}

function action(parent: HTMLElement, icon: string, label: string, onClick: (event: MouseEvent) => void): void {
  const cls = "clickable-icon vaultsync-action";
  const el = parent.createEl("button", { cls, attr: { "aria-label": label, tabindex: "-1" } });
  setIcon(el, icon);
  el.addEventListener("click", (event) => {
    event.stopPropagation();
    onClick(event);
  });
}

/** Make the one fix that is safe, or let one be chosen. */
export async function fix(plugin: VaultsyncPlugin, finding: Finding, event: MouseEvent | HTMLElement): Promise<void> {
  const fixes = await fixesOf(plugin, finding);
  const [first, second] = fixes;
  if (first?.isPreferred && !second?.isPreferred) return applyFix(plugin, first);
  const menu = new Menu();
  addFixes(menu, plugin, fixes);
  showAt(menu, event);
}

function addFixes(menu: Menu, plugin: VaultsyncPlugin, fixes: Awaited<ReturnType<typeof fixesOf>>): void {
  for (const one of fixes)
    add(menu, one.title, one.isPreferred ? "wrench" : "pencil", () => attempt(applyFix(plugin, one)));
  if (!fixes.length) menu.addItem((item) => item.setTitle("No fix is known").setDisabled(true));
}

/** Return what can be done with a row. */
export async function menuOf({ group, finding }: Row, { by, plugin, choose }: Shown): Promise<Menu> {
  const menu = new Menu();
  const code = finding ? findings.ruleOf(finding.diagnostic).code : by === "rule" ? group.key : "";
  if (finding) {
    addFixes(menu, plugin, await fixesOf(plugin, finding));
    menu.addSeparator();
    addPlaces(menu, plugin, finding);
  } else if (by === "note") {
    add(menu, "Fix all that is safe to fix in this note", "wand", () => attempt(fixAll(plugin, [group.key])));
    add(menu, "Open", "file-text", () => attempt(openAt(plugin.app, group.key)));
  }
  if (!code) return menu;
  menu.addSeparator();
  add(menu, `Explain ${code}`, "circle-help", () => attempt(explain(plugin, code)));
  add(menu, `Show only ${code}`, "list-filter", () => choose(code));
  return menu;
}

function addPlaces(menu: Menu, plugin: VaultsyncPlugin, { path, diagnostic }: Finding): void {
  const { app } = plugin;
  add(menu, "Go to", "arrow-right", () => attempt(openAt(app, path, diagnostic.range)));
  add(menu, "Open in new tab", "file-plus", () => attempt(openAt(app, path, diagnostic.range, "tab")));
  for (const { location, message } of diagnostic.relatedInformation ?? []) {
    const related = pathOf(app, location.uri);
    if (related) add(menu, `Go to: ${message}`, "corner-down-right", () => attempt(openAt(app, related, location.range)));
  }
}

function add(menu: Menu, title: string, icon: string, onClick: () => void): void {
  menu.addItem((item) => item.setTitle(title).setIcon(icon).onClick(onClick));
}

/** Show a menu where the pointer is, or below a row. */
export function showAt(menu: Menu, place: MouseEvent | HTMLElement): void {
  if ("clientX" in place) return void menu.showAtMouseEvent(place);
  const { left, bottom } = place.getBoundingClientRect();
  menu.showAtPosition({ x: left + 24, y: bottom }, place.ownerDocument);
}
