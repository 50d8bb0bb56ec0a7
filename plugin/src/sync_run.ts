/** A sync as a process of its own: it outlives the window, and what it prints is in files in the repository. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "fs";
import type { App } from "obsidian";
import { uptime } from "os";
import { dirname, join, resolve } from "path";
import { rootOf } from "./documents";
import { start } from "./program";

export interface Step {
  step: string;
  text: string;
}

/** What `vaultsync sync` reports. */
export interface Report {
  steps: Step[];
  saved: string | null;
  merged: string | null;
  pushed: boolean;
  offline: boolean;
  conflicts: { path: string; count: number }[];
  notices: string[];
  left_out: { path: string; reason: string }[];
  stopped: Stopped | null;
}

/** Why a sync stopped, what to do, and as what it may be accepted. */
export interface Stopped {
  reason: string;
  remedy: string;
  kind?: string;
}

/** What is kept of the run that was started last. */
interface Kept {
  /** The process that runs; until that is started, the one that starts it. */
  pid: number;
  args: string[];
  started: number;
  /** Whether somebody waits for it. */
  isAsked: boolean;
}

export interface Run extends Kept {
  isRunning: boolean;
  /** When it last printed something. */
  ended: number;
  /** The last line of its progress. */
  line: string;
  /** Null where it has not reported, or ended without. */
  report: Report | null;
}

const [KEPT, OUT, LOG] = ["run.json", "report.json", "progress.log"] as const;

/** Return the options that make the command report in a form to read. */
export function argsOf(...args: string[]): string[] {
  return ["sync", ...args, "--output-format", "json"];
}

/** The folder for what runs, in the repository that a folder is in; null where it is in none. */
export function folderOf(root: string): string | null {
  for (let folder = root; ; folder = dirname(folder)) {
    const git = join(folder, ".git");
    // In a second work tree it is a file that names the folder.
    const linked = /^gitdir: (.+)/.exec(read(git))?.[1];
    if (existsSync(git)) return join(linked ? resolve(folder, linked) : git, "vaultsync", "plugin");
    if (dirname(folder) === folder) return null;
  }
}

/** Start a sync that nothing here ends; null where one is running, also one of another window. */
export function launch(app: App, args: string[], isAsked: boolean): Run | null {
  const folder = folderOf(rootOf(app));
  if (!folder) throw new Error("The vault is not in a git repository: make one, with a remote, to sync it");
  const kept: Kept = { pid: process.pid, args, started: Date.now(), isAsked };
  if (!claim(folder, kept)) return null;
  const [out, log] = [OUT, LOG].map((name) => openSync(join(folder, name), "wx")) as [number, number];
  try {
    const child = start(app, argsOf(...args), { detached: true, stdio: ["ignore", out, log] });
    child.on("error", (error) => writeFileSync(join(folder, LOG), error.message));
    child.unref();
    keep(folder, { ...kept, pid: child.pid ?? 0 }, "w");
  } catch (error) {
    rmSync(join(folder, KEPT));
    throw error;
  } finally {
    closeSync(out);
    closeSync(log);
  }
  return look(app);
}

/** Return the run that was started last. */
export function look(app: App): Run | null {
  const folder = folderOf(rootOf(app));
  return folder === null ? null : runIn(folder);
}

function runIn(folder: string): Run | null {
  const kept = parsed<Kept>(read(join(folder, KEPT)));
  if (!kept) return null;
  // First, since it may report and end between the two.
  const isThere = isAlive(kept);
  const report = parsed<Report>(read(join(folder, OUT)));
  const line = read(join(folder, LOG)).trim().split("\n").at(-1) ?? "";
  const ended = Math.max(kept.started, ...[OUT, LOG].map((name) => writtenAt(join(folder, name))));
  return { ...kept, isRunning: !report && isThere, ended, line, report };
}

/** Write down a run, where none is running; what the last one left goes. */
function claim(folder: string, kept: Kept): boolean {
  mkdirSync(folder, { recursive: true });
  if (runIn(folder)?.isRunning) return false;
  for (const name of [OUT, LOG, KEPT]) rmSync(join(folder, name), { force: true });
  try {
    keep(folder, kept, "wx");
    return true;
  } catch {
    return false; // Another window was faster.
  }
}

function keep(folder: string, kept: Kept, flag: "w" | "wx"): void {
  writeFileSync(join(folder, KEPT), JSON.stringify(kept), { flag });
}

function isAlive({ pid, started }: Kept): boolean {
  // After a start of the computer another process may have its number.
  if (!pid || started < Date.now() - uptime() * 1000) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function writtenAt(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
