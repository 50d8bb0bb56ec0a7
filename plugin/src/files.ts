/** Files that change, however they do: the server is sent each. */

import { debounce, type TAbstractFile } from "obsidian";
import { uriOf } from "./documents";
import type VaultsyncPlugin from "./main";
import { mender } from "./moved";

const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;
// Changes come in bursts, such as those of a pull.
const PAUSE = 50;

export function follow(plugin: VaultsyncPlugin): void {
  const { app, documents, session } = plugin;
  const changes = new Map<string, number>();
  const send = debounce(() => {
    const events = [...changes].map(([path, type]) => ({ uri: uriOf(app, path), type }));
    changes.clear();
    session.notify("workspace/didChangeWatchedFiles", { changes: events });
  }, PAUSE);
  const note = (path: string, type: number): void => {
    changes.set(path, type);
    send();
  };

  plugin.registerEvent(session.on("request", () => send.run()));
  const { vault } = app;
  const mend = mender(plugin);
  // Before the layout is ready each file of the vault is reported as created.
  app.workspace.onLayoutReady(() => {
    plugin.registerEvent(vault.on("create", ({ path }) => note(path, CREATED)));
    plugin.registerEvent(vault.on("modify", ({ path }) => note(path, CHANGED)));
    plugin.registerEvent(vault.on("delete", ({ path }) => note(path, DELETED)));
    plugin.registerEvent(
      vault.on("rename", (file: TAbstractFile, old: string) => {
        note(old, DELETED);
        note(file.path, CREATED);
        documents.lookAgain();
        mend(old, file.path);
      }),
    );
  });
  plugin.registerEvent(app.workspace.on("layout-change", () => documents.lookAgain()));
}
