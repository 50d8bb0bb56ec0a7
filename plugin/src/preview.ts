/** The preview: a process that goes on until it is stopped or the plugin is unloaded. */

import type { ChildProcess } from "child_process";
import { Notice } from "obsidian";
import type VaultsyncPlugin from "./main";
import { start } from "./program";

export class Preview {
  private child: ChildProcess | null = null;
  private item: HTMLElement | null = null;
  private printed = "";

  constructor(private readonly plugin: VaultsyncPlugin) {
    plugin.register(() => this.stop());
  }

  get isRunning(): boolean {
    return this.child !== null;
  }

  open(): void {
    const child = start(this.plugin.app, ["preview", "--open"]);
    this.child = child;
    this.printed = "";
    this.show();
    child.stdout?.on("data", (data: Uint8Array) => this.read(data));
    child.stderr?.on("data", (data: Uint8Array) => this.read(data));
    child.on("error", (error) => this.ended(child, error.message));
    child.on("close", () => this.ended(child, this.printed.trim()));
  }

  stop(): void {
    const child = this.child;
    this.child = null;
    this.item?.remove();
    child?.kill();
  }

  private show(): void {
    this.item = this.plugin.addStatusBarItem();
    this.item.addClass("mod-clickable", "vaultsync-preview");
    this.item.setText("Preview is running");
    this.item.setAttribute("aria-label", "Stop the preview");
    this.item.addEventListener("click", () => this.stop());
  }

  private read(data: Uint8Array): void {
    this.printed = (this.printed + new TextDecoder().decode(data)).slice(-2000);
    const address = /https?:\/\/\S+?(?=;|\s)/.exec(this.printed);
    if (address) this.item?.setAttribute("title", address[0]);
  }

  private ended(child: ChildProcess, reason: string): void {
    if (this.child !== child) return;
    this.stop();
    new Notice(`The preview ended: ${reason}`, 0);
  }
}
