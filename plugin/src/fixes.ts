/** What can be done about findings from a view: fixes of one, of a note, of the vault. */
import { Notice } from "obsidian";
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import type { Finding } from "./findings";
import { ask, messageOf } from "./forms";
import type VaultsyncPlugin from "./main";

/** A finding, and the note that it is in. */
type Place = Pick<Finding, "path" | "diagnostic">;

/** Return what the server offers to do about a finding, the preferred first. */
export async function fixesOf(plugin: VaultsyncPlugin, { path, diagnostic }: Place): Promise<CodeAction[]> {
  const actions = await plugin.session.request<CodeAction[] | null>("textDocument/codeAction", {
    textDocument: { uri: uriOf(plugin.app, path) },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], only: ["quickfix"] },
  });
  return (actions ?? [])
    .filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === diagnostic.code))
    .sort((one, other) => Number(other.isPreferred ?? 0) - Number(one.isPreferred ?? 0));
}

export async function applyFix(plugin: VaultsyncPlugin, { edit }: CodeAction): Promise<void> {
  if (edit) await applyEdit(plugin.app, edit);
}

/** Make all safe fixes of some notes, or of the vault once that is confirmed. */
export async function fixAll(plugin: VaultsyncPlugin, paths: readonly string[] | null = null): Promise<void> {
  const uris = paths?.map((path) => uriOf(plugin.app, path)) ?? null;
  const { edit, count } = await plugin.session.command<{ edit: WorkspaceEdit; count: number }>("fixAll", {
    uris,
  });
  const findings = `${count} ${count === 1 ? "finding" : "findings"}`;
  if (!count) return void new Notice("Nothing can be fixed safely.");
  const text = `${findings} in the vault can be fixed without a change of meaning.`;
  if (!paths && !(await ask(plugin.app, { title: "Fix all that is safe", text, button: "Fix" }))) return;
  await applyEdit(plugin.app, edit);
  new Notice(`Fixed ${findings}.`);
}

/** Do something, and show why it failed. */
export function attempt(work: Promise<unknown> | (() => unknown)): void {
  const done = typeof work === "function" ? new Promise((resolve) => resolve(work())) : work;
  done.catch((error: unknown) => new Notice(messageOf(error), 10_000));
}
