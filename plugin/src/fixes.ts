/** What can be done about findings from a view: fixes of one, of a note, of the vault. */
import { Component, MarkdownRenderer, Modal, Notice } from "obsidian";
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import type { Finding } from "./findings";
import type VaultsyncPlugin from "./main";
import { run } from "./program";

/** Return what the server offers to do about a finding, the preferred first. */
export async function fixesOf(plugin: VaultsyncPlugin, { path, code, diagnostic }: Finding): Promise<CodeAction[]> {
  const actions = await plugin.session.request<CodeAction[] | null>("textDocument/codeAction", {
    textDocument: { uri: uriOf(plugin.app, path) },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], only: ["quickfix"] },
  });
  return (actions ?? [])
    .filter(({ diagnostics }) => diagnostics?.some((one) => one.code === code))
    .sort((one, other) => Number(other.isPreferred ?? 0) - Number(one.isPreferred ?? 0));
}

/** Make all safe fixes of some notes, or of the vault. */
export async function fixAll(plugin: VaultsyncPlugin, paths: readonly string[] | null): Promise<void> {
  const uris = paths?.map((path) => uriOf(plugin.app, path)) ?? null;
  const { edit, count } = await plugin.session.command<{ edit: WorkspaceEdit; count: number }>("fixAll", { uris });
  if (count) await applyEdit(plugin.app, edit);
  new Notice(count ? `Fixed: ${count}.` : "Nothing here can be fixed safely.");
}

/** Show the page of a rule. */
export async function explain(plugin: VaultsyncPlugin, code: string): Promise<void> {
  const { stdout, stderr } = await run(plugin, ["rule", code]);
  const modal = new Modal(plugin.app);
  const component = new Component();
  modal.onClose = () => component.unload();
  component.load();
  await MarkdownRenderer.render(plugin.app, stdout || stderr, modal.contentEl, "", component);
  modal.open();
}

/** Show why something failed. */
export function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => new Notice(error instanceof Error ? error.message : String(error)));
}
