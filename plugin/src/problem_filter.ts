/** The head of the Problems view: what is shown of the findings, and how. */
import { type App, DropdownComponent, SearchComponent } from "obsidian";
import { addButton, addDiv } from "./elements";
import {
  counted,
  countText,
  KINDS,
  matching,
  rulesOf,
  type Filter,
  type Finding,
  type Findings,
  type Grouping,
} from "./findings";

/** A button beside the filter: an icon, what it does, and what happens. */
export type Command = readonly [icon: string, label: string, act: () => unknown];

const EVERYTHING: Filter = { hidden: [], rule: "", text: "", path: "" };

export class ProblemFilter {
  by: Grouping = "note";
  #filter = EVERYTHING;
  #isFollowing = false;
  readonly #app: App;
  readonly #onChange: () => void;
  readonly #byEl: HTMLElement;
  readonly #followEl: HTMLElement;
  readonly #kindEls: readonly HTMLElement[];
  readonly #search: SearchComponent;
  readonly #rules: DropdownComponent;

  constructor(parent: HTMLElement, app: App, commands: readonly Command[], onChange: () => void) {
    this.#app = app;
    this.#onChange = onChange;
    const head = parent.createDiv("nav-header");
    const bar = head.createDiv("nav-buttons-container");
    this.#byEl = addButton(bar, "list-tree", "Group by rule", () =>
      this.set({ by: this.by === "rule" ? "note" : "rule" }),
    );
    this.#followEl = addButton(bar, "file-text", "Only the active note", () =>
      this.follow(!this.#isFollowing),
    );
    for (const command of commands) addButton(bar, ...command);
    const filters = addDiv(head, "filters");
    this.#search = new SearchComponent(filters)
      .setPlaceholder("Filter by words, !without")
      .onChange((text) => this.change({ text }));
    this.#search.inputEl.ariaLabel = "Filter by words of the message, rule or note";
    const choices = addDiv(filters, "choices");
    this.#kindEls = KINDS.map(({ name, icon }, kind) => {
      const el = addButton(choices, icon, "", () => this.#toggle(kind));
      el.addClass(`is-${name}`);
      el.createSpan();
      return el;
    });
    this.#rules = new DropdownComponent(choices).onChange((rule) => this.change({ rule }));
    this.#rules.selectEl.ariaLabel = "Rule";
  }

  /** What is kept with the layout of the workspace. */
  get state(): { by: Grouping; hidden: readonly number[] } {
    return { by: this.by, hidden: this.#filter.hidden };
  }

  set(state: { by?: unknown; hidden?: unknown }): void {
    const { by, hidden } = { ...this.state, ...state };
    this.by = by === "rule" ? "rule" : "note";
    this.change({
      hidden: KINDS.map((_, kind) => kind).filter((kind) => Array.isArray(hidden) && hidden.includes(kind)),
    });
    void this.#app.workspace.requestSaveLayout();
  }

  change(filter: Partial<Filter>): void {
    this.#filter = { ...this.#filter, ...filter };
    this.#onChange();
  }

  /** Let everything through. */
  clear(): void {
    this.#isFollowing = false;
    this.#search.setValue("");
    this.change(EVERYTHING);
  }

  /** Show the active note only, if that is wanted. */
  follow(isFollowing = this.#isFollowing): void {
    this.#isFollowing = isFollowing;
    this.change({ path: isFollowing ? (this.#app.workspace.getActiveFile()?.path ?? "") : "" });
  }

  /** Return what passes, and show how much there is of what. */
  apply(all: Findings): Finding[] {
    const { hidden, rule } = this.#filter;
    const matched = matching(all, this.#filter);
    press(this.#byEl, this.by === "rule");
    press(this.#followEl, this.#isFollowing);
    counted(matched).forEach((count, kind) => this.#show(kind, count));
    const names = [...rulesOf(all)].map(([code, name]): [string, string] => [code, `${code} ${name}`]);
    this.#rules.selectEl.empty();
    this.#rules
      .addOptions({ "": "All rules", ...(rule && { [rule]: rule }), ...Object.fromEntries(names) })
      .setValue(rule);
    return matched.filter(({ kind }) => !hidden.includes(kind));
  }

  #toggle(kind: number): void {
    const { hidden } = this.#filter;
    this.set({ hidden: hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind] });
  }

  #show(kind: number, count: number): void {
    const el = this.#kindEls[kind];
    if (!el) return;
    press(el, !this.#filter.hidden.includes(kind));
    el.ariaLabel = countText(count, kind);
    el.lastElementChild?.setText(String(count));
  }
}

function press(el: HTMLElement, isPressed: boolean): void {
  el.ariaPressed = String(isPressed);
  el.toggleClass("is-active", isPressed);
}
