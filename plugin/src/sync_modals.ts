/** What a sync will do, and what the last one did. */

import { Modal } from "obsidian";
import { showConflicts } from "./conflicts";
import { addDiv, addIcon, addSpan } from "./elements";
import { attempt } from "./fixes";
import type VaultsyncPlugin from "./main";
import { addMessage } from "./message";
import { addButtons, addRemedy } from "./modals";
import type { Report } from "./sync_run";
import { counted, statusOf } from "./sync_text";

const ICONS: Record<string, string> = {
  save: "save",
  fetch: "download-cloud",
  merge: "git-merge",
  check_out: "files",
  lint: "list-checks",
  push: "upload-cloud",
  stop: "circle-alert",
};

/** Show a plan; resolve to whether it is agreed to. */
export function showPlan({ app }: VaultsyncPlugin, report: Report): Promise<boolean> {
  return new Promise((resolve) => {
    let isAgreed = false;
    const modal = made(new Modal(app), "What a sync will do");
    addReport(modal.contentEl, report);
    const agree = (): void => {
      isAgreed = true;
      modal.close();
    };
    const close = (): void => modal.close();
    if (report.stopped) addButtons(modal.contentEl, ["Close", close]);
    else addButtons(modal.contentEl, ["Sync", agree], ["Cancel", close]);
    modal.onClose = () => resolve(isAgreed);
    modal.open();
  });
}

/** Show how the vault is synced: what the last sync did, and what is left to do. */
export function showSync(plugin: VaultsyncPlugin): void {
  const { sync, app } = plugin;
  const modal = made(new Modal(app), "Sync");
  const body = modal.contentEl.createDiv();
  const bar = modal.contentEl.createDiv();
  const then = (act: () => unknown) => (): void => {
    modal.close();
    attempt(act);
  };
  const draw = (): void => {
    body.empty();
    bar.empty();
    addMessage(body.createEl("p"), statusOf(sync.run, sync).detail);
    if (sync.run?.report) addReport(body, sync.run.report);
    if (!sync.run?.isRunning) addButtons(bar, ["Sync", then(() => sync.request())]);
    if (sync.conflicts) addButtons(bar, ["Show conflicts", then(() => showConflicts(plugin))]);
  };
  const follow = sync.on("change", draw);
  modal.onClose = () => sync.offref(follow);
  draw();
  modal.open();
}

function made(modal: Modal, title: string): Modal {
  modal.modalEl.addClass("vaultsync-modal");
  return modal.setTitle(title);
}

/** Add what was done or will be, why that stopped, and what is to be known. */
function addReport(parent: HTMLElement, report: Report): void {
  const list = parent.createEl("ol", { cls: "vaultsync-steps" });
  for (const { step, text } of report.steps) {
    const item = list.createEl("li");
    addIcon(item, "icon", ICONS[step] ?? "circle");
    addMessage(addSpan(item, "text"), text);
  }
  if (report.stopped) addStopped(parent, report.stopped);
  addList(parent, report.conflicts.map(({ path, count }) => `${path}: ${counted(count, "conflict")}`));
  addList(parent, report.notices);
  if (!report.left_out.length) return;
  const folded = parent.createEl("details");
  folded.createEl("summary", { text: `${counted(report.left_out.length, "file")} stay on this computer` });
  addList(folded, report.left_out.map(({ path, reason }) => `${path}: ${reason}`));
}

function addStopped(parent: HTMLElement, { reason, remedy }: { reason: string; remedy: string }): void {
  const box = addDiv(parent, "message");
  box.role = "alert";
  addMessage(box.createDiv({ cls: "mod-warning" }), reason);
  addRemedy(box, remedy);
}

function addList(parent: HTMLElement, texts: string[]): void {
  const list = parent.createEl("ul");
  for (const text of texts) addMessage(list.createEl("li"), text);
}
