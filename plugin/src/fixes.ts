/** What can be done about findings from a view: fixes of one, of a note, of the vault. */
import { Notice } from "obsidian";
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import { ruleOf, type Finding } from "./findings";
import type VaultsyncPlugin from "./main";

/** Return what the server offers to do about a finding, the preferred first. */
export async function fixesOf(plugin: VaultsyncPlugin, { path, diagnostic }: Finding): Promise<CodeAction[]> {
  const { code } = ruleOf(diagnostic);
  const actions = await plugin.session.request<CodeAction[] | null>("textDocument/codeAction", {
    textDocument: { uri: uriOf(plugin.app, path) },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], only: ["quickfix"] },
  });
  const about = (actions ?? []).filter(({ diagnostics }) => diagnostics?.some((one) => ruleOf(one).code === code));
  return about.sort((one, other) => Number(other.isPreferred ?? false) - Number(one.isPreferred ?? false));
}

export async function applyFix(plugin: VaultsyncPlugin, { edit }: CodeAction): Promise<void> {
  if (edit) await applyEdit(plugin.app, edit);
}

/** Make all safe fixes of some notes, or of the vault. */
export async function fixAll(plugin: VaultsyncPlugin, paths: readonly string[] | null): Promise<void> {
  const uris = paths?.map((path) => uriOf(plugin.app, path)) ?? null;
  const { edit, count } = await plugin.session.command<{ edit: WorkspaceEdit; count: number }>("fixAll", { uris });
  if (count) await applyEdit(plugin.app, edit);
  new Notice(count ? `${count} ${count === 1 ? "finding" : "findings"} fixed.` : "Nothing here can be fixed safely.");
}

/** Show why something failed. */
export function attempt(work: Promise<unknown>): void {
  work.catch((error: unknown) => new Notice(error instanceof Error ? error.message : String(error)));
}
