/** Panes, side bars and plugins as the app has them, laid over the mocks. */

import { type App, type Component, Plugin, type TFile, type View, Workspace, WorkspaceLeaf } from "obsidian-test-mocks/obsidian";
import { type Editor, MarkdownView, registered } from "./editor";
import { suggests } from "./suggest";

type Leaf = WorkspaceLeaf & { view: View & { contentEl?: HTMLElement; onOpen(): Promise<void>; onClose(): Promise<void> } };
/** A class with members that its typings hide. */
export type With<T, Members> = Omit<T, keyof Members> & Members;
type Panes = With<Workspace, { app: App }>;
type Place = "main" | "left" | "right";
type Patch = Record<string, (...args: never[]) => unknown>;

const creators = new Map<string, (leaf: WorkspaceLeaf) => View>();
const places = new WeakMap<WorkspaceLeaf, Place>();
/** The commands of the palette, by their full names. */
export const commands = new Map<string, Command>();
export const settingTabs: { containerEl: HTMLElement; display(): void; hide(): void }[] = [];

interface Command {
  id: string;
  name: string;
  callback?: () => unknown;
  checkCallback?: (isChecking: boolean) => boolean | void;
  editorCallback?: (editor: Editor, view: MarkdownView) => unknown;
  editorCheckCallback?: (isChecking: boolean, editor: Editor, view: MarkdownView) => boolean | void;
}

creators.set("markdown", (leaf) => new MarkdownView(leaf) as never);

export function patch<T>(type: { prototype: T }, methods: Patch & ThisType<T & Record<string, never>>): void {
  Object.assign(type.prototype as object, methods);
}

function element(place: Place): HTMLElement {
  return document.querySelector<HTMLElement>(`#${place}`) as HTMLElement;
}

function made(app: App, place: Place): Leaf {
  const leaf = WorkspaceLeaf.create2__(app) as Leaf;
  places.set(leaf, place);
  leavesOf(app.workspace).push(leaf);
  return leaf;
}

function leavesOf(workspace: Workspace): Leaf[] {
  return (workspace as unknown as { leaves: Leaf[] }).leaves;
}

async function show(leaf: Leaf, view: View): Promise<void> {
  await hide(leaf);
  leaf.view = view as never;
  view.containerEl.addClass("workspace-leaf-content");
  view.containerEl.dataset["type"] = view.getViewType();
  if (view.getViewType() !== "markdown") leaf.view.contentEl?.addClass("view-content");
  element(places.get(leaf) ?? "main").append(view.containerEl);
  view.load();
  await leaf.view.onOpen();
}

async function hide(leaf: Leaf): Promise<void> {
  if (!leaf.view) return;
  await leaf.view.onClose();
  leaf.view.unload();
  leaf.view.containerEl.remove();
  leaf.view = null as never;
}

patch(WorkspaceLeaf, {
  async setViewState(this: Leaf, { type, state, active }: { type: string; state?: { file?: string }; active?: boolean }) {
    const creator = creators.get(type);
    if (!creator) throw new Error(`no view is registered as ${type}`);
    if (this.view?.getViewType() !== type) await show(this, creator(this));
    const file = state?.file ? this.app__.vault.getFileByPath(state.file) : null;
    if (file) await this.openFile(file as never);
    else await this.view.setState(state ?? {}, { history: false });
    this.app__.workspace.trigger("layout-change");
    if (active) this.app__.workspace.setActiveLeaf(this);
  },
  getViewState(this: Leaf) {
    return { type: this.view?.getViewType() ?? "empty", state: this.view?.getState() ?? {} };
  },
  async openFile(this: Leaf, file: TFile, options: { active?: boolean; eState?: { line?: number } } = {}) {
    if (!(this.view instanceof MarkdownView)) await show(this, creators.get("markdown")?.(this) as View);
    const view = this.view as unknown as MarkdownView;
    await view.loadFile(file);
    const { workspace } = this.app__;
    if (options.active !== false) workspace.setActiveLeaf(this);
    if (options.eState?.line !== undefined) view.editor.setCursor(options.eState.line, 0);
    workspace.trigger("file-open", file);
    workspace.trigger("layout-change");
  },
  detach(this: Leaf) {
    void hide(this);
    const { workspace } = this.app__;
    workspace.removeLeaf__(this);
    workspace.trigger("layout-change");
  },
});

patch(Workspace, {
  getLeaf(this: Panes, kind?: string | boolean) {
    const found = leavesOf(this as never).filter((leaf) => places.get(leaf) === "main");
    const active = found.find((leaf) => leaf === this.activeLeaf) ?? found.at(-1);
    return kind || !active ? made(this.app, "main") : active;
  },
  getRightLeaf(this: Panes) {
    return made(this.app, "right");
  },
  getLeftLeaf(this: Panes) {
    return made(this.app, "left");
  },
  splitActiveLeaf(this: Panes) {
    return made(this.app, "main");
  },
  async ensureSideLeaf(this: Panes, type: string, side: Place, options: { active?: boolean } = {}) {
    const leaf = this.getLeavesOfType(type)[0] ?? made(this.app, side);
    if (leaf.getViewState().type !== type) await leaf.setViewState({ type, ...options } as never);
    return leaf;
  },
  getActiveViewOfType(this: Workspace, type: new () => object) {
    const view: unknown = this.activeLeaf?.view;
    return view instanceof type ? view : null;
  },
  getActiveFile(this: Workspace) {
    return this.activeEditor?.file ?? null;
  },
  getMostRecentLeaf(this: Workspace) {
    return leavesOf(this as never).filter((leaf) => places.get(leaf) === "main").at(-1) ?? null;
  },
  setActiveLeaf(this: Workspace, leaf: Leaf, options: { focus?: boolean } = {}) {
    const isOther = this.activeLeaf !== leaf;
    this.activeLeaf = leaf;
    const view: unknown = leaf.view;
    // A side bar takes the focus, but leaves the editor the active one.
    if (view instanceof MarkdownView) this.activeEditor = view as never;
    if (options.focus && view instanceof MarkdownView) view.editor.focus();
    if (isOther) this.trigger("active-leaf-change", leaf);
  },
  updateOptions(this: Workspace) {
    for (const leaf of this.getLeavesOfType("markdown")) (leaf.view as unknown as MarkdownView).applyExtensions();
  },
});

patch(Plugin, {
  addCommand(this: Plugin, command: Command) {
    const id = `${this.manifest.id}:${command.id}`;
    commands.set(id, command);
    cleanUp(this, () => commands.delete(id));
    return command;
  },
  addStatusBarItem(this: Plugin) {
    const item = (document.querySelector("#status") as HTMLElement).createDiv({ cls: "status-bar-item" });
    cleanUp(this, () => item.remove());
    return item;
  },
  addRibbonIcon(this: Plugin, _icon: string, title: string, callback: (event: MouseEvent) => void) {
    const item = element("ribbon" as Place).createDiv({ cls: "clickable-icon", attr: { "aria-label": title } });
    item.addEventListener("click", callback);
    cleanUp(this, () => item.remove());
    return item;
  },
  addSettingTab(this: Plugin, tab: (typeof settingTabs)[0]) {
    settingTabs.push(tab);
    cleanUp(this, () => settingTabs.splice(settingTabs.indexOf(tab), 1));
  },
  registerEditorExtension(this: Plugin, extension: (typeof registered)[0]) {
    registered.push(extension);
    this.app.workspace.updateOptions();
    cleanUp(this, () => {
      registered.splice(registered.indexOf(extension), 1);
      this.app.workspace.updateOptions();
    });
  },
  registerEditorSuggest(this: Plugin, suggest: (typeof suggests)[0]) {
    suggests.push(suggest);
    cleanUp(this, () => suggests.splice(suggests.indexOf(suggest), 1));
  },
  registerView(this: Plugin, type: string, creator: (leaf: WorkspaceLeaf) => View) {
    creators.set(type, creator);
    cleanUp(this, () => {
      for (const leaf of this.app.workspace.getLeavesOfType(type)) leaf.detach();
      creators.delete(type);
    });
  },
});

function cleanUp(plugin: Component, callback: () => unknown): void {
  plugin.register(callback as () => void);
}

/** Run a command as the palette does; false where it is not offered there now. */
export function runCommand(app: App, id: string): boolean {
  const command = commands.get(id);
  if (!command) throw new Error(`there is no command ${id}, but ${[...commands.keys()].join(", ")}`);
  const view = app.workspace.activeEditor as unknown as MarkdownView | null;
  const editor = view?.editor as unknown as Editor;
  if (command.editorCheckCallback) {
    if (!view || command.editorCheckCallback(true, editor, view) === false) return false;
    command.editorCheckCallback(false, editor, view);
  } else if (command.editorCallback) {
    if (!view) return false;
    command.editorCallback(editor, view);
  } else if (command.checkCallback) {
    if (command.checkCallback(true) === false) return false;
    command.checkCallback(false);
  } else command.callback?.();
  return true;
}
