/** Sync: when it runs, what is saved before, and what is shown of it. */

import { debounce, type EventRef, Events, Notice, TextFileView } from "obsidian";
import { statSync } from "fs";
import { dirname, join } from "path";
import { offerOnce } from "./committer";
import { showConflicts } from "./conflicts";
import { rootOf } from "./documents";
import { attempt } from "./fixes";
import { ask } from "./forms";
import type VaultsyncPlugin from "./main";
import { plain } from "./message";
import { isConfirmed, run } from "./program";
import { showPlan } from "./sync_modals";
import { argsOf, launch, look, type Report, type Run } from "./sync_run";
import { reportOf } from "./sync_text";

/** What somebody chose for this vault on this computer: a vault must not choose what is sent where. */
export interface Choices {
  /** Whether what a sync will do is shown before. */
  isShown: boolean;
  onStart: boolean;
  onClose: boolean;
  /** 0 for never. */
  minutes: number;
}

const CHOICES = "vaultsync-sync";
// Whether somebody chose a version of a conflict since the last sync.
const DECIDED = "vaultsync-sync-decided";
// The run that was last reported, and what was then.
const SEEN = "vaultsync-sync-seen";
const RESUME = ["--continue"];
const DEFAULTS: Choices = { isShown: true, onStart: false, onClose: false, minutes: 0 };
// Milliseconds between two looks at what runs, and at what is written.
const PAUSE = 300;
// So often it is looked whether all that was typed is on the disk.
const LOOKS = 10;

export class Sync extends Events {
  run: Run | null = null;
  /** Conflicts that are left in notes, as far as known. */
  conflicts = 0;
  isWaiting = false;
  readonly #plugin: VaultsyncPlugin;
  #timer: number | undefined;
  #interval: number | undefined;
  /** Whether a file was renamed or deleted, which leaves no time on it. */
  #isMoved = false;
  #hasEnded = false;

  constructor(plugin: VaultsyncPlugin) {
    super();
    this.#plugin = plugin;
    const { app } = plugin;
    const lookSoon = debounce(() => this.#count(), PAUSE);
    const moved = (path: string): void => {
      this.#isMoved ||= this.#isNew(join(rootOf(app), dirname(path)));
      lookSoon();
    };
    app.workspace.onLayoutReady(() => {
      plugin.registerEvent(app.vault.on("create", lookSoon));
      plugin.registerEvent(app.vault.on("modify", lookSoon));
      plugin.registerEvent(app.vault.on("delete", ({ path }) => moved(path)));
      plugin.registerEvent(app.vault.on("rename", (_file, old) => moved(old)));
    });
    plugin.registerEvent(
      app.workspace.on("quit", (tasks) => {
        if (this.choices.onClose) tasks.add(() => this.#automatic());
      }),
    );
    plugin.register(() => this.#stop());
  }

  override on(name: "change", callback: () => unknown): EventRef {
    return super.on(name, callback);
  }

  get choices(): Choices {
    return { ...DEFAULTS, ...(this.#plugin.app.loadLocalStorage(CHOICES) as Partial<Choices> | null) };
  }

  choose(changed: Partial<Choices>): void {
    this.#plugin.app.saveLocalStorage(CHOICES, { ...this.choices, ...changed });
    this.#schedule();
  }

  /** Follow what is running, or show what ran last; then sync, where that was chosen. */
  begin(): void {
    if (this.#hasEnded) return;
    this.#look();
    this.#schedule();
    const { onStart, minutes, onClose } = this.choices;
    if (onStart) void this.#automatic();
    if (onStart || minutes || onClose) attempt(offerOnce(this.#plugin));
  }

  /** Show what a sync will do, and do it once that is agreed to. */
  async request(): Promise<void> {
    await offerOnce(this.#plugin);
    if (!this.choices.isShown) return this.start();
    await this.#save();
    const args = await showPlan(this.#plugin, await this.#read("--dry-run"));
    if (args) await this.start(args);
  }

  /** Sync with options, once all that is open is on the disk. */
  async start(args: string[] = [], isAsked = true): Promise<void> {
    await this.#save();
    if (this.#hasEnded) return;
    const { app } = this.#plugin;
    // Else what was chosen could look like an older text that an editor wrote.
    const isDecided = !args.length && Boolean(app.loadLocalStorage(DECIDED));
    const started = launch(app, isDecided ? RESUME : args, isAsked);
    if (!started && isAsked) new Notice("A sync is running already.");
    this.#look();
  }

  /** Sync what was chosen of conflicts. */
  async resume(): Promise<void> {
    await this.start(RESUME);
  }

  /** Take note that somebody chose a version of a conflict. */
  decide(): void {
    this.#plugin.app.saveLocalStorage(DECIDED, true);
  }

  async undo(): Promise<void> {
    const text =
      "The vault goes back to what it was before the last sync. What was sent already is taken back by a new commit.";
    if (await ask(this.#plugin.app, { title: "Undo the last sync", text, button: "Undo" })) await this.start(["--undo"]);
  }

  /** Take note of how many conflicts are left. */
  setConflicts(count: number): void {
    if (count === this.conflicts) return;
    this.conflicts = count;
    this.trigger("change");
  }

  /** Sync without anybody; where something is not saved, the next time will do. */
  async #automatic(): Promise<void> {
    if (isConfirmed(this.#plugin.app)) await this.start([], false).catch(() => undefined);
  }

  #schedule(): void {
    window.clearInterval(this.#interval);
    const { minutes } = this.choices;
    if (minutes > 0) this.#interval = window.setInterval(() => void this.#automatic(), minutes * 60_000);
  }

  #stop(): void {
    this.#hasEnded = true;
    window.clearTimeout(this.#timer);
    window.clearInterval(this.#interval);
  }

  async #read(...args: string[]): Promise<Report> {
    const { stdout, stderr, code } = await run(this.#plugin, argsOf(...args));
    try {
      return JSON.parse(stdout) as Report;
    } catch {
      throw new Error(stderr.trim() || `vaultsync sync ended with ${code}`);
    }
  }

  /** Write what is open to its files, and wait until all of it is there. */
  async #save(): Promise<void> {
    let unsaved: string | null = null;
    for (let left = LOOKS; left; left -= 1) {
      unsaved = await flush(this.#plugin);
      if (!unsaved) return;
      await new Promise((resolve) => window.setTimeout(resolve, PAUSE));
    }
    throw new Error(`${unsaved} has text that is not saved: nothing was synced`);
  }

  /** Look at what runs, again and again until it has ended. */
  #look(): void {
    window.clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    this.run = look(this.#plugin.app);
    if (this.run?.isRunning) this.#timer = window.setTimeout(() => this.#look(), PAUSE);
    else if (this.run) this.#finish(this.run);
    this.trigger("change");
  }

  #finish(run: Run): void {
    const { app } = this.#plugin;
    const seen = app.loadLocalStorage(SEEN) as { started: number; text: string } | null;
    this.conflicts = (run.report?.conflicts ?? []).reduce((sum, { count }) => sum + count, 0);
    this.#isMoved = false;
    this.#count();
    if (seen?.started === run.started) return;
    const text = reportOf(run).join("\n");
    app.saveLocalStorage(SEEN, { started: run.started, text });
    if (run.report) app.saveLocalStorage(DECIDED, null);
    // What runs by itself reports the same thing once.
    if (text && (run.isAsked || text !== seen?.text)) this.#notify(text);
  }

  #notify(text: string): void {
    const notice = new Notice(plain(text), this.conflicts ? 0 : 10_000);
    if (!this.conflicts) return;
    const button = notice.messageEl.createDiv().createEl("button", { text: "Show conflicts", cls: "mod-cta" });
    button.addEventListener("click", () => attempt(showConflicts(this.#plugin)));
  }

  /** Look whether something has changed since the last sync. */
  #count(): void {
    const files = this.#plugin.app.vault.getFiles();
    this.isWaiting = !!this.run && (this.#isMoved || files.some(({ stat }) => stat.mtime > (this.run?.ended ?? 0)));
    this.trigger("change");
  }

  #isNew(folder: string): boolean {
    try {
      return statSync(folder).mtimeMs > (this.run?.ended ?? Infinity);
    } catch {
      return false; // Its own folder has the time.
    }
  }
}

/** Let the app write what is open; return the path of a note whose text is not on the disk then. */
async function flush({ app }: VaultsyncPlugin): Promise<string | null> {
  const views: TextFileView[] = [];
  app.workspace.iterateAllLeaves(({ view }) => void (view instanceof TextFileView && views.push(view)));
  await Promise.all(views.map((view) => view.save()));
  for (const view of views) {
    if (!view.file) continue;
    const written = await app.vault.adapter.read(view.file.path).catch(() => null);
    if (written !== null && asEdited(written) !== asEdited(view.getViewData())) return view.file.path;
  }
  return null;
}

/** The text with the line ends that an editor has. */
function asEdited(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(/^\ufeff/, "");
}
