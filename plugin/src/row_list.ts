/** A list of rows of one height, of which only those that can be seen are drawn. */

export interface Rows<T> {
  /** A name for the row and all that its look depends on. */
  keyOf(row: T): string;
  draw(row: T, el: HTMLElement): void;
  /** The row is clicked, or Enter is pressed on it. */
  onOpen(row: T, event: MouseEvent | KeyboardEvent): void;
  /** A menu is wanted: where the pointer is, or at the row. */
  onMenu(row: T, place: MouseEvent | HTMLElement): void;
  /** Another key is pressed; return whether it does something. */
  onKey(row: T, event: KeyboardEvent, el: HTMLElement): boolean;
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

export class RowList<T> {
  readonly el: HTMLElement;
  private readonly inner: HTMLElement;
  private rows: readonly T[] = [];
  private active = 0;
  private height = 28;
  private drawn = new Map<string, HTMLElement>();

  constructor(parent: HTMLElement, label: string, private readonly how: Rows<T>) {
    this.el = parent.createDiv({ cls: "vaultsync-rows", attr: { role: "tree", tabindex: "0", "aria-label": label } });
    this.inner = this.el.createDiv({ attr: { role: "none" } });
    this.el.addEventListener("scroll", () => this.paint());
    this.el.addEventListener("keydown", (event) => this.onKey(event));
    this.el.addEventListener("click", (event) => {
      const row = this.activate(event);
      if (row) how.onOpen(row, event);
    });
    this.el.addEventListener("contextmenu", (event) => {
      const pointed = this.activate(event);
      const [row, el] = [this.rows[this.active], this.elementOf(this.active)];
      event.preventDefault();
      if (row && el) how.onMenu(row, pointed ? event : el);
    });
  }

  /** Show these rows; the active one stays active where it is still among them. */
  set(rows: readonly T[]): void {
    const active = this.rows[this.active];
    const key = active && this.how.keyOf(active);
    this.rows = rows;
    const at = rows.findIndex((row) => this.how.keyOf(row) === key);
    this.active = at < 0 ? Math.max(Math.min(this.active, rows.length - 1), 0) : at;
    this.paint();
  }

  /** Draw what can be seen now. */
  paint(): void {
    const { scrollTop, clientHeight } = this.el;
    const first = Math.max(Math.floor(scrollTop / this.height) - SPARE, 0);
    const shown = this.rows.slice(first, Math.ceil((scrollTop + clientHeight) / this.height) + SPARE);
    const drawn = new Map<string, HTMLElement>();
    shown.forEach((row, at) => {
      const key = this.how.keyOf(row);
      const el = this.drawn.get(key) ?? this.draw(row);
      drawn.set(key, el);
      this.mark(el, first + at);
    });
    this.inner.setCssProps({
      "--vaultsync-above": `${first * this.height}px`,
      "--vaultsync-height": `${this.rows.length * this.height}px`,
    });
    const elements = [...drawn.values()];
    // A row that is taken out and put back loses a click that has begun.
    if (elements.some((el, at) => el !== this.inner.children[at]) || elements.length < this.inner.children.length)
      this.inner.replaceChildren(...elements);
    this.drawn = drawn;
    this.measure();
  }

  private draw(row: T): HTMLElement {
    const el = createDiv({ cls: "vaultsync-row tree-item-self is-clickable", attr: { role: "treeitem" } });
    this.how.draw(row, el);
    return el;
  }

  private mark(el: HTMLElement, at: number): void {
    const isActive = at === this.active;
    el.dataset.at = String(at);
    el.id = `vaultsync-row-${at}`;
    el.toggleClass("is-active", isActive);
    el.setAttribute("aria-selected", String(isActive));
    if (isActive) this.el.setAttribute("aria-activedescendant", el.id);
  }

  /** Take the height of rows from what was drawn: it follows the theme and the width. */
  private measure(): void {
    const height = this.elementOf(Number(this.inner.firstElementChild?.getAttribute("data-at")))?.offsetHeight;
    if (!height || height === this.height) return;
    this.height = height;
    this.paint();
  }

  private elementOf(at: number): HTMLElement | null {
    return this.inner.querySelector<HTMLElement>(`[data-at="${at}"]`);
  }

  private activate(event: MouseEvent): T | undefined {
    const el = event.targetNode?.instanceOf(Element) ? event.targetNode.closest<HTMLElement>("[data-at]") : null;
    if (!el) return undefined;
    this.goTo(Number(el.dataset.at));
    return this.rows[this.active];
  }

  private onKey(event: KeyboardEvent): void {
    const [row, el] = [this.rows[this.active], this.elementOf(this.active)];
    if (!row || !el || event.target !== this.el) return;
    const page = Math.max(Math.floor(this.el.clientHeight / this.height) - 1, 1);
    const move = MOVES[event.key];
    if (move) this.goTo(move(this.active, page));
    else if (event.key === "Enter") this.how.onOpen(row, event);
    else if (!this.how.onKey(row, event, el)) return;
    event.preventDefault();
  }

  goTo(at: number): void {
    this.active = Math.max(Math.min(at, this.rows.length - 1), 0);
    const top = this.active * this.height;
    const { scrollTop, clientHeight } = this.el;
    if (top < scrollTop) this.el.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.el.scrollTop = top + this.height - clientHeight;
    this.paint();
  }
}
