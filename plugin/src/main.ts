/** The plugin: what it registers, and in which order it starts. */

import { Plugin } from "obsidian";
import { addActions } from "./actions";
import { addCommands } from "./commands";
import { Documents } from "./documents";
import { applyEdit } from "./edits";
import { follow } from "./files";
import { Marks } from "./marks";
import { isConfirmed } from "./program";
import { Session } from "./session";
import { DEFAULTS, type Settings, SettingsTab } from "./settings";
import { confirm, showSetup } from "./setup";
import { Suggest } from "./suggest";
import { Sync } from "./sync";
import { addViews } from "./views";

export default class VaultsyncPlugin extends Plugin {
  override settings: Settings = DEFAULTS;
  session!: Session;
  documents!: Documents;
  sync!: Sync;

  override async onload(): Promise<void> {
    this.settings = { ...DEFAULTS, ...((await this.loadData()) as Partial<Settings> | null) };
    this.session = new Session(this.app, (edit) => applyEdit(this, edit));
    this.documents = new Documents(this.app, this.session);
    this.sync = new Sync(this);
    this.registerEditorExtension([this.documents.extension, new Marks(this).extension]);
    this.registerEvent(this.session.on("state", () => this.session.state === "ready" && this.documents.openAll()));
    this.registerEditorSuggest(new Suggest(this));
    addActions(this);
    addCommands(this);
    addViews(this);
    follow(this);
    this.addSettingTab(new SettingsTab(this));
    this.app.workspace.onLayoutReady(() => void this.begin());
  }

  override onunload(): void {
    void this.session.stop();
  }

  /** Start the server, where its program may run for this vault; else show the setup, once. Then sync, if chosen. */
  async begin(): Promise<void> {
    if (isConfirmed(this.app) || (await confirm(this))) await this.session.start();
    this.sync.begin();
  }

  /** Start the server where somebody wants that: show the setup until its program may run. */
  async restart(): Promise<void> {
    if (isConfirmed(this.app)) await this.session.start();
    else showSetup(this);
  }
}
