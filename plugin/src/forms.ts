/** Forms that are made from data. */

import { type App, Modal, Setting } from "obsidian";
import { addButtons, addOutput } from "./modals";

export type Value = string | number | boolean | string[];
export type Values = Record<string, Value>;

/** A field, as `vaultsync.types` describes a property. */
export interface Field {
  name: string;
  kind: "text" | "number" | "date" | "flag" | "choice" | "list";
  label?: string;
  hint?: string;
  choices?: (string | number)[];
  isRequired?: boolean;
  /** Required, but a form that is submitted twice goes on without it. */
  isWanted?: boolean;
  initial?: Value | null;
  /** The most characters of a text, items of a list, or the highest number. */
  most?: number | null;
}

/** What a form shows. `submit` keeps it open by returning what there is to read, or by throwing. */
export interface Plan {
  title: string;
  text?: string;
  /** What a command printed, which is to be read before. */
  output?: string;
  fields?: Field[];
  /** Fields that are folded away at first. */
  more?: Field[];
  button: string;
  submit?: (values: Values) => Promise<DocumentFragment | null>;
}

interface Row {
  field: Field;
  read: () => Value | null;
  /** Show what is wrong beside the field; return whether it is right. */
  check: () => boolean;
  focus: () => void;
}

/** Return what to call a property: `tested_on` is "Tested on". */
export function labelOf(name: string): string {
  const words = name.replace(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return what is wrong with the value of a field, "" where nothing is. */
export function problemOf({ isRequired, isWanted, most }: Field, value: Value | null): string {
  if (isEmpty(value)) return isRequired || isWanted ? "This is required." : "";
  if (Number.isNaN(value)) return "This is not a number.";
  const size =
    typeof value === "number" ? value : typeof value === "string" ? [...value].length : lengthOf(value);
  if (size <= (most ?? Infinity)) return "";
  const unit =
    typeof value === "string" ? " characters are" : typeof value === "number" ? " is" : " entries are";
  return `At most ${most}${unit} allowed, and this is ${size}.`;
}

function isEmpty(value: Value | null): boolean {
  return value === null || value === "" || (Array.isArray(value) && !value.length);
}

function lengthOf(value: Value | null): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Show a form, where Enter in a field submits; return its values, null where it is closed without. */
export function ask(app: App, plan: Plan): Promise<Values | null> {
  return new Promise((resolve) => {
    const modal = new Modal(app);
    let answer: Values | null = null;
    const rows = addForm(modal, plan, (values) => {
      answer = values;
      modal.close();
    });
    modal.onOpen = () => (rows[0] ?? { focus: () => focusIn(modal.contentEl) }).focus();
    modal.onClose = () => resolve(answer);
    modal.open();
  });
}

function addForm(modal: Modal, plan: Plan, done: (values: Values) => void): Row[] {
  modal.setTitle(plan.title);
  modal.modalEl.addClass("vaultsync-modal");
  if (plan.text) modal.contentEl.createEl("p", { text: plan.text });
  if (plan.output) addOutput(modal.contentEl, plan.output);
  const form = modal.contentEl.createEl("form");
  form.noValidate = true;
  const rows = [...addRows(form, plan.fields), ...addMore(form, plan.more)];
  const message = form.createDiv({ cls: "vaultsync-message", attr: { role: "alert" } });
  const button = addButtons(form, [plan.button, null], ["Cancel", () => modal.close()]);
  let seen = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    message.empty();
    const values = valuesOf(rows);
    const key = JSON.stringify(values);
    if (!isComplete(rows, key === seen)) {
      seen = key;
      if (isComplete(rows, true)) message.setText("Submit again to go on without what is not filled in.");
    } else if (!button.disabled) void submit(plan, values, button, message, done);
  });
  modal.scope.register(["Mod"], "Enter", () => form.requestSubmit());
  return rows;
}

function addRows(parent: HTMLElement, fields: Field[] = []): Row[] {
  return fields.map((field) => addRow(parent, field));
}

function addMore(form: HTMLElement, fields: Field[] = []): Row[] {
  if (!fields.length) return [];
  const folded = form.createEl("details");
  folded.createEl("summary", { text: "More properties" });
  return addRows(folded, fields);
}

/** Show what is wrong with the fields; return whether they can be submitted. */
function isComplete(rows: Row[], isSeen: boolean): boolean {
  const wrong = rows.filter((row) => !row.check() && !(isSeen && row.field.isWanted && isEmpty(row.read())));
  wrong[0]?.focus();
  return !wrong.length;
}

async function submit(
  plan: Plan,
  values: Values,
  button: HTMLButtonElement,
  message: HTMLElement,
  done: (values: Values) => void,
): Promise<void> {
  button.disabled = true;
  const outcome = await plan.submit?.(values).catch(warningOf);
  button.disabled = false;
  if (outcome) message.append(outcome);
  else done(values);
}

function warningOf(error: unknown): DocumentFragment {
  return createFragment((part) => part.createSpan({ text: messageOf(error), cls: "mod-warning" }));
}

/** Return the values of the fields that are filled in. */
function valuesOf(rows: Row[]): Values {
  const pairs = rows.map(({ field, read }) => [field.name, read()] as const);
  return Object.fromEntries(pairs.filter(([, value]) => !isEmpty(value))) as Values;
}

function addRow(parent: HTMLElement, field: Field): Row {
  const name = field.label ?? labelOf(field.name);
  const setting = new Setting(parent)
    .setName(name)
    .setDesc(field.hint ?? "")
    .setClass(`vaultsync-${field.kind}`);
  const { infoEl, settingEl, controlEl } = setting;
  settingEl.toggleClass("vaultsync-required", !!(field.isRequired || field.isWanted));
  const problem = infoEl.createDiv({ cls: "vaultsync-problem", attr: { role: "alert" } });
  const check = (): boolean => {
    const text = problemOf(field, read());
    problem.setText(text);
    settingEl.toggleClass("is-invalid", text !== "");
    return text === "";
  };
  const add = field.kind === "flag" ? addToggle : field.choices?.length ? addChoices : addText;
  const read = add(setting, field, check);
  controlEl.querySelector("input, select")?.setAttribute("aria-label", name);
  return { field, read, check, focus: () => focusIn(controlEl) };
}

function focusIn(parent: HTMLElement): void {
  parent.closest("details")?.setAttribute("open", "");
  parent.querySelector<HTMLElement>("input, select, button, [tabindex]")?.focus();
}

function addText(setting: Setting, { kind, initial }: Field, check: () => boolean): Row["read"] {
  let input!: HTMLInputElement;
  setting.addText((text) => {
    text.setValue([initial ?? []].flat().join(", ")).onChange(check);
    input = text.inputEl;
  });
  if (kind === "list") input.placeholder = "With commas between";
  if (kind === "number" || kind === "date") input.type = kind;
  return () => read(kind, input);
}

function read(kind: Field["kind"], { value, validity }: HTMLInputElement): Value | null {
  const text = value.trim();
  if (kind === "list") return text.split(/\s*,\s*/).filter(Boolean);
  if (kind !== "number") return text;
  if (validity.badInput) return NaN;
  return text === "" ? null : Number(text);
}

function addToggle(setting: Setting, { initial }: Field): Row["read"] {
  let isOn = initial === true;
  setting.addToggle((toggle) => toggle.setValue(isOn).onChange((value) => (isOn = value)));
  // What is off and was off is not filled in.
  return () => isOn || (initial === true ? false : null);
}

function addChoices(setting: Setting, field: Field, check: () => boolean): Row["read"] {
  return field.kind === "list" ? addBoxes(setting, field, check) : addDropdown(setting, field, check);
}

function addDropdown(setting: Setting, { choices = [], initial }: Field, check: () => boolean): Row["read"] {
  // A choice may be a number, which the page has as a text.
  const found = (text: string): Value | null => choices.find((choice) => String(choice) === text) ?? null;
  let chosen = found(String(initial));
  setting.addDropdown((dropdown) => {
    if (chosen === null) dropdown.addOption("", "–");
    for (const choice of choices) dropdown.addOption(String(choice), String(choice));
    dropdown.setValue(String(chosen ?? "")).onChange((text) => {
      chosen = found(text);
      check();
    });
  });
  return () => chosen;
}

function addBoxes(setting: Setting, { choices = [], initial }: Field, check: () => boolean): Row["read"] {
  const chosen = new Set([initial ?? []].flat().map(String));
  for (const choice of choices.map(String)) {
    const label = setting.controlEl.createEl("label", { cls: "vaultsync-box" });
    const box = label.createEl("input", { type: "checkbox" });
    box.checked = chosen.has(choice);
    label.appendText(choice);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(choice);
      else chosen.delete(choice);
      check();
    });
  }
  return () => choices.map(String).filter((choice) => chosen.has(choice));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
