/** The program: where it is, whether it may run, and its processes. */

import { type ChildProcess, spawn, type SpawnOptions } from "child_process";
import { existsSync } from "fs";
import type { App } from "obsidian";
import { homedir } from "os";
import { delimiter, isAbsolute, join } from "path";
import { rootOf } from "./documents";

/** Kept by the app for this vault on this machine, never in the vault: a vault must not choose what runs. */
export interface Program {
  path: string;
  args: string[];
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

const PROGRAM = "vaultsync-program";
const CONFIRMED = "vaultsync-confirmed";
const DEFAULT: Program = { path: "vaultsync", args: [] };

export function programOf(app: App): Program {
  return (app.loadLocalStorage(PROGRAM) as Program | null) ?? DEFAULT;
}

/** Set what runs for this vault, which confirms it. */
export function setProgram(app: App, program: Program): void {
  app.saveLocalStorage(PROGRAM, program);
  confirmProgram(app);
}

/** Whether somebody has agreed that this program runs for this vault. */
export function isConfirmed(app: App): boolean {
  return app.loadLocalStorage(CONFIRMED) === JSON.stringify(programOf(app));
}

export function confirmProgram(app: App): void {
  app.saveLocalStorage(CONFIRMED, JSON.stringify(programOf(app)));
}

/** The file that a program's name means, by the PATH as it is widened here; null where there is none. */
export function find(name: string): string | null {
  if (isAbsolute(name)) return existsSync(name) ? name : null;
  if (name.includes("/") || name.includes("\\")) return null;
  const suffixes = process.platform === "win32" ? [".exe", ""] : [""];
  const files = folders().flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Start the program in the vault's folder, without a shell. Throws with what to do where it is missing. */
export function start(app: App, args: string[], options: SpawnOptions = {}): ChildProcess {
  const program = programOf(app);
  if (!isConfirmed(app))
    throw new Error(`${program.path} is not yet allowed to run for this vault: confirm it in the settings`);
  const file = find(program.path);
  if (!file)
    throw new Error(`${program.path} was not found: install it, or name its place in the settings`);
  // Neither Python nor Windows may take a program from the working folder: a vault must not choose what runs.
  const env = {
    ...process.env,
    PATH: folders().join(delimiter),
    PYTHONSAFEPATH: "1",
    NoDefaultCurrentDirectoryInExePath: "1",
  };
  return spawn(file, [...program.args, ...args], { ...options, cwd: rootOf(app), env, windowsHide: true });
}

/** Run a command of the program to its end. */
export function run(plugin: { app: App }, args: string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(plugin.app, args);
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const decoder = new TextDecoder();
      const read = { text: "" };
      stream?.on("data", (data: Uint8Array) => (read.text += decoder.decode(data, { stream: true })));
      return read;
    }) as [{ text: string }, { text: string }];
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: stdout.text, stderr: stderr.text }));
  });
}

/** The folders of PATH, and those of usual installations: an app of the desktop has not the PATH of a shell. */
function folders(): string[] {
  const home = homedir();
  const usual =
    process.platform === "win32"
      ? windowsFolders(home)
      : [join(home, ".local", "bin"), "/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"];
  const own = (process.env.PATH ?? "").split(delimiter);
  // A relative folder would be one of the vault.
  return [...new Set([...own, ...usual])].filter(isAbsolute);
}

function windowsFolders(home: string): string[] {
  const roaming = process.env.APPDATA ?? join(home, "AppData", "Roaming");
  const local = process.env.LOCALAPPDATA ?? join(home, "AppData", "Local");
  const versions = ["311", "312", "313", "314"];
  return [
    join(home, ".local", "bin"),
    join(roaming, "Python", "Scripts"),
    ...versions.flatMap((version) =>
      [roaming, join(local, "Programs")].map((folder) => join(folder, "Python", `Python${version}`, "Scripts")),
    ),
  ];
}
