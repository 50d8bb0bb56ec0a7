/** A vault whose files are those of a folder. */

import { App, TFile, TFolder, type Vault } from "obsidian-test-mocks/obsidian";
import { call } from "./node";

interface Stats {
  mtimeMs: number;
  ctimeMs: number;
  size: number;
}

/** The adapter that the app has on a desktop, as far as a vault needs it. */
class DiskAdapter {
  constructor(private readonly root: string) {}

  getName = (): string => this.root.split("/").at(-1) ?? "";
  getBasePath = (): string => this.root;
  getFullPath = (path: string): string => (path ? `${this.root}/${path}` : this.root);
  getFilePath = (path: string): string => `file://${encodeURI(this.getFullPath(path))}`;
  getResourcePath = (path: string): string => this.getFilePath(path);

  private fs<T>(name: string, path: string, ...args: unknown[]): T {
    return call<T>("fs", name, this.getFullPath(path), ...args);
  }

  read = async (path: string): Promise<string> => this.fs("readFileSync", path, "utf8");
  write = async (path: string, data: string): Promise<void> => this.fs("writeFileSync", path, data);
  append = async (path: string, data: string): Promise<void> => this.fs("appendFileSync", path, data);
  exists = async (path: string): Promise<boolean> => this.fs("existsSync", path);
  mkdir = async (path: string): Promise<void> => this.fs("mkdirSync", path, { recursive: true });
  remove = async (path: string): Promise<void> => this.fs("rmSync", path);
  rmdir = async (path: string): Promise<void> => this.fs("rmSync", path, { recursive: true });
  rename = async (path: string, to: string): Promise<void> => this.fs("renameSync", path, this.getFullPath(to));

  async process(path: string, change: (data: string) => string): Promise<string> {
    const result = change(await this.read(path));
    await this.write(path, result);
    return result;
  }

  async stat(path: string): Promise<object> {
    const { mtimeMs, ctimeMs, size } = this.fs<Stats>("statSync", path);
    return { type: "file", mtime: mtimeMs, ctime: ctimeMs, size };
  }

  async list(path: string): Promise<{ files: string[]; folders: string[] }> {
    const names = this.fs<string[]>("readdirSync", path).map((name) => (path ? `${path}/${name}` : name));
    const folders = names.filter((name) => this.fs<unknown[] | null>("existsSync", `${name}/.`));
    return { files: names.filter((name) => !folders.includes(name)), folders };
  }
}

/** An app whose vault is a folder; hidden files are not of the vault. */
export async function appOf(root: string): Promise<App> {
  const app = App.create__(new DiskAdapter(root) as never, "vault");
  await follow(app.vault, "");
  for (const name of ["create", "modify"] as const)
    app.vault.on(name as "modify", (file) => void (file instanceof TFile && stamp(app.vault, file)));
  return app;
}

async function follow(vault: Vault, folder: string): Promise<void> {
  const { files, folders } = await vault.adapter.list(folder);
  const seen = (path: string): boolean => !(path.split("/").at(-1) ?? "").startsWith(".");
  for (const path of files.filter(seen)) {
    const file = TFile.create__(vault, path);
    vault.setVaultAbstractFile__(path, file);
    await stamp(vault, file);
  }
  for (const path of folders.filter(seen)) {
    vault.setVaultAbstractFile__(path, TFolder.create__(vault, path));
    await follow(vault, path);
  }
}

/** Note when a file was written. */
async function stamp(vault: Vault, file: TFile): Promise<void> {
  Object.assign(file.stat, await vault.adapter.stat(file.path));
}

/** What the app's own watcher does after a file was changed by another program. */
export async function changedOutside(vault: Vault, path: string): Promise<void> {
  const known = vault.getFileByPath(path);
  const isThere = await vault.adapter.exists(path);
  if (known && isThere) vault.trigger("modify", known);
  else if (known) {
    vault.deleteVaultAbstractFile__(path);
    vault.trigger("delete", known);
  } else if (isThere) {
    const parts = path.split("/").slice(0, -1);
    for (const [index] of parts.entries()) {
      const folder = parts.slice(0, index + 1).join("/");
      if (!vault.getFolderByPath(folder)) vault.setVaultAbstractFile__(folder, TFolder.create__(vault, folder));
    }
    const file = TFile.create__(vault, path);
    vault.setVaultAbstractFile__(path, file);
    vault.trigger("create", file);
  }
}
