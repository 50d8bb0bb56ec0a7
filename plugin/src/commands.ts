/** The commands of the palette: tables, and how they are registered. */

import { type Editor, MarkdownView } from "obsidian";
import type { Range, WorkspaceEdit } from "vscode-languageserver-types";
import { type NoteType, newNote, reportLookup } from "./create";
import { uriOf } from "./documents";
import { applyEdit } from "./edits";
import { attempt, fixAll } from "./fixes";
import { ask, type Field } from "./forms";
import { LINES, runLine } from "./lines";
import type VaultsyncPlugin from "./main";
import { among, pick, showMarkdown } from "./modals";
import { previewOf } from "./preview";
import { run } from "./program";
import { showSetup } from "./setup";

/** The note that is open in the active pane. */
interface Open {
  path: string;
  uri: string;
  editor: Editor;
  /** Whether it is not only read. */
  isEdited: boolean;
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

export function addCommands(plugin: VaultsyncPlugin): void {
  for (const line of LINES) add(plugin, line.id, line.name, () => runLine(plugin, line));
  for (const { id, name, act } of OF_VAULT) add(plugin, id, name, () => act(plugin));
  for (const command of OF_NOTE) addOfNote(plugin, command);
  addPreview(plugin);
  addTypes(plugin);
}

function add(plugin: VaultsyncPlugin, id: string, name: string, act: () => unknown): void {
  plugin.addCommand({ id, name, callback: () => attempt(act) });
}

function addOfNote(plugin: VaultsyncPlugin, { id, name, act, isAtCursor }: (typeof OF_NOTE)[number]): void {
  const checkCallback = (isCheck: boolean): boolean => {
    const open = openNote(plugin);
    if (!open || (isAtCursor && !open.isEdited)) return false;
    if (!isCheck) attempt(() => act(plugin, open));
    return true;
  };
  plugin.addCommand({ id, name, checkCallback });
}

function addPreview(plugin: VaultsyncPlugin): void {
  const { isRunning, open, stop } = previewOf(plugin);
  const when = (wanted: boolean, act: () => unknown) => (isCheck: boolean) => {
    if (isRunning() !== wanted) return false;
    if (!isCheck) attempt(act);
    return true;
  };
  plugin.addCommand({ id: "preview", name: "Open preview", checkCallback: when(false, open) });
  plugin.addCommand({ id: "stop-preview", name: "Stop preview", checkCallback: when(true, stop) });
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
    const checkCallback = (isCheck: boolean): boolean => {
      if (!isCheck) attempt(() => offer(plugin, name));
      return known.includes(name);
    };
    plugin.addCommand({ id: `new-${name}`, name: `New ${label}`, checkCallback });
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

function openNote({ app }: VaultsyncPlugin): Open | null {
  const view = app.workspace.getActiveViewOfType(MarkdownView);
  const path = view?.file?.path;
  if (!view || path === undefined) return null;
  return { path, uri: uriOf(app, path), editor: view.editor, isEdited: view.getMode() === "source" };
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
      const made = await plugin.session.command<{ edit: WorkspaceEdit; failure: string | null }>("source", {
        uri,
        address,
        role,
      });
      await applyEdit(plugin, made.edit);
      reportLookup(made.failure);
      return null;
    },
  });
}

const RELATION: Field[] = [
  { name: "reason", kind: "text", hint: "What the other note is to this one", isRequired: true },
  { name: "back", kind: "text", label: "Reason from there", hint: "What this note is to the other one" },
  { name: "isTension", kind: "flag", label: "Tension", hint: "The claims pull against each other" },
  { name: "crux", kind: "text", hint: "What would decide between them" },
];

async function relate(plugin: VaultsyncPlugin, { uri }: Open): Promise<void> {
  const other = await pickNote(plugin, "Relate this note to…");
  if (!other) return;
  await ask(plugin.app, {
    title: `Relate to “${other.title}”`,
    fields: RELATION,
    button: "Relate",
    submit: async ({ reason, back = "", isTension = false, crux = null }) => {
      const argument = { uri, target: other.path, reason, back, isTension, crux };
      const { edit } = await plugin.session.command<{ edit: WorkspaceEdit }>("relate", argument);
      await applyEdit(plugin, edit);
      return null;
    },
  });
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
  const argument = { uri, range: chosen.range, target: by.path };
  const { edit } = await plugin.session.command<{ edit: WorkspaceEdit }>("answer", argument);
  await applyEdit(plugin, edit);
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
