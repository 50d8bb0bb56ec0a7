/** A list of rows of one height, of which only those that can be seen are drawn. */

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

/** Rows are found again after an update by their keys. */
export class RowList<T extends { key: string }> {
  readonly #el: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #how: How<T>;
  #rows: readonly T[] = [];
  #active = 0;
  #height = 28;
  #drawn = new Map<string, HTMLElement>();

  constructor(parent: HTMLElement, label: string, how: How<T>) {
    this.#how = how;
    this.#el = parent.createDiv({ cls: "vaultsync-rows", attr: { role: "tree", tabindex: "0", "aria-label": label } });
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
    const first = Math.max(Math.floor(scrollTop / this.#height) - SPARE, 0);
    const last = Math.ceil((scrollTop + clientHeight) / this.#height) + SPARE;
    const shown = this.#rows.slice(first, last).map((row, at): [string, HTMLElement] => [row.key, this.#draw(row, first + at)]);
    this.#drawn = new Map(shown);
    this.#inner.setCssProps({
      "--vaultsync-above": `${first * this.#height}px`,
      "--vaultsync-height": `${this.#rows.length * this.#height}px`,
    });
    const elements = [...this.#drawn.values()];
    const { children } = this.#inner;
    // A row that is taken out and put back loses a click that has begun.
    if (elements.length !== children.length || elements.some((el, at) => el !== children[at]))
      this.#inner.replaceChildren(...elements);
    this.#measure();
  }

  /** Make a row the active one, and scroll to it. */
  goTo(at: number): void {
    this.#active = Math.max(Math.min(at, this.#rows.length - 1), 0);
    const top = this.#active * this.#height;
    const most = top + this.#height - this.#el.clientHeight;
    this.#el.scrollTop = Math.max(Math.min(this.#el.scrollTop, top), most);
    this.paint();
  }

  #draw(row: T, at: number): HTMLElement {
    const attr = { role: "treeitem" };
    const el = this.#drawn.get(row.key) ?? createDiv({ cls: "vaultsync-row tree-item-self is-clickable", attr });
    if (!el.hasChildNodes()) this.#how.draw(row, el);
    const isActive = at === this.#active;
    el.dataset.at = String(at);
    el.id = `vaultsync-row-${at}`;
    el.toggleClass("is-active", isActive);
    el.ariaSelected = String(isActive);
    if (isActive) this.#el.setAttribute("aria-activedescendant", el.id);
    return el;
  }

  /** Take the height of rows from what was drawn: it follows the theme and the width. */
  #measure(): void {
    const height = this.#drawn.values().next().value?.offsetHeight;
    if (!height || height === this.#height) return;
    this.#height = height;
    this.paint();
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
    if (move) this.goTo(move(this.#active, Math.floor(this.#el.clientHeight / this.#height)));
    else if (event.key === "Enter") this.#how.open(row, event);
    else if (!this.#how.press(row, event, el)) return;
    event.preventDefault();
  }
}
