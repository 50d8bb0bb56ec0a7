/** What the plugin shows beside the notes: its views and the status bar. */
import { CONFLICTS, ConflictsView } from "./conflicts";
import type VaultsyncPlugin from "./main";
import { NOTE, NoteView } from "./note_view";
import { PROBLEMS, ProblemsView } from "./problems";
import { addStatus, addSyncStatus } from "./status";
import { showSync } from "./sync_modals";

/** Register the views, the commands that open them, and the count in the status bar. */
export function addViews(plugin: VaultsyncPlugin): void {
  const { workspace } = plugin.app;
  const show = (type: string): void =>
    void workspace.ensureSideLeaf(type, "right", { active: true, reveal: true });
  plugin.registerView(PROBLEMS, (leaf) => new ProblemsView(leaf, plugin));
  plugin.registerView(NOTE, (leaf) => new NoteView(leaf, plugin));
  plugin.registerView(CONFLICTS, (leaf) => new ConflictsView(leaf, plugin));
  plugin.registerHoverLinkSource(NOTE, { display: "Vaultsync", defaultMod: true });
  plugin.addCommand({ id: "show-problems", name: "Show problems", callback: () => show(PROBLEMS) });
  plugin.addCommand({ id: "show-note", name: "Show the note view", callback: () => show(NOTE) });
  addStatus(plugin, () => show(PROBLEMS));
  addSyncStatus(plugin, () => showSync(plugin));
}
