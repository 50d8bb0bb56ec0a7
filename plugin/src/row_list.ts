/** A list of rows of two heights, of which only those that can be seen are drawn. */

export interface Item {
  /** The row is found again by it after an update. */
  key: string;
  isHead: boolean;
  /** Its number among those of its level, and how many these are: not all of them are drawn. */
  at: number;
  of: number;
}

export interface How<T> {
  draw(row: T, el: HTMLElement): void;
  /** The row is clicked, or Enter is pressed on it. */
  open(row: T, event: MouseEvent | KeyboardEvent): void;
  /** A menu is wanted: where the pointer is, or at the row. */
  menu(row: T, place: MouseEvent | HTMLElement): void;
  /** Another key is pressed; return whether it does something. */
  press(row: T, event: KeyboardEvent, el: HTMLElement): boolean;
}

/** Rows that are drawn above and below those that can be seen. */
const SPARE = 10;

const MOVES: Readonly<Record<string, (at: number, page: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: () => Infinity,
};

export class RowList<T extends Item> {
  readonly #el: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #how: How<T>;
  #rows: readonly T[] = [];
  #active = 0;
  /** The heights of a row and of a head in pixels. */
  #heights = [46, 28];
  /** Where each row begins, and the last one ends. */
  #tops = [0];
  #drawn = new Map<string, HTMLElement>();

  constructor(parent: HTMLElement, label: string, how: How<T>) {
    this.#how = how;
    this.#el = parent.createDiv({
      cls: "vaultsync-rows",
      attr: { role: "tree", tabindex: "0", "aria-label": label },
    });
    this.#inner = this.#el.createDiv({ attr: { role: "none" } });
    this.#el.addEventListener("scroll", () => this.paint());
    this.#el.addEventListener("keydown", (event) => this.#press(event));
    this.#el.addEventListener("click", (event) => {
      const isPointed = this.#point(event);
      const [row] = this.#current();
      if (row && isPointed) how.open(row, event);
    });
    this.#el.addEventListener("contextmenu", (event) => {
      const isPointed = this.#point(event);
      const [row, el] = this.#current();
      if (row && el) how.menu(row, isPointed ? event : el);
    });
  }

  /** Show these rows; the active one stays active where it is still among them. */
  set(rows: readonly T[]): void {
    const key = this.#rows[this.#active]?.key;
    const at = rows.findIndex((row) => row.key === key);
    this.#rows = rows;
    this.#active = at < 0 ? Math.max(Math.min(this.#active, rows.length - 1), 0) : at;
    this.paint();
  }

  /** Draw what can be seen now. */
  paint(): void {
    const { scrollTop, clientHeight } = this.#el;
    this.#place();
    const first = Math.max(this.#rowAt(scrollTop) - SPARE, 0);
    const shown = this.#rows.slice(first, this.#rowAt(scrollTop + clientHeight) + SPARE);
    this.#drawn = new Map(shown.map((row, at) => [row.key, this.#draw(row, first + at)]));
    this.#inner.setCssProps({
      "--vaultsync-above": `${this.#top(first)}px`,
      "--vaultsync-height": `${this.#top(this.#rows.length)}px`,
    });
    const elements = [...this.#drawn.values()];
    const { children } = this.#inner;
    // A row that is taken out and put back loses a click that has begun.
    if (elements.length !== children.length || elements.some((el, at) => el !== children[at]))
      this.#inner.replaceChildren(...elements);
    if (this.#measure(shown)) this.paint();
  }

  /** Make a row the active one, and scroll to it. */
  goTo(at: number): void {
    this.#active = Math.max(Math.min(at, this.#rows.length - 1), 0);
    const { scrollTop, clientHeight } = this.#el;
    const least = this.#top(this.#active + 1) - clientHeight;
    this.#el.scrollTop = Math.max(Math.min(scrollTop, this.#top(this.#active)), least);
    this.paint();
  }

  #top(at: number): number {
    return this.#tops[at] ?? 0;
  }

  /** Return the number of the row at a height. */
  #rowAt(top: number): number {
    const next = this.#tops.findIndex((one) => one > top);
    return next < 0 ? this.#rows.length : next;
  }

  #place(): void {
    let top = 0;
    this.#tops = [0, ...this.#rows.map(({ isHead }) => (top += this.#heights[Number(isHead)] ?? 0))];
  }

  #draw(row: T, at: number): HTMLElement {
    const attr = { role: "treeitem" };
    const el =
      this.#drawn.get(row.key) ?? createDiv({ cls: "vaultsync-row tree-item-self is-clickable", attr });
    if (!el.hasChildNodes()) this.#how.draw(row, el);
    const isActive = at === this.#active;
    el.dataset.at = String(at);
    el.id = `vaultsync-row-${at}`;
    el.toggleClass("is-active", isActive);
    el.ariaPosInSet = String(row.at);
    el.ariaSetSize = String(row.of);
    el.ariaSelected = String(isActive);
    if (isActive) this.#el.setAttribute("aria-activedescendant", el.id);
    return el;
  }

  /** Take the heights from what was drawn, as they follow the theme and the width; return whether they changed. */
  #measure(shown: readonly T[]): boolean {
    const heights = this.#heights.map((height, isHead) => {
      const row = shown.find((one) => Number(one.isHead) === isHead);
      return this.#drawn.get(row?.key ?? "")?.offsetHeight || height;
    });
    const isOther = String(heights) !== String(this.#heights);
    this.#heights = heights;
    return isOther;
  }

  #current(): [T | undefined, HTMLElement | undefined] {
    const row = this.#rows[this.#active];
    return [row, this.#drawn.get(row?.key ?? "")];
  }

  /** Make the row under the pointer the active one; return whether there is one. */
  #point(event: MouseEvent): boolean {
    const el = (event.target as Element).closest<HTMLElement>("[data-at]");
    if (el) this.goTo(Number(el.dataset.at));
    return el !== null;
  }

  #press(event: KeyboardEvent): void {
    const [row, el] = this.#current();
    if (!row || !el || event.target !== this.#el) return;
    const move = MOVES[event.key];
    if (move) this.goTo(move(this.#active, this.#drawn.size - 2 * SPARE));
    else if (event.key === "Enter") this.#how.open(row, event);
    else if (!this.#how.press(row, event, el)) return;
    event.preventDefault();
  }
}
