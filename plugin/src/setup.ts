/** The first run: whether the program may run for this vault. */

import { Modal, Setting } from "obsidian";
import type VaultsyncPlugin from "./main";
import { confirmProgram, programOf } from "./program";

/** Show what would run, and whether that is wanted; resolves to the choice. */
export function confirm(plugin: VaultsyncPlugin): Promise<boolean> {
  return new Promise((resolve) => {
    const modal = new Modal(plugin.app);
    const { path, args } = programOf(plugin.app);
    let isAllowed = false;
    modal.setTitle("Run vaultsync for this vault?");
    modal.contentEl.createEl("p", { text: "The program checks the notes and runs as long as the vault is open:" });
    modal.contentEl.createEl("pre", { text: [path, ...args, "server"].join(" ") });
    new Setting(modal.contentEl)
      .addButton((button) => button.setButtonText("Not now").onClick(() => modal.close()))
      .addButton((button) =>
        button.setButtonText("Run").setCta().onClick(() => {
          confirmProgram(plugin.app);
          isAllowed = true;
          modal.close();
        }),
      );
    modal.setCloseCallback(() => resolve(isAllowed));
    modal.open();
  });
}
