/** The section "Perhaps related" of the view beside a note: suggestions to take over or to dismiss. */
import { debounce } from "obsidian";
import { uriOf } from "./documents";
import { addDiv, onClick } from "./elements";
import { applyCommand } from "./fixes";
import { ask, type Field, type Values } from "./forms";
import type VaultsyncPlugin from "./main";

/** Another note, and why it is perhaps related. */
interface Suggestion {
  path: string;
  name: string;
  reasons: { kind: string; text: string }[];
}

/** What a view draws its sections and links with. */
interface Pen {
  section<T>(parent: HTMLElement, title: string, items: readonly T[], draw: (item: T, parent: HTMLElement) => void): void;
  link(parent: HTMLElement, path: string, name: string): void;
}

const MOST = 3;
const MOST_REASONS = 3;
// Milliseconds without a further check of the note.
const PAUSE = 500;

export class Related {
  readonly #lookSoon = debounce(() => void this.#look(), PAUSE, true);
  #path = "";
  #hasRelations = false;
  #running = new AbortController();
  /** What is shown, as text: only what is another is drawn. */
  #shown = "[]";

  constructor(
    private readonly plugin: VaultsyncPlugin,
    private readonly el: HTMLElement,
    private readonly pen: Pen,
  ) {
    el.tabIndex = -1;
  }

  /** Show the suggestions for a note: at once, or soon where it is the one that was checked; "" is none. */
  follow(path: string, hasRelations = false): void {
    this.#hasRelations = hasRelations;
    if (path && path === this.#path) return void this.#lookSoon();
    this.#path = path;
    this.#draw([]);
    void this.#look();
  }

  async #look(): Promise<void> {
    this.#lookSoon.cancel();
    this.#running.abort();
    const { signal } = (this.#running = new AbortController());
    const { app, session } = this.plugin;
    if (!this.#path) return;
    const argument = { uri: uriOf(app, this.#path), count: MOST };
    // Why the server does not answer is shown in the view.
    const found = await session.command<Suggestion[]>("related", argument, signal).catch(() => []);
    if (!signal.aborted) this.#draw(found);
  }

  #draw(found: Suggestion[]): void {
    const shown = JSON.stringify(found);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { activeElement } = this.el.doc;
    const focused = this.#stops().indexOf(activeElement as HTMLElement);
    this.el.empty();
    this.pen.section(this.el, "Perhaps related", found, (one, el) => this.#drawOne(one, el));
    if (focused >= 0) this.#focus(activeElement?.ariaLabel, focused);
  }

  #drawOne(one: Suggestion, parent: HTMLElement): void {
    this.pen.link(parent, one.path, one.name);
    for (const { text } of one.reasons.slice(0, MOST_REASONS)) addDiv(parent, "reason", text);
    const bar = addDiv(parent, "acts");
    if (this.#hasRelations) this.#addButton(bar, "Relate", `Relate to “${one.name}”`, () => this.#relate(one));
    this.#addButton(bar, "Dismiss…", `Dismiss “${one.name}”`, () => this.#dismiss(one));
  }

  #addButton(parent: HTMLElement, text: string, label: string, act: () => Promise<unknown>): void {
    const button = parent.createEl("button", { text, attr: { "aria-label": label } });
    onClick(button, async () => {
      const at = this.#stops().indexOf(button);
      if (await act()) await this.#look();
      // Meanwhile it may have been drawn again.
      this.#focus(label, at);
    });
  }

  /** What the focus can be on, in order. */
  #stops(): HTMLElement[] {
    return [...this.el.querySelectorAll<HTMLElement>("summary, a, button")];
  }

  /** Focus what has a label; where that is gone, what is in its place. */
  #focus(label: string | null | undefined, at: number): void {
    const stops = this.#stops();
    const named = label ? stops.find(({ ariaLabel }) => ariaLabel === label) : undefined;
    (named ?? stops[Math.min(at, stops.length - 1)] ?? this.el).focus();
  }

  #relate({ path, name, reasons }: Suggestion): Promise<Values | null> {
    const isTension = reasons.some(({ kind }) => kind === "tension");
    return askRelation(this.plugin, this.#path, { path, title: name }, isTension);
  }

  #dismiss({ path: target, name }: Suggestion): Promise<Values | null> {
    const uri = uriOf(this.plugin.app, this.#path);
    return ask(this.plugin.app, {
      title: `Dismiss “${name}”`,
      text: "The two notes are never suggested for each other again. The vault keeps the pair, with the reason.",
      fields: [{ name: "reason", kind: "text", hint: "Why they are not related", isRequired: true }],
      button: "Dismiss",
      submit: async ({ reason }) => {
        await applyCommand(this.plugin, "dismiss", { uri, target, reason });
        return null;
      },
    });
  }
}

const RELATION: Field[] = [
  { name: "reason", kind: "text", hint: "What the other note is to this one", isRequired: true },
  { name: "back", kind: "text", label: "Reason from there", hint: "What this note is to the other one" },
  { name: "isTension", kind: "flag", label: "Tension", hint: "The claims pull against each other" },
  { name: "crux", kind: "text", hint: "What would decide between them" },
];

/** Show a form for the relation of a note to another, and add it; null where it is closed without. */
export function askRelation(
  plugin: VaultsyncPlugin,
  path: string,
  other: { path: string; title: string },
  isTension = false,
): Promise<Values | null> {
  const uri = uriOf(plugin.app, path);
  return ask(plugin.app, {
    title: `Relate to “${other.title}”`,
    fields: RELATION.map((field) => (field.name === "isTension" ? { ...field, initial: isTension } : field)),
    button: "Relate",
    submit: async (values) => {
      await applyCommand(plugin, "relate", { uri, target: other.path, ...values });
      return null;
    },
  });
}
