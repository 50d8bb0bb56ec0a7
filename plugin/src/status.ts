/** The status bar: how many problems the vault has, and what the server is doing. */
import { setIcon, setTooltip } from "obsidian";
import { SEVERITIES } from "./findings";
import type VaultsyncPlugin from "./main";
import { ICONS } from "./problem_rows";
import type { Session } from "./session";

/** Return what the server is doing, where it is not ready. */
export function stateText({ state, problem, progress }: Session): string {
  if (state === "failed") return `The server failed: ${problem}.`;
  if (state === "off") return "The server is not running.";
  if (progress) return `${progress.title} …`;
  return "The server is starting …";
}

/** Put the count into the status bar; a click on it calls `onClick`. */
export function addStatus(plugin: VaultsyncPlugin, onClick: () => void): void {
  const el = plugin.addStatusBarItem();
  const { session } = plugin;
  el.addClass("mod-clickable", "vaultsync-status");
  el.setAttrs({ role: "button", tabindex: "0" });
  plugin.registerDomEvent(el, "click", onClick);
  plugin.registerDomEvent(el, "keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") onClick();
  });
  const show = (): void => draw(el, session);
  plugin.registerEvent(session.on("state", show));
  plugin.registerEvent(session.on("overview", show));
  plugin.registerEvent(session.on("progress", show));
  show();
}

function draw(el: HTMLElement, session: Session): void {
  const { state, overview } = session;
  el.empty();
  el.dataset.state = state;
  if (state !== "ready" || !overview) {
    setIcon(el.createSpan(), state === "failed" ? "circle-alert" : "loader");
    setTooltip(el, `Vaultsync: ${stateText(session)}`, { placement: "top" });
    return;
  }
  const counts = [overview.errors, overview.warnings, overview.hints];
  SEVERITIES.forEach((severity, at) => {
    const count = counts[at] ?? 0;
    // Hints alone are worth no look.
    if (!count || at === 2) return;
    setIcon(el.createSpan(), ICONS[severity] ?? "");
    el.createSpan({ text: String(count) });
  });
  if (!overview.errors && !overview.warnings) setIcon(el.createSpan(), "circle-check");
  setTooltip(el, `Vaultsync: ${overview.problem ?? overview.summary}`, { placement: "top" });
}
