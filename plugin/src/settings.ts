/** What a user can choose. It is kept with the vault, so nothing in it may decide what runs. */

import { PluginSettingTab, Setting, type SettingDefinitionItem } from "obsidian";
import type VaultsyncPlugin from "./main";
import { programOf } from "./program";
import { lineOf, showSetup } from "./setup";
import type { Choices } from "./sync";

export interface Settings {
  /** When marks are drawn: at each change, or when the note is saved. */
  lintOn: "typing" | "save";
  hasGutter: boolean;
}

export const DEFAULTS: Settings = { lintOn: "typing", hasGutter: true };

const SYNC = [
  ["isShown", "Show what a sync will do", "It is done once you agree; otherwise the command syncs at once. These choices are kept on this computer."],
  ["onStart", "Sync when the app starts", "At once, without being shown before."],
  ["onClose", "Sync when the app closes", "At once; it goes on after the window is gone."],
] as const;

interface Item {
  name: string;
  desc: string;
  render: (setting: Setting) => void;
}

export class SettingsTab extends PluginSettingTab {
  override icon = "badge-check";

  constructor(private readonly plugin: VaultsyncPlugin) {
    super(plugin.app, plugin);
  }

  override getSettingDefinitions(): SettingDefinitionItem[] {
    return this.#items();
  }

  /** For versions of the app that do not read the definitions. */
  override display(): void {
    this.containerEl.empty();
    for (const { name, desc, render } of this.#items()) {
      render(new Setting(this.containerEl).setName(name).setDesc(desc));
    }
  }

  #items(): Item[] {
    const { path, args } = programOf(this.app);
    return [
      {
        name: "Program",
        desc: `${lineOf([path, ...args])}. It is kept on this computer, not in the vault.`,
        render: (setting) => {
          setting.addButton((button) => button.setButtonText("Set up").onClick(() => showSetup(this.plugin)));
        },
      },
      {
        name: "Check notes",
        desc: "When findings are shown.",
        render: (setting) => {
          setting.addDropdown((dropdown) =>
            dropdown
              .addOptions({ typing: "While typing", save: "When a note is saved" })
              .setValue(this.plugin.settings.lintOn)
              .onChange((value) => this.#change({ lintOn: value as Settings["lintOn"] })),
          );
        },
      },
      {
        name: "Marks beside the text",
        desc: "A mark in the margin of each line that has a finding.",
        render: (setting) => {
          setting.addToggle((toggle) =>
            toggle
              .setValue(this.plugin.settings.hasGutter)
              .onChange((hasGutter) => this.#change({ hasGutter })),
          );
        },
      },
      ...SYNC.map(([key, name, desc]) => ({ name, desc, render: this.#toggle(key) })),
      {
        name: "Sync every so many minutes",
        desc: "0 for never.",
        render: (setting) => {
          setting.addText((text) => {
            text.setValue(String(this.plugin.sync.choices.minutes));
            text.inputEl.type = "number";
            text.inputEl.min = "0";
            text.onChange((value) => this.plugin.sync.choose({ minutes: Math.max(0, Number(value) || 0) }));
          });
        },
      },
    ];
  }

  #toggle(key: keyof Choices): (setting: Setting) => void {
    const { sync } = this.plugin;
    return (setting) => {
      setting.addToggle((toggle) =>
        toggle.setValue(!!sync.choices[key]).onChange((isOn) => sync.choose({ [key]: isOn })),
      );
    };
  }

  async #change(changed: Partial<Settings>): Promise<void> {
    this.plugin.settings = { ...this.plugin.settings, ...changed };
    await this.plugin.saveData(this.plugin.settings);
    this.plugin.app.workspace.updateOptions();
  }
}
