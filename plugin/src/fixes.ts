/** What can be done about findings from a view: fixes of one, of a note, of the vault. */
import { Notice } from "obsidian";
import type { CodeAction, CodeActionContext, Range, WorkspaceEdit } from "vscode-languageserver-types";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import { type Finding, isConflict } from "./findings";
import { ask, messageOf } from "./forms";
import type VaultsyncPlugin from "./main";

/** A finding, and the note that it is in. */
type Place = Pick<Finding, "path" | "diagnostic">;

/** What a command of the server returns that makes an edit. */
interface Made {
  edit: WorkspaceEdit;
  /** How many findings it fixes. */
  count?: number;
  /** Why a source was not looked up. */
  failure?: string | null;
}

/** Return what the server offers to do about a finding, the preferred first. */
export async function fixesOf(plugin: VaultsyncPlugin, { path, diagnostic }: Place): Promise<CodeAction[]> {
  const context = { diagnostics: [diagnostic], only: ["quickfix"] };
  return (await actionsOf(plugin, path, diagnostic.range, context))
    .filter(({ diagnostics }) => diagnostics?.some(({ code }) => code === diagnostic.code))
    .sort((one, other) => Number(other.isPreferred ?? 0) - Number(one.isPreferred ?? 0));
}

/** Return what the server offers to do at a place of a note. */
export async function actionsOf(
  { app, session }: VaultsyncPlugin,
  path: string,
  range: Range,
  context: CodeActionContext,
): Promise<CodeAction[]> {
  const asked = Date.now();
  const textDocument = { uri: uriOf(app, path) };
  const actions = await session.request<CodeAction[] | null>("textDocument/codeAction", { textDocument, range, context });
  return (actions ?? []).map((action) => ({ ...action, data: asked }));
}

/** Make an action, which may have been offered for a while. */
export async function applyFix(plugin: VaultsyncPlugin, { edit, data, diagnostics }: CodeAction): Promise<void> {
  if (edit) await applyEdit(plugin, edit, data as number);
  if (diagnostics?.some(isConflict)) plugin.sync.decide();
}

/** Run a command of the server, and make the edit that it returns. */
export async function applyCommand(plugin: VaultsyncPlugin, name: string, argument: object): Promise<Made> {
  const asked = Date.now();
  const made = await plugin.session.command<Made>(name, argument);
  await applyEdit(plugin, made.edit, asked);
  return made;
}

/** Make all safe fixes of some notes, or of the vault once that is confirmed. */
export async function fixAll(plugin: VaultsyncPlugin, paths: readonly string[] | null = null): Promise<void> {
  const uris = paths?.map((path) => uriOf(plugin.app, path)) ?? null;
  const { count } = await plugin.session.command<Made>("fixAll", { uris });
  const findings = `${count} finding${count === 1 ? "" : "s"}`;
  if (!count) return void new Notice("Nothing can be fixed safely.");
  const text = `${findings} in the vault can be fixed without a change of meaning.`;
  if (!paths && !(await ask(plugin.app, { title: "Fix all that is safe", text, button: "Fix" }))) return;
  // Until that was confirmed the notes may have changed.
  await applyCommand(plugin, "fixAll", { uris });
  new Notice(`Fixed ${findings}.`);
}

/** Do something, and show why it failed. */
export function attempt(work: Promise<unknown> | (() => unknown)): void {
  const done = typeof work === "function" ? new Promise((resolve) => resolve(work())) : work;
  done.catch((error: unknown) => new Notice(messageOf(error), 10_000));
}
