import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { App } from "obsidian";
import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmProgram, find, isConfirmed, programOf, run, setProgram } from "../../src/program";

const root = mkdtempSync(join(tmpdir(), "program-"));
const before = { ...process.env };

/** The part of an app that keeps values for a vault, beside the vault's folder. */
function appOf(): App {
  const kept = new Map<string, unknown>();
  return {
    loadLocalStorage: (key: string) => kept.get(key) ?? null,
    saveLocalStorage: (key: string, value: unknown) => void kept.set(key, value),
    vault: { adapter: { getBasePath: () => root } },
  } as unknown as App;
}

function put(...parts: string[]): string {
  const path = join(root, ...parts);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "#!/bin/sh\necho $PWD $*\necho wrong >&2\nexit 3\n");
  chmodSync(path, 0o755);
  return path;
}

test("no program or module is taken from the vault's folder by what runs", async () => {
  const path = put("bin", "environment");
  writeFileSync(path, "#!/bin/sh\n/usr/bin/env\n");
  const plugin = { app: appOf() };
  setProgram(plugin.app, { path, args: [] });
  const { stdout } = await run(plugin, []);
  const lines = stdout.split("\n");
  for (const name of ["PYTHONSAFEPATH", "NoDefaultCurrentDirectoryInExePath"]) expect(lines).toContain(`${name}=1`);
  expect(lines.find((line) => line.startsWith("PATH="))).not.toContain("relative");
});

beforeAll(() => {
  process.env["HOME"] = join(root, "home");
  process.env["PATH"] = ["relative", join(root, "bin")].join(delimiter);
  process.chdir(root);
});

afterAll(() => {
  process.chdir(tmpdir());
  Object.assign(process.env, before);
  rmSync(root, { recursive: true });
});

test("a program is found by its place, on the PATH, and where installers put it", () => {
  const [own, usual] = [put("bin", "own-program"), put("home", ".local", "bin", "usual-program")];
  expect(find(own)).toBe(own);
  expect(find("own-program")).toBe(own);
  expect(find("usual-program")).toBe(usual);
  expect(find(join(root, "missing"))).toBeNull();
  expect(find("missing-program")).toBeNull();
});

test("a program in the vault is not found by its name", () => {
  put("relative", "planted");
  put("planted");
  for (const name of ["planted", "./planted", "relative/planted"]) expect(find(name)).toBeNull();
});

test("a program runs once it is confirmed, and another has to be confirmed again", async () => {
  const plugin = { app: appOf() };
  expect(programOf(plugin.app)).toEqual({ path: "vaultsync", args: [] });
  expect(isConfirmed(plugin.app)).toBe(false);
  confirmProgram(plugin.app);
  expect(isConfirmed(plugin.app)).toBe(true);
  plugin.app.saveLocalStorage("vaultsync-program", { path: put("bin", "other"), args: ["first"] });
  expect(isConfirmed(plugin.app)).toBe(false);
  await expect(run(plugin, ["lint"])).rejects.toThrow("is not yet allowed to run for this vault");
  setProgram(plugin.app, programOf(plugin.app));
  const { code, stdout, stderr } = await run(plugin, ["lint"]);
  expect([code, stdout, stderr]).toEqual([3, `${root} first lint\n`, "wrong\n"]);
});
