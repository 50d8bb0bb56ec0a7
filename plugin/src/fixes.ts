/** What can be done about findings from a view: fixes of one, of a note, of the vault. */
import { Notice } from "obsidian";
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import type { Finding } from "./findings";
import type VaultsyncPlugin from "./main";

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
export async function fixAll(plugin: VaultsyncPlugin, paths: readonly string[] | null = null): Promise<void> {
  const uris = paths?.map((path) => uriOf(plugin.app, path)) ?? null;
  const { edit, count } = await plugin.session.command<{ edit: WorkspaceEdit; count: number }>("fixAll", { uris });
  await applyEdit(plugin.app, edit);
  new Notice(count ? `Fixed ${count} ${count === 1 ? "finding" : "findings"}.` : "Nothing can be fixed safely.");
}
