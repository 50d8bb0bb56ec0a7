/** What a sync will do, and what the last one did. */

import { Modal } from "obsidian";
import { showConflicts } from "./conflicts";
import { addDiv, addIcon, addSpan } from "./elements";
import { attempt } from "./fixes";
import { labelOf } from "./forms";
import type VaultsyncPlugin from "./main";
import { addMessage } from "./message";
import { addButtons, addRemedy, type Button } from "./modals";
import type { Report, Stopped } from "./sync_run";
import { counted, statusOf } from "./sync_text";

const ACCEPT = "Sync all the same";
const ICONS: Record<string, string> = {
  save: "save",
  fetch: "download",
  merge: "git-merge",
  push: "upload",
};

/** Show a plan; resolve to the options to sync with, null where it is not agreed to. */
export function showPlan({ app }: VaultsyncPlugin, report: Report): Promise<string[] | null> {
  return new Promise((resolve) => {
    let agreed: string[] | null = null;
    const modal = made(new Modal(app), "What a sync will do");
    const { contentEl: el } = modal;
    const agree = (args: string[]) => (): void => {
      agreed = args;
      modal.close();
    };
    const close = (): void => modal.close();
    addReport(el, report);
    if (!report.stopped) addButtons(el, ["Sync", agree([])], ["Cancel", close]);
    else if (report.stopped.kind) addButtons(el, ["Close", close], [ACCEPT, agree(accepting(report.stopped))]);
    else addButtons(el, ["Close", close]);
    modal.onClose = () => resolve(agreed);
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
    // Why it stopped is in the report, with the lines to run.
    if (!sync.run?.report?.stopped) addMessage(body.createEl("p"), statusOf(sync.run, sync).detail);
    if (sync.run?.report) addReport(body, sync.run.report);
    const others: Button[] = [];
    const stopped = sync.run?.report?.stopped;
    if (stopped?.kind) others.push([ACCEPT, then(() => sync.start(accepting(stopped)))]);
    if (sync.conflicts) others.push(["Show conflicts", then(() => showConflicts(plugin))]);
    if (!sync.run?.isRunning) addButtons(bar, ["Sync", then(() => sync.request())], ...others);
  };
  const follow = sync.on("change", draw);
  modal.onClose = () => sync.offref(follow);
  draw();
  modal.open();
}

/** The options that accept what a sync stopped at. */
function accepting({ kind = "" }: Stopped): string[] {
  return ["--accept", kind];
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
    addSpan(item, "name", labelOf(step));
    addMessage(addSpan(item, "text"), text.replace(`${step} `, ""));
  }
  if (report.stopped) addStopped(parent, report.stopped);
  addList(parent, report.conflicts.map(({ path, count }) => `${path}: ${counted(count, "conflict")}`));
  addList(parent, report.notices);
  if (!report.left_out.length) return;
  const folded = parent.createEl("details");
  folded.createEl("summary", { text: `${counted(report.left_out.length, "file")} stay on this computer` });
  addList(folded, report.left_out.map(({ path, reason }) => `${path}: ${reason}`));
}

function addStopped(parent: HTMLElement, { reason, remedy }: Stopped): void {
  const box = addDiv(parent, "message");
  box.role = "alert";
  addMessage(box.createDiv({ cls: "mod-warning" }), reason);
  addRemedy(box, remedy);
}

function addList(parent: HTMLElement, texts: string[]): void {
  const list = parent.createEl("ul");
  for (const text of texts) addMessage(list.createEl("li"), text);
}
