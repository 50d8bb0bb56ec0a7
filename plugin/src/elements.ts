/** Elements of the plugin's views; their classes start with its name. */
import { setIcon } from "obsidian";

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

/** Add a button that is an icon. */
export function addButton(
  parent: HTMLElement,
  icon: string,
  label: string,
  onClick: (event: MouseEvent) => void,
): HTMLElement {
  const el = parent.createEl("button", { cls: "clickable-icon", attr: { "aria-label": label } });
  setIcon(el, icon);
  el.addEventListener("click", onClick);
  return el;
}
