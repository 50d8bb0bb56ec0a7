/** Elements of the plugin's views; their classes start with its name. */
import { setIcon } from "obsidian";
import { attempt } from "./fixes";

export function addSpan(parent: HTMLElement, name: string, text = ""): HTMLElement {
  return parent.createSpan({ cls: `vaultsync-${name}`, text });
}

export function addDiv(parent: HTMLElement, name: string, text = ""): HTMLElement {
  return parent.createDiv({ cls: `vaultsync-${name}`, text });
}

export function addIcon(parent: HTMLElement, name: string, icon: string): HTMLElement {
  const el = addSpan(parent, name);
  setIcon(el, icon);
  return el;
}

/** Add the arrow of what can be closed. */
export function addArrow(parent: HTMLElement): HTMLElement {
  const el = addIcon(parent, "arrow", "right-triangle");
  el.addClass("collapse-icon");
  return el;
}

/** Do something at a click; what goes wrong is shown. */
export function onClick(el: HTMLElement, act: (event: MouseEvent) => unknown): void {
  el.addEventListener("click", (event) => {
    event.preventDefault();
    attempt(() => act(event));
  });
}

/** Add a button that is an icon. */
export function addButton(
  parent: HTMLElement,
  icon: string,
  label: string,
  act: (event: MouseEvent) => unknown,
): HTMLElement {
  const el = parent.createEl("button", { cls: "clickable-icon", attr: { "aria-label": label } });
  setIcon(el, icon);
  onClick(el, act);
  return el;
}
