/** New notes: a form for each type of the vault. */

import { Notice } from "obsidian";
import { applyEdit } from "./edits";
import { onClick } from "./elements";
import { ask, type Field, type Plan, type Values } from "./forms";
import type VaultsyncPlugin from "./main";
import { openAt } from "./places";

/** What `vaultsync.types` returns of a type. */
export interface NoteType {
  name: string;
  label: string;
  canLookUp: boolean;
  fields: Field[];
}

interface Created {
  path: string;
  uri: string;
  text: string;
  same: { path: string; reason: string }[];
  failure: string | null;
}

// No property has this name.
const SUBJECT = "";

/** Make a note from a form, and open it. */
export async function newNote(plugin: VaultsyncPlugin, type: NoteType, subject: string): Promise<void> {
  let created: Created | null = null;
  let shown = "";
  const submit = async (values: Values): Promise<DocumentFragment | null> => {
    const key = JSON.stringify(values);
    if (key !== shown || !created) created = await create(plugin, type, values);
    // Notes that may be the same are shown once for the same values: to submit them again is to go on.
    if (created.same.length && key !== shown) return sameNotes(plugin, created, () => (shown = key));
    await write(plugin, created);
    return null;
  };
  await ask(plugin.app, { ...planOf(type, subject), submit });
}

function planOf(type: NoteType, subject: string): Plan {
  const hint = "A title, or the address of a paper on arXiv or its DOI, which is looked up";
  const first: Field = {
    name: SUBJECT,
    kind: "text",
    label: type.canLookUp ? "Title or address" : "Title",
    ...(type.canLookUp && { hint }),
    isRequired: true,
    initial: subject,
  };
  // A draft may lack what its type requires.
  const wanted = type.fields.filter((field) => field.isRequired);
  return {
    title: `New ${type.label}`,
    fields: [first, ...wanted.map((field) => ({ ...field, isRequired: false, isWanted: true }))],
    more: type.fields.filter((field) => !field.isRequired),
    button: "Create",
  };
}

function create(plugin: VaultsyncPlugin, type: NoteType, values: Values): Promise<Created> {
  const { [SUBJECT]: subject, ...properties } = values;
  return plugin.session.command<Created>("create", { type: type.name, subject, values: properties });
}

function sameNotes(plugin: VaultsyncPlugin, created: Created, seen: () => void): DocumentFragment {
  seen();
  return createFragment((part) => {
    part.createDiv({ text: "This may be there already:" });
    const list = part.createEl("ul");
    for (const { path, reason } of created.same) {
      const item = list.createEl("li");
      const link = item.createEl("a", { text: path, href: "#" });
      onClick(link, () => openAt(plugin.app, path, undefined, "tab"));
      item.appendText(` (the same ${reason})`);
    }
    part.createDiv({ text: "Submit again to create the note all the same." });
  });
}

async function write(plugin: VaultsyncPlugin, { path, uri, text, failure }: Created): Promise<void> {
  const start = { line: 0, character: 0 };
  const edits = [{ range: { start, end: start }, newText: text }];
  await applyEdit(plugin, {
    documentChanges: [
      { kind: "create", uri },
      { textDocument: { uri, version: null }, edits },
    ],
  });
  reportLookup(failure);
  await openAt(plugin.app, path);
}

/** Report why a source has only its address. */
export function reportLookup(failure?: string | null): void {
  if (failure) new Notice(`The source was not looked up: ${failure}`, 10_000);
}
