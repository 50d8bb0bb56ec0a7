/** A remote repository, and clones of it on other machines. */

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

const remotes: Remote[] = [];
afterAll(() => remotes.splice(0).forEach(({ folder }) => rmSync(folder, { recursive: true, maxRetries: 5 })));

export class Remote {
  readonly folder = mkdtempSync(join(tmpdir(), "remote-"));
  /** A clone whose vault a window opens; it is copied. */
  readonly vault: string;
  /** The clone of another machine. */
  readonly other: string;

  /** Start from files by path, or from those of a folder. */
  constructor(files: Record<string, string> | string) {
    remotes.push(this);
    git(this.folder, "init", "-q", "--bare", "-b", "main", "origin.git");
    this.vault = this.clone("vault");
    if (typeof files === "string") cpSync(files, this.vault, { recursive: true });
    else write(this.vault, { "vaultsync.toml": "", ...files });
    this.push(this.vault, "Start");
    this.other = this.clone("other");
  }

  private clone(name: string): string {
    git(this.folder, "clone", "-q", "origin.git", name);
    const clone = join(this.folder, name);
    git(clone, "config", "user.name", name);
    git(clone, "config", "user.email", `${name}@example.org`);
    git(clone, "remote", "set-url", "origin", join(this.folder, "origin.git"));
    return clone;
  }

  private push(clone: string, message: string): void {
    git(clone, "add", ".");
    git(clone, "commit", "-qm", message);
    git(clone, "push", "-q", "-u", "origin", "HEAD:main");
  }

  /** Change files on the other machine, and push them. */
  change(files: Record<string, string>): void {
    git(this.other, "pull", "-q");
    write(this.other, files);
    this.push(this.other, "Change");
  }

  /** A file as the remote has it; "" where it has none. */
  read(path: string): string {
    return spawnSync("git", ["show", `main:${path}`], { cwd: join(this.folder, "origin.git"), encoding: "utf8" }).stdout;
  }

  /** Let what is pushed wait until the returned function is called. */
  hold(): () => void {
    const hook = join(this.folder, "origin.git", "hooks", "pre-receive");
    writeFileSync(hook, `#!/bin/sh\nuntil [ -e ${this.folder}/go ]; do sleep 0.02; done\n`);
    chmodSync(hook, 0o755);
    return () => writeFileSync(join(this.folder, "go"), "");
  }
}

export function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (status) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
