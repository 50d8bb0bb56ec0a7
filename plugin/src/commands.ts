/** The commands of the palette: tables, and how they are registered. */

import { type Editor, MarkdownView, Platform } from "obsidian";
import type { Range, WorkspaceEdit } from "vscode-languageserver-types";
import { isThere, offer as offerToCommit } from "./committer";
import { showConflicts } from "./conflicts";
import { type NoteType, newNote, reportLookup } from "./create";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import { applyCommand, attempt, fixAll } from "./fixes";
import { ask, type Field } from "./forms";
import { LINES, runLine } from "./lines";
import type VaultsyncPlugin from "./main";
import { among, pick, showMarkdown } from "./modals";
import { previewOf } from "./preview";
import { run } from "./program";
import { askRelation } from "./related";
import { showSetup } from "./setup";
import { showSync } from "./sync_modals";

/** The note that is open in the active pane. */
interface Open {
  path: string;
  uri: string;
  editor: Editor;
}

/** What `vaultsync.notes` returns of a note. */
interface NoteEntry {
  path: string;
  title: string;
  detail: string;
}

interface Question {
  text: string;
  range: Range;
  isAnswered: boolean;
}

const OF_NOTE: {
  id: string;
  name: string;
  act: (plugin: VaultsyncPlugin, open: Open) => Promise<unknown>;
  /** It is about the place of the cursor, which a view for reading has not. */
  isAtCursor?: boolean;
}[] = [
  { id: "link", name: "Insert link to a note", act: insertLink, isAtCursor: true },
  { id: "source", name: "Insert source", act: insertSource },
  { id: "relate", name: "Relate this note to another", act: relate },
  { id: "answer", name: "Answer question", act: answer },
  { id: "rename", name: "Rename heading, block or tag", act: renameAtCursor, isAtCursor: true },
  { id: "rename-note", name: "Rename this note", act: renameNote },
];

const OF_VAULT: { id: string; name: string; act: (plugin: VaultsyncPlugin) => unknown }[] = [
  { id: "fix-all", name: "Fix all that is safe in the vault", act: (plugin) => fixAll(plugin) },
  { id: "rule", name: "Explain rule", act: explainOne },
  { id: "restart", name: "Restart server", act: (plugin) => plugin.restart() },
  { id: "setup", name: "Show setup", act: showSetup },
];

/** They start a process, which a phone has not. */
const OF_SYNC: typeof OF_VAULT = [
  { id: "sync", name: "Sync", act: ({ sync }) => sync.request() },
  { id: "undo-sync", name: "Undo the last sync", act: ({ sync }) => sync.undo() },
  { id: "continue-sync", name: "Sync what was decided of conflicts", act: ({ sync }) => sync.resume() },
  { id: "show-sync", name: "Show the last sync", act: showSync },
  { id: "show-conflicts", name: "Show conflicts", act: showConflicts },
];

export function addCommands(plugin: VaultsyncPlugin): void {
  const always = (): true => true;
  for (const line of LINES) add(plugin, line.id, line.name, always, () => runLine(plugin, line));
  for (const { id, name, act } of OF_VAULT) add(plugin, id, name, always, () => act(plugin));
  for (const { id, name, act, isAtCursor } of OF_NOTE)
    add(plugin, id, name, () => openNote(plugin, isAtCursor), (open) => act(plugin, open));
  for (const { id, name, act } of OF_SYNC) add(plugin, id, name, () => Platform.isDesktopApp, () => act(plugin));
  add(plugin, "committer", "Let sync be the only one that commits", () => isThere(plugin.app), () => offerToCommit(plugin));
  addPreview(plugin);
  addTypes(plugin);
}

/** Add a command, which is offered where `find` finds what it acts on. */
function add<T>(
  plugin: VaultsyncPlugin,
  id: string,
  name: string,
  find: () => T | null | false,
  act: (found: T) => unknown,
): void {
  const checkCallback = (isCheck: boolean): boolean => {
    const found = find();
    if (found && !isCheck) attempt(() => act(found));
    return !!found;
  };
  plugin.addCommand({ id, name, checkCallback });
}

function addPreview(plugin: VaultsyncPlugin): void {
  const { isRunning, open, stop } = previewOf(plugin);
  add(plugin, "preview", "Open preview", () => !isRunning(), open);
  add(plugin, "stop-preview", "Stop preview", isRunning, stop);
}

/** Each type of the vault has a command, which is known once the vault is read. */
function addTypes(plugin: VaultsyncPlugin): void {
  const added = new Map<string, string>();
  let known: string[] = [];
  const update = async (): Promise<void> => {
    const { overview } = plugin.session;
    if (!overview || overview.problem) return;
    const types = await plugin.session.command<NoteType[]>("types");
    known = types.map((type) => type.name);
    for (const { name, label } of types) addType(name, label);
  };
  const addType = (name: string, label: string): void => {
    // What a plugin adds is kept until its unload, however often.
    if (added.get(name) === label) return;
    added.set(name, label);
    add(plugin, `new-${name}`, `New ${label}`, () => known.includes(name), () => offer(plugin, name));
  };
  plugin.registerEvent(plugin.session.on("overview", () => attempt(update)));
}

/** Show the form of a type, as the settings have it now. */
async function offer(plugin: VaultsyncPlugin, name: string): Promise<void> {
  const types = await plugin.session.command<NoteType[]>("types");
  const type = types.find((one) => one.name === name);
  if (!type) throw new Error(`The settings do not declare the type ${name} any more.`);
  await newNote(plugin, type, openNote(plugin)?.editor.getSelection().split("\n")[0] ?? "");
}

function openNote({ app }: VaultsyncPlugin, isAtCursor = false): Open | null {
  const view = app.workspace.getActiveViewOfType(MarkdownView);
  const path = view?.file?.path;
  if (!view || path === undefined || (isAtCursor && view.getMode() !== "source")) return null;
  return { path, uri: uriOf(app, path), editor: view.editor };
}

function pickNote(plugin: VaultsyncPlugin, placeholder: string): Promise<NoteEntry | null> {
  return pick(plugin.app, placeholder, (query) => plugin.session.command<NoteEntry[]>("notes", { query }));
}

async function insertLink(plugin: VaultsyncPlugin, { uri, editor }: Open): Promise<void> {
  const note = await pickNote(plugin, "Link to the note…");
  if (!note) return;
  const { text } = await plugin.session.command<{ text: string }>("link", { uri, target: note.path });
  editor.replaceSelection(text);
  editor.focus();
}

async function insertSource(plugin: VaultsyncPlugin, { uri }: Open): Promise<void> {
  const roles = await plugin.session.command<string[]>("roles", { uri });
  const fields: Field[] = [
    { name: "address", kind: "text", hint: "A web address, of arXiv, or a DOI", isRequired: true },
    { name: "role", kind: "choice", choices: roles, initial: roles[0] ?? null, isRequired: roles.length > 0 },
  ];
  await ask(plugin.app, {
    title: "Insert source",
    fields,
    button: "Insert",
    submit: async ({ address, role = "" }) => {
      const { failure } = await applyCommand(plugin, "source", { uri, address, role });
      reportLookup(failure);
      return null;
    },
  });
}

async function relate(plugin: VaultsyncPlugin, { path }: Open): Promise<void> {
  const other = await pickNote(plugin, "Relate this note to…");
  if (other) await askRelation(plugin, path, other);
}

async function answer(plugin: VaultsyncPlugin, { uri }: Open): Promise<void> {
  const questions = await plugin.session.command<Question[]>("questions", { uri });
  const open = questions.filter((question) => !question.isAnswered);
  const entries = open.map(({ text, range }) => ({ title: text, range }));
  // Without a question in it, the note is the question.
  const itself = { title: "", range: null };
  const chosen =
    entries.length > 1 ? await pick(plugin.app, "Which question?", among(entries)) : (entries[0] ?? itself);
  const by = chosen && (await pickNote(plugin, "Answered by the note…"));
  if (!by) return;
  await applyCommand(plugin, "answer", { uri, range: chosen.range, target: by.path });
}

async function renameAtCursor(plugin: VaultsyncPlugin, { uri, editor }: Open): Promise<void> {
  const { line, ch } = editor.getCursor();
  const place = { textDocument: { uri }, position: { line, character: ch } };
  const found = await plugin.session.request<{ placeholder: string } | null>(
    "textDocument/prepareRename",
    place,
  );
  if (!found) throw new Error("Put the cursor on a heading, a block, a tag or a link, to rename it.");
  await rename(plugin, found.placeholder, (newName) =>
    plugin.session.request<WorkspaceEdit | null>("textDocument/rename", { ...place, newName }),
  );
}

/** Rename the open note, and what names it. */
async function renameNote(plugin: VaultsyncPlugin, { path, uri }: Open): Promise<void> {
  await rename(plugin, path.replace(/\.md$/, ""), async (name) => {
    const newUri = uriOf(plugin.app, `${name.replace(/\.md$/, "")}.md`);
    const files = [{ oldUri: uri, newUri }];
    const edit = await plugin.session.request<WorkspaceEdit | null>("workspace/willRenameFiles", { files });
    return { documentChanges: [...(edit?.documentChanges ?? []), { kind: "rename", oldUri: uri, newUri }] };
  });
}

/** Show a form for another name, and make the edit that it means. */
async function rename(
  plugin: VaultsyncPlugin,
  initial: string,
  editFor: (name: string) => Promise<WorkspaceEdit | null>,
): Promise<void> {
  await ask(plugin.app, {
    title: "Rename",
    fields: [{ name: "name", kind: "text", label: "New name", initial, isRequired: true }],
    button: "Rename",
    submit: async ({ name }) => {
      const asked = Date.now();
      const edit = await editFor(String(name));
      if (edit) await applyEdit(plugin, edit, asked);
      return null;
    },
  });
}

/** Show the page of a rule, by its code. */
export async function explain(plugin: VaultsyncPlugin, code: string): Promise<void> {
  const { code: exit, stdout, stderr } = await run(plugin, ["rule", code]);
  if (exit !== 0) throw new Error(stderr.trim());
  const [heading = "", ...page] = stdout.trim().split("\n");
  showMarkdown(plugin.app, heading.replace(/^#+\s*/, ""), page.join("\n"));
}

/** Let a rule be chosen, those that the open note breaks first, and show its page. */
async function explainOne(plugin: VaultsyncPlugin): Promise<void> {
  const { stdout } = await run(plugin, ["rule"]);
  const broken = new Set(
    plugin.session.diagnostics.get(openNote(plugin)?.path ?? "")?.map(({ code }) => String(code)),
  );
  const rules = stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [code = "", severity = "", title = ""] = line.split(/\s+/);
      return { code, title, detail: `${code} · ${severity}${broken.has(code) ? " · in this note" : ""}` };
    });
  rules.sort((one, other) => Number(broken.has(other.code)) - Number(broken.has(one.code)));
  const chosen = await pick(plugin.app, "Explain the rule…", among(rules));
  if (chosen) await explain(plugin, chosen.code);
}
