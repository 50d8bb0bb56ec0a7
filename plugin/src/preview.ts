/** The preview: a process that goes on until it is stopped or the plugin is unloaded. */

import { Notice } from "obsidian";
import { saveAll } from "./documents";
import type VaultsyncPlugin from "./main";
import { start } from "./program";

export interface Preview {
  isRunning: () => boolean;
  open: () => Promise<void>;
  stop: () => void;
}

export function previewOf(plugin: VaultsyncPlugin): Preview {
  let stop: (() => void) | null = null;
  const end = (): void => stop?.();
  const open = async (): Promise<void> => {
    await saveAll(plugin.app);
    // Meanwhile it was opened by another key, or the plugin was unloaded.
    if (stop) return;
    const child = start(plugin.app, ["preview", "--open"]);
    let printed = "";
    const read = (data: Uint8Array): void =>
      void (printed = (printed + new TextDecoder().decode(data)).slice(-2000));
    const stopThis = (): void => {
      stop = null;
      item.remove();
      child.kill();
    };
    const ended = (): void => {
      // One that was stopped ends later, when the next one may run.
      if (stop !== stopThis) return;
      stopThis();
      new Notice(`The preview ended: ${printed.trim()}`, 0);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", ended).on("close", ended);
    const item = addItem(plugin, end);
    stop = stopThis;
  };
  plugin.register(() => {
    end();
    stop = () => undefined;
  });
  return { isRunning: () => stop !== null, open, stop: end };
}

/** Show that it runs; a click stops it. */
function addItem(plugin: VaultsyncPlugin, stop: () => void): HTMLElement {
  const item = plugin.addStatusBarItem();
  item.addClass("mod-clickable");
  item.addClass("vaultsync-preview");
  item.setText("Preview is running");
  item.setAttribute("aria-label", "Stop the preview");
  item.addEventListener("click", stop);
  return item;
}
