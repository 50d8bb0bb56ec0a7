/** The rows of the Problems view: how a group and a finding look, and their menus. */
import { Menu, setTooltip } from "obsidian";
import type { CodeAction } from "vscode-languageserver-types";
import { pathOf } from "./documents";
import { addArrow, addButton, addIcon, addSpan } from "./elements";
import {
  counted,
  isFixable,
  KINDS,
  nameOf,
  type Finding,
  type Group,
  type Grouping,
  type Row,
} from "./findings";
import { explain } from "./commands";
import { applyFix, attempt, fixAll, fixesOf } from "./fixes";
import type VaultsyncPlugin from "./main";
import { addMessage, plain } from "./message";
import { openAt } from "./places";

/** What the rows are shown with. */
export interface Shown {
  by: Grouping;
  closed: ReadonlySet<string>;
  plugin: VaultsyncPlugin;
  /** Show the findings of one rule only. */
  choose: (rule: string) => void;
}

const FIX_NOTE = "Fix all that is safe to fix in this note";

export function drawRow({ group, finding }: Row, el: HTMLElement, shown: Shown): void {
  el.ariaLevel = finding ? "2" : "1";
  if (finding) drawFinding(finding, el, shown);
  else drawGroup(group, el, shown);
}

function drawGroup(group: Group, el: HTMLElement, { by, closed, plugin }: Shown): void {
  const { key, name, detail, findings } = group;
  const isClosed = closed.has(key);
  el.addClass("is-group");
  el.ariaExpanded = String(!isClosed);
  addArrow(el).toggleClass("is-collapsed", isClosed);
  const text = addSpan(el, "text");
  addSpan(text, "name", name);
  addSpan(text, "detail", ` ${detail}`);
  if (by === "rule") addAction(el, "circle-help", "Explain the rule", () => explain(plugin, key));
  else if (isFixable(group)) addAction(el, "wand", FIX_NOTE, () => fixAll(plugin, [key]));
  counted(findings).forEach((count, kind) => {
    if (count) addKind(el, kind).createSpan({ text: String(count) });
  });
}

function drawFinding(finding: Finding, el: HTMLElement, { by, plugin }: Shown): void {
  const { path, code, rule, kind, text, line } = finding;
  setTooltip(el, `${KINDS[kind]?.name} ${code} ${rule}, line ${line}: ${text}`);
  addKind(el, kind);
  const textEl = addSpan(el, "text");
  if (by === "rule") addSpan(textEl, "name", nameOf(path));
  addMessage(textEl, text);
  if (finding.isFixable) addAction(el, "wrench", "Fix", (event) => fix(plugin, finding, event));
  const place = addSpan(el, "detail");
  if (by === "note") place.createDiv({ text: code });
  place.createDiv({ text: String(line) });
}

function addKind(parent: HTMLElement, kind: number): HTMLElement {
  const { name, icon } = KINDS[kind] ?? KINDS[0];
  return addIcon(parent, `kind is-${name}`, icon);
}

function addAction(
  parent: HTMLElement,
  icon: string,
  label: string,
  act: (event: MouseEvent) => Promise<void>,
): void {
  const el = addButton(parent, icon, label, (event) => {
    event.stopPropagation();
    return act(event);
  });
  el.addClass("vaultsync-action");
  // The list has the focus; its keys and menu do the same.
  el.tabIndex = -1;
}

/** Make the one fix that is safe, or let one be chosen. */
export async function fix(
  plugin: VaultsyncPlugin,
  finding: Finding,
  place: MouseEvent | HTMLElement,
): Promise<void> {
  const fixes = await fixesOf(plugin, finding);
  const [first, second] = fixes;
  if (first?.isPreferred && !second?.isPreferred) return applyFix(plugin, first);
  const menu = new Menu();
  addFixes(menu, plugin, fixes);
  showAt(menu, place);
}

function addFixes(menu: Menu, plugin: VaultsyncPlugin, fixes: readonly CodeAction[]): void {
  for (const one of fixes)
    addItem(menu, plain(one.title), one.isPreferred ? "wrench" : "pencil", () =>
      applyFix(plugin, one),
    );
}

/** Return what can be done with a row. */
export async function menuOf({ group, finding }: Row, { by, plugin, choose }: Shown): Promise<Menu> {
  const menu = new Menu();
  const code = finding?.code ?? (by === "rule" && group.key);
  if (finding) {
    addFixes(menu, plugin, await fixesOf(plugin, finding));
    menu.addSeparator();
    addPlaces(menu, plugin, finding);
  } else if (by === "note") {
    addItem(menu, FIX_NOTE, "wand", () => fixAll(plugin, [group.key]));
    addItem(menu, "Open", "file-text", () => openAt(plugin.app, group.key));
  }
  if (!code) return menu;
  menu.addSeparator();
  addItem(menu, `Explain ${code}`, "circle-help", () => explain(plugin, code));
  addItem(menu, `Show only ${code}`, "list-filter", async () => choose(code));
  return menu;
}

function addPlaces(menu: Menu, { app }: VaultsyncPlugin, { path, diagnostic }: Finding): void {
  addItem(menu, "Open in new tab", "file-plus", () => openAt(app, path, diagnostic.range, "tab"));
  for (const { location, message } of diagnostic.relatedInformation ?? []) {
    const related = pathOf(app, location.uri);
    if (related)
      addItem(menu, `Go to: ${message}`, "arrow-right", () => openAt(app, related, location.range));
  }
}

function addItem(menu: Menu, title: string, icon: string, act: () => Promise<void>): void {
  menu.addItem((item) =>
    item
      .setTitle(title)
      .setIcon(icon)
      .onClick(() => attempt(act())),
  );
}

/** Show a menu where the pointer is, or below a row. */
export function showAt(menu: Menu, place: MouseEvent | HTMLElement): void {
  if ("clientX" in place) return void menu.showAtMouseEvent(place);
  const { left, bottom } = place.getBoundingClientRect();
  menu.showAtPosition({ x: left + 24, y: bottom }, place.ownerDocument);
}
