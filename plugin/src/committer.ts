/** Another plugin that commits by itself: two at once disturb each other, so it is offered to leave that to sync. */

import { type App, Notice } from "obsidian";
import { ask } from "./forms";
import type VaultsyncPlugin from "./main";

const ID = "obsidian-git";
const OFFERED = "vaultsync-committer-offered";
/** What makes it commit, fetch or push by itself, and the value that does not. */
const OFF: Record<string, number | boolean> = {
  autoSaveInterval: 0,
  autoPushInterval: 0,
  autoPullInterval: 0,
  autoPullOnBoot: false,
  autoBackupAfterFileChange: false,
};

/** A plugin of the community, as far as the app's own typings have it. */
interface Other {
  loadData(): Promise<unknown>;
  saveData(data: unknown): Promise<void>;
}

/** What the app knows of plugins, which its typings leave out. */
interface Plugins {
  plugins: Record<string, Partial<Other> | undefined>;
  disablePlugin(id: string): Promise<unknown>;
  enablePlugin(id: string): Promise<unknown>;
}

/** The other committer, and what is on in its settings. */
interface Found {
  plugins: Plugins;
  other: Other;
  data: Record<string, unknown>;
  on: string[];
}

/** Offer once to turn the other one off. */
export async function offerOnce(plugin: VaultsyncPlugin): Promise<void> {
  const { app } = plugin;
  if (app.loadLocalStorage(OFFERED) || !(await find(app))) return;
  app.saveLocalStorage(OFFERED, true);
  await offer(plugin);
}

/** Show what would change in the other plugin's settings, and change that alone. */
export async function offer({ app }: VaultsyncPlugin): Promise<void> {
  const found = await find(app);
  if (!found) return void new Notice("No other plugin commits this vault by itself.");
  const { on, data } = found;
  const agreed = await ask(app, {
    title: "Let sync be the only one that commits?",
    text:
      "The plugin Git commits, pulls or pushes this vault by itself too. Two at once disturb each other. " +
      "These of its settings would change; the plugin stays, and so do its commands.",
    output: on.flatMap((name) => [`- ${name}: ${String(data[name])}`, `+ ${name}: ${String(OFF[name])}`]).join("\n"),
    button: "Turn these off",
  });
  if (agreed) await turnOff(found);
}

/** Whether the app has the other plugin loaded. */
export function isThere(app: App): boolean {
  return pluginsOf(app)?.plugins[ID] !== undefined;
}

async function find(app: App): Promise<Found | null> {
  const plugins = pluginsOf(app);
  const other = plugins?.plugins[ID];
  if (!plugins || !other || !isOther(other)) return null;
  const data = await other.loadData();
  if (!isRecord(data)) return null;
  const on = Object.keys(OFF).filter((name) => Boolean(data[name]));
  return on.length ? { plugins, other, data, on } : null;
}

async function turnOff({ plugins, other, data, on }: Found): Promise<void> {
  await other.saveData({ ...data, ...Object.fromEntries(on.map((name) => [name, OFF[name]])) });
  // It reads its settings when it starts.
  await plugins.disablePlugin(ID);
  await plugins.enablePlugin(ID);
}

function pluginsOf(app: App): Plugins | null {
  const found: unknown = "plugins" in app ? app.plugins : null;
  if (!isRecord(found) || !isRecord(found.plugins)) return null;
  const { disablePlugin, enablePlugin } = found;
  return typeof disablePlugin === "function" && typeof enablePlugin === "function" ? (found as unknown as Plugins) : null;
}

function isOther(found: Partial<Other>): found is Other {
  return typeof found.loadData === "function" && typeof found.saveData === "function";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
