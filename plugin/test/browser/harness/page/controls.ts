/** Dialogs, notices and controls that react to a mouse and keys, laid over the mocks. */

import * as mocks from "obsidian-test-mocks/obsidian";
import { patch, type With } from "./workspace";

type Handler = (value: never) => unknown;

const opened: Pick<mocks.Modal, "close" | "scope">[] = [];

type Keys = { modifiers: string; key: string; handle: (event: KeyboardEvent) => unknown };
const scopes = new WeakMap<mocks.Scope, Keys[]>();

document.addEventListener("keydown", (event) => {
  const modal = opened.at(-1);
  if (event.key === "Escape") modal?.close();
  const isMod = event.ctrlKey || event.metaKey;
  for (const { modifiers, key, handle } of (modal && scopes.get(modal.scope)) ?? [])
    if (key === event.key && (modifiers === "Mod") === isMod) handle(event);
});

patch(mocks.Scope, {
  register(this: mocks.Scope, modifiers: string[] | null, key: string, handle: Keys["handle"]) {
    scopes.set(this, [...(scopes.get(this) ?? []), { modifiers: modifiers?.join(",") ?? "", key, handle }]);
    return { scope: this, modifiers, key };
  },
});

patch(mocks.Modal, {
  open(this: mocks.Modal) {
    this.containerEl.addClass("modal-container");
    this.modalEl.addClass("modal");
    this.titleEl.addClass("modal-title");
    this.contentEl.addClass("modal-content");
    this.modalEl.prepend(this.titleEl);
    document.body.append(this.containerEl);
    opened.push(this);
    void this.onOpen();
    this.modalEl.querySelector<HTMLElement>("input, select, textarea, button")?.focus();
  },
  close(this: With<mocks.Modal, { closeCallback?: () => void }>) {
    if (!opened.includes(this)) return;
    opened.splice(opened.indexOf(this), 1);
    this.containerEl.remove();
    this.onClose();
    this.closeCallback?.();
  },
});

type Suggestions = mocks.SuggestModal<unknown> & { values: unknown[]; at: number };

patch(mocks.SuggestModal, {
  open(this: Suggestions) {
    this.modalEl.addClass("prompt");
    this.inputEl.addClass("prompt-input");
    this.resultContainerEl.addClass("prompt-results");
    this.inputEl.addEventListener("input", () => void suggest(this));
    this.inputEl.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(this, this.at + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Enter" && this.values.length) this.selectSuggestion(this.values[this.at], event);
      else return;
      event.preventDefault();
    });
    mocks.Modal.prototype.open.call(this);
    void suggest(this);
  },
});

patch(mocks.FuzzySuggestModal, {
  getSuggestions(this: mocks.FuzzySuggestModal<unknown>, query: string) {
    const words = query.toLowerCase().split(" ");
    const items = this.getItems().filter((item) => {
      const text = this.getItemText(item).toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return items.map((item) => ({ item, match: { score: 0, matches: [] } }));
  },
  renderSuggestion(this: mocks.FuzzySuggestModal<unknown>, { item }: { item: unknown }, element: HTMLElement) {
    element.setText(this.getItemText(item));
  },
});

async function suggest(modal: Suggestions): Promise<void> {
  const query = modal.inputEl.value;
  const values = await modal.getSuggestions(query);
  if (query !== modal.inputEl.value) return;
  modal.values = values.slice(0, modal.limit || 100);
  modal.resultContainerEl.empty();
  for (const value of modal.values) {
    const item = modal.resultContainerEl.createDiv({ cls: "suggestion-item" });
    modal.renderSuggestion(value as never, item);
    item.addEventListener("click", (event) => modal.selectSuggestion(value, event));
  }
  if (!values.length) modal.resultContainerEl.createDiv({ cls: "suggestion-empty", text: modal.emptyStateText });
  mark(modal, 0);
}

function mark(modal: Suggestions, at: number): void {
  modal.at = (at + modal.values.length) % (modal.values.length || 1);
  [...modal.resultContainerEl.children].forEach((item, index) => item.toggleClass("is-selected", index === modal.at));
}

/** A message that stays until it is clicked. */
export class Notice extends mocks.Notice {
  constructor(message: string | DocumentFragment, duration?: number) {
    super(message, duration);
    this.noticeEl = this.containerEl;
    this.noticeEl.addClass("notice");
    this.messageEl.addClass("notice-message");
    this.noticeEl.addEventListener("click", () => this.hide());
    (document.querySelector("#notices") as HTMLElement).append(this.noticeEl);
  }

  override hide(): void {
    this.noticeEl.remove();
  }
}

export class Setting extends mocks.Setting {
  constructor(container: HTMLElement) {
    super(container);
    this.settingEl.addClass("setting-item");
    this.infoEl.addClass("setting-item-info");
    this.nameEl.addClass("setting-item-name");
    this.descEl.addClass("setting-item-description");
    this.controlEl.addClass("setting-item-control");
    this.settingEl.prepend(this.infoEl);
  }
}

export class SearchComponent extends mocks.SearchComponent {
  constructor(container: HTMLElement) {
    super(container.createDiv({ cls: "search-input-container" }));
  }
}

patch(mocks.ButtonComponent, {
  onClick(this: mocks.ButtonComponent, callback: (event: MouseEvent) => void) {
    this.buttonEl.addEventListener("click", callback);
    return this;
  },
  setDisabled(this: mocks.ButtonComponent, isDisabled: boolean) {
    this.buttonEl.disabled = isDisabled;
    return this;
  },
});

patch(mocks.ExtraButtonComponent, {
  onClick(this: mocks.ExtraButtonComponent, callback: () => void) {
    this.extraSettingsEl.addClass("clickable-icon");
    this.extraSettingsEl.addEventListener("click", callback);
    return this;
  },
});

patch(mocks.AbstractTextComponent, {
  getValue(this: mocks.TextComponent) {
    return this.inputEl.value;
  },
  setValue(this: mocks.TextComponent, value: string) {
    this.inputEl.value = value;
    return this;
  },
  onChange(this: mocks.TextComponent, callback: (value: string) => void) {
    this.inputEl.addEventListener("input", () => callback(this.inputEl.value));
    return this;
  },
  setDisabled(this: mocks.TextComponent, isDisabled: boolean) {
    this.inputEl.disabled = isDisabled;
    return this;
  },
});
patch(mocks.TextComponent, { onChange: mocks.AbstractTextComponent.prototype.onChange as Handler });

patch(mocks.DropdownComponent, {
  onChange(this: mocks.DropdownComponent, callback: (value: string) => void) {
    this.selectEl.addClass("dropdown");
    this.selectEl.addEventListener("change", () => callback(this.selectEl.value));
    return this;
  },
  setValue(this: mocks.DropdownComponent, value: string) {
    this.selectEl.value = value;
    return this;
  },
});

type Toggle = With<mocks.ToggleComponent, { value: boolean }>;

patch(mocks.ToggleComponent, {
  onChange(this: Toggle, callback: (value: boolean) => void) {
    this.toggleEl.addClass("checkbox-container");
    this.toggleEl.tabIndex = 0;
    this.toggleEl.addEventListener("click", () => {
      this.setValue(!this.value);
      callback(this.value);
    });
    return this;
  },
  setValue(this: Toggle, isOn: boolean) {
    this.value = isOn;
    this.toggleEl.addClass("checkbox-container");
    this.toggleEl.toggleClass("is-enabled", isOn);
    return this;
  },
});

type Item = mocks.MenuItem & { onClickCallback?: (event: MouseEvent) => void; title__: string };

patch(mocks.Menu, {
  showAtMouseEvent(this: mocks.Menu, { clientX: x, clientY: y }: MouseEvent) {
    return this.showAtPosition({ x, y });
  },
  showAtPosition(this: mocks.Menu, { x, y }: { x: number; y: number }) {
    const box = document.body.createDiv({ cls: "menu" });
    box.setCssStyles({ left: `${x}px`, top: `${y}px` });
    for (const item of this.menuItems__ as unknown as Item[]) {
      const row = box.createDiv({ cls: "menu-item", text: item.title__ });
      row.addEventListener("click", (event) => {
        box.remove();
        clicks.get(item)?.(event as never);
      });
    }
    return this;
  },
});

const clicks = new WeakMap<object, Handler>();

patch(mocks.MenuItem, {
  onClick(this: Item, callback: Handler) {
    clicks.set(this, callback);
    return this;
  },
});

patch(mocks.SettingTab, {
  display() {
    return undefined;
  },
});

/** Text of a small part of Markdown, enough to read it. */
export class MarkdownRenderer {
  static async render(_app: unknown, markdown: string, element: HTMLElement): Promise<void> {
    for (const part of markdown.split(/\n{2,}/)) {
      const heading = /^(#+) (.*)/.exec(part);
      const block = element.createEl(heading ? "h4" : "p");
      for (const [index, text] of (heading?.[2] ?? part).split(/\*\*|`/).entries())
        block.createEl(index % 2 ? "strong" : "span", { text });
    }
  }
}

export function setTooltip(element: HTMLElement, tooltip: string): void {
  element.ariaLabel = tooltip;
}

/** Icons of the set that the app has; a few it has by other names. */
export function setIcon(element: HTMLElement, icon: string): void {
  element.dataset["icon"] = icon;
  element.querySelector(":scope > .svg-icon")?.remove();
  const name = OTHERS[icon] ?? icon;
  element.insertAdjacentHTML("afterbegin", `<svg class="svg-icon" viewBox="0 0 24 24"><use href="/icons.svg#${name}"></use></svg>`);
}

const OTHERS: Record<string, string> = { "right-triangle": "chevron-down" };
