/** The status bar: how many problems the vault has, what the server is doing, and how the vault is synced. */
import { setTooltip } from "obsidian";
import { rootOf } from "./documents";
import { addIcon } from "./elements";
import { KINDS } from "./findings";
import { attempt } from "./fixes";
import type VaultsyncPlugin from "./main";
import type { Overview, Session } from "./session";
import { folderOf } from "./sync_run";
import { statusOf } from "./sync_text";

/** Return what the server is doing, where it does not just answer. */
export function stateText({ state, problem, progress }: Session): string {
  if (state === "failed") return `The server failed: ${problem}.`;
  if (state === "off") return "The server is not running.";
  return progress ? `${progress.title} …` : "The server is starting …";
}

/** Put the count into the status bar; a click on it calls `onClick`. */
export function addStatus(plugin: VaultsyncPlugin, onClick: () => void): void {
  const { session } = plugin;
  const el = addItem(plugin, "status", onClick);
  const show = (): void => draw(el, session);
  for (const name of ["state", "overview", "progress"] as const) plugin.registerEvent(session.on(name, show));
  plugin.registerEvent(session.on("state", () => session.state === "ready" && attempt(count(session))));
  show();
}

/** Put how the vault is synced into the status bar, where it can be. */
export function addSyncStatus(plugin: VaultsyncPlugin, onClick: () => void): void {
  const { sync, app } = plugin;
  const el = addItem(plugin, "sync", onClick);
  const show = (): void => {
    const { icon, text, detail, isBad = false } = statusOf(sync.run, sync);
    el.empty();
    el.toggle(folderOf(rootOf(app)) !== null);
    el.toggleClass("is-failed", isBad);
    addIcon(el, "sign", icon);
    el.createSpan({ text });
    setTooltip(el, `Sync: ${detail}`, { placement: "top" });
  };
  plugin.registerEvent(sync.on("change", show));
  show();
}

function addItem(plugin: VaultsyncPlugin, name: string, onClick: () => void): HTMLElement {
  const el = plugin.addStatusBarItem();
  el.addClass("mod-clickable", `vaultsync-${name}`);
  el.role = "button";
  el.tabIndex = 0;
  el.addEventListener("click", onClick);
  el.addEventListener("keydown", ({ key }) => {
    if (key === "Enter" || key === " ") onClick();
  });
  return el;
}

/** Count what is found in the vault; the server then reports each change. */
async function count(session: Session): Promise<void> {
  session.overview = await session.command<Overview>("overview");
  session.trigger("overview");
}

function draw(el: HTMLElement, session: Session): void {
  const { state, overview } = session;
  const isKnown = state === "ready" && overview !== null;
  const hasFailed = isKnown ? !!overview.problem : state === "failed";
  const text = isKnown ? (overview.problem ?? overview.summary) : stateText(session);
  setTooltip(el, `Vaultsync: ${text}`, { placement: "top" });
  el.empty();
  el.toggleClass("is-failed", hasFailed);
  if (hasFailed) addIcon(el, "sign", "circle-alert");
  else if (!isKnown) addIcon(el, "sign", "loader");
  if (!isKnown) return;
  // Hints alone are worth no look.
  const counts = [overview.errors, overview.warnings];
  KINDS.forEach(({ name, icon }, kind) => {
    if (counts[kind]) addIcon(el, `kind is-${name}`, icon).createSpan({ text: String(counts[kind]) });
  });
  if (!hasFailed && !counts.some(Boolean)) addIcon(el, "sign", "circle-check");
}
