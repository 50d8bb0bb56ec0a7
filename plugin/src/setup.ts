/** The first run: which program may run for this vault, and whether all that it needs is there. */

import { Modal, Notice, setIcon, Setting } from "obsidian";
import { type Check, examine, problem } from "./checks";
import { rootOf } from "./documents";
import { addDiv, addSpan } from "./elements";
import { labelOf, messageOf } from "./forms";
import type VaultsyncPlugin from "./main";
import { addButtons, addRemedy } from "./modals";
import { find, isConfirmed, type Program, programOf, setProgram } from "./program";

const INTRODUCTION =
  "The program vaultsync, which you install yourself, checks your notes. It runs for this vault only if " +
  "you allow it. Your choice is kept on this computer, not in the vault.";
const OFFERED = "vaultsync-offered";
const ICONS: Record<Check["state"], string> = {
  ok: "check",
  missing: "x",
  wrong: "x",
  unknown: "help-circle",
};

/** Show the setup once, where the program may be allowed to run; resolves to the choice. */
export function confirm(plugin: VaultsyncPlugin): Promise<boolean> {
  if (plugin.app.loadLocalStorage(OFFERED)) return Promise.resolve(false);
  return new Promise((resolve) => openSetup(plugin, resolve));
}

/** Show the setup again. */
export function showSetup(plugin: VaultsyncPlugin): void {
  openSetup(plugin, (isAllowed) => void (isAllowed && plugin.session.start()));
}

/** Return the arguments in a line, where those with spaces have quotes. */
export function argumentsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

export function lineOf(args: string[]): string {
  return args.map((argument) => (/\s|^$/.test(argument) ? `"${argument}"` : argument)).join(" ");
}

function openSetup(plugin: VaultsyncPlugin, done: (isAllowed: boolean) => void): void {
  const { app } = plugin;
  const modal = new Modal(app).setTitle("Set up the program");
  let isAllowed = false;
  modal.modalEl.addClass("vaultsync-modal");
  addSetup(modal, plugin, () => (isAllowed = true));
  modal.onClose = () => {
    app.saveLocalStorage(OFFERED, true);
    if (!isConfirmed(app)) new Notice("Vaultsync is off for this vault. To change that, show its setup.");
    done(isAllowed);
  };
  modal.open();
}

function addSetup(modal: Modal, plugin: VaultsyncPlugin, allowed: () => void): void {
  const { contentEl: el } = modal;
  const { path, args } = programOf(plugin.app);
  const wanted: Program = { path, args };
  el.createEl("p", { text: INTRODUCTION });
  const place = addField(el, "Program", path, (text) => update({ path: text }));
  const hint = "Before those of the plugin; mostly none";
  addField(el, "Arguments", lineOf(args), (line) => update({ args: argumentsOf(line) })).setText(hint);
  const command = el.createEl("pre", { cls: "vaultsync-output" });
  const checks = addDiv(el, "checks");
  const bar = el.createDiv();
  const look = (): Promise<void> => showChecks(plugin, checks);
  const update = (changed: Partial<Program>): void => {
    Object.assign(wanted, changed);
    const file = find(wanted.path);
    place.setText(file ? `Found: ${file}` : "Not found");
    place.toggleClass("mod-warning", !file);
    command.setText(lineOf([file ?? wanted.path, ...wanted.args, "server", "--vault", rootOf(plugin.app)]));
    bar.empty();
    const isNew =
      !isConfirmed(plugin.app) || JSON.stringify(wanted) !== JSON.stringify(programOf(plugin.app));
    addButtons(bar, isNew ? ["Allow", allow] : ["Check again", look], [
      isNew ? "Not now" : "Close",
      () => modal.close(),
    ]);
  };
  const allow = (): Promise<void> => {
    setProgram(plugin.app, { ...wanted });
    allowed();
    update({});
    return look();
  };
  update({});
  if (isConfirmed(plugin.app)) void look();
}

/** Add a field for a text; return the element below its name. */
function addField(
  parent: HTMLElement,
  name: string,
  value: string,
  act: (text: string) => void,
): HTMLElement {
  const setting = new Setting(parent).setName(name).addText((text) => {
    text.setValue(value).onChange((changed) => act(changed.trim()));
    text.inputEl.setAttribute("aria-label", name);
  });
  return setting.descEl;
}

async function showChecks(plugin: VaultsyncPlugin, parent: HTMLElement): Promise<void> {
  parent.setText("Checking…");
  const wrong = (error: unknown): Check[] => [problem("wrong", messageOf(error))];
  const checks = await examine(plugin).catch(wrong);
  parent.empty();
  for (const check of checks) addCheck(parent, check);
}

function addCheck(parent: HTMLElement, { name, state, message, remedy }: Check): void {
  const row = addDiv(parent, `check vaultsync-${state}`);
  setIcon(row.createSpan({ cls: "vaultsync-icon", attr: { "aria-label": state } }), ICONS[state]);
  const body = row.createDiv();
  addSpan(body, "name", labelOf(name));
  body.createDiv({ text: message });
  addRemedy(body, remedy ?? "");
}
