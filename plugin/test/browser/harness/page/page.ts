/** The page: the app's modules, a vault, and a plugin that is loaded as the app loads it. */

import * as commandsOfEditor from "@codemirror/commands";
import * as lint from "@codemirror/lint";
import * as state from "@codemirror/state";
import * as view from "@codemirror/view";
import * as path from "pathe";
import * as mocks from "obsidian-test-mocks/obsidian";
import { setup } from "obsidian-test-mocks/setup";
import * as controls from "./controls";
import { appOf, changedOutside } from "./disk";
import { editorInfoField, editorLivePreviewField, MarkdownView, registered } from "./editor";
import { connect } from "./node";
import * as workspace from "./workspace";

const opened: string[] = [];
const electron = {
  shell: {
    openExternal: async (url: string) => void opened.push(url),
    openPath: async (path: string) => void opened.push(path),
    showItemInFolder: (path: string) => void opened.push(path),
  },
  clipboard: { writeText: (text: string) => void opened.push(text) },
};
const { Notice, SearchComponent, Setting, MarkdownRenderer, setIcon, setTooltip } = controls;
const obsidian = { ...mocks, Notice, SearchComponent, Setting, MarkdownRenderer, setIcon, setTooltip, MarkdownView, editorInfoField, editorLivePreviewField };

interface Start {
  root: string;
  program: { path: string; args: string[] };
  isConfirmed: boolean;
  settings: object | null;
  stored: Record<string, unknown>;
}

/** What tests reach in the page. */
const desk = {
  app: null as unknown as mocks.App,
  plugin: null as unknown as mocks.Plugin & Record<string, never>,
  opened,
  modules: {} as Record<string, object>,
  state,
  view,
  lint,
  MarkdownView,
  extensions: registered,

  /** Load the plugin into a vault; a layout that is ready comes after it, as when the app starts. */
  async start({ root, program, isConfirmed, settings, stored }: Start): Promise<void> {
    const { modules, process } = await connect();
    Object.assign(window, { process });
    desk.modules = {
      ...modules,
      // What it makes of texts needs no call.
      path,
      obsidian,
      electron,
      "@codemirror/state": state,
      "@codemirror/view": view,
      "@codemirror/lint": lint,
      "@codemirror/commands": commandsOfEditor,
    };
    desk.app = await appOf(root);
    Object.assign(window, { app: desk.app });
    desk.app.saveLocalStorage("vaultsync-program", program);
    for (const [key, value] of Object.entries(stored)) desk.app.saveLocalStorage(key, value);
    if (isConfirmed) desk.app.saveLocalStorage("vaultsync-confirmed", JSON.stringify(program));
    desk.app.vault.on("modify", (file) => void reload(file as mocks.TFile));
    await desk.load(settings);
    desk.app.workspace.setLayoutReady__();
  },

  async load(settings: object | null): Promise<void> {
    const [code, manifest] = await Promise.all(["/main.js", "/manifest.json"].map(async (url) => (await fetch(url)).text()));
    const module = { exports: {} as { default: new (app: mocks.App, manifest: object) => typeof desk.plugin } };
    new Function("require", "module", "exports", code as string)(require, module, module.exports);
    desk.plugin = new module.exports.default(desk.app, JSON.parse(manifest as string) as object);
    Object.assign(desk.plugin, { data__: settings });
    desk.plugin.load();
  },

  async open(path: string, isSplit = false): Promise<void> {
    const file = desk.app.vault.getFileByPath(path);
    if (!file) throw new Error(`${path} is not in the vault`);
    const leaf = desk.app.workspace.getLeaf(isSplit ? "split" : false);
    await leaf.openFile(file as never);
    desk.app.workspace.setActiveLeaf(leaf, { focus: true });
  },

  /** The view of the pane that is active, or of the one with this number. */
  pane(number?: number): MarkdownView {
    const { workspace: panes } = desk.app;
    if (number === undefined) return panes.activeEditor as unknown as MarkdownView;
    return panes.getLeavesOfType("markdown")[number]?.view as unknown as MarkdownView;
  },

  command: (id: string): boolean => workspace.runCommand(desk.app, `${desk.plugin.manifest.id}:${id}`),
  commands: (): string[] => [...workspace.commands.values()].map(({ name }) => name),
  changedOutside: (path: string): Promise<void> => changedOutside(desk.app.vault, path),

  /** Close the app, as far as plugins see it: it waits for what they add. */
  async quit(): Promise<void> {
    const tasks = mocks.Tasks.create__();
    desk.app.workspace.trigger("quit", tasks);
    await Promise.all((tasks as unknown as { promises: Promise<unknown>[] }).promises);
  },

  showSettings(): void {
    const modal = new mocks.Modal(desk.app);
    modal.contentEl.addClass("vertical-tab-content");
    modal.open();
    for (const tab of workspace.settingTabs) {
      modal.contentEl.append(tab.containerEl);
      tab.display();
    }
  },
};

function require(name: string): object {
  const found = desk.modules[name.replace(/^node:/, "")];
  if (!found) throw new Error(`the app has no module ${name}`);
  return found;
}

/** Show in open panes what another program, or a plugin, wrote. */
async function reload(file: mocks.TFile): Promise<void> {
  const text = await desk.app.vault.read(file);
  for (const leaf of desk.app.workspace.getLeavesOfType("markdown")) {
    const shown = leaf.view as unknown as MarkdownView;
    if (shown.file?.path === file.path && shown.data !== text) shown.setViewData(text, false);
  }
}

export type Desk = typeof desk;

setup();
Object.assign(window, { desk });
