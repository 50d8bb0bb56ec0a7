import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Desk, long, program, withBrowser } from "./harness";

withBrowser();

const VAULT = { "a.md": "# A\n" };
// Neither a person nor a machine has settings of git.
const BARE = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", EMAIL: "" };

/** A program that prints what another one would. */
function script(text: string): { path: string; args: string[] } {
  const path = join(mkdtempSync(join(tmpdir(), "program-")), "vaultsync");
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return { path, args: [] };
}

async function isShown(desk: Desk): Promise<void> {
  await desk.page.locator(".modal-title", { hasText: "Set up the program" }).waitFor();
}

async function press(desk: Desk, text: string): Promise<void> {
  await desk.page.locator(".modal button", { hasText: text }).click();
}

/** Wait for a check with its state, and return its row. */
async function hasCheck(desk: Desk, name: string, state: string, text: string): Promise<void> {
  await desk.page
    .locator(`.vaultsync-check.vaultsync-${state}`, { hasText: name })
    .filter({ hasText: text })
    .waitFor();
}

function stored(desk: Desk, key: string): Promise<unknown> {
  return desk.page.evaluate((name) => window.desk.app.loadLocalStorage(name) as unknown, key);
}

test("nothing runs before it is allowed, and then all is checked", async () => {
  const desk = await Desk.start({ vault: VAULT, isRepository: true, isConfirmed: false, env: BARE });
  await isShown(desk);
  await desk.page.locator(".setting-item-description", { hasText: "Found: " }).waitFor();
  await desk.page
    .locator(".vaultsync-output", { hasText: `-m vaultsync server --vault ${desk.root}` })
    .waitFor();
  await desk.shot("setup");
  expect(desk.bridge.spawned).toEqual([]);
  await press(desk, "Allow");
  await hasCheck(desk, "Program", "ok", "vaultsync");
  await hasCheck(desk, "Repository", "ok", desk.root);
  await hasCheck(desk, "Identity", "missing", "git config --global user.name");
  await hasCheck(desk, "Remote", "missing", "git remote add origin");
  await desk.shot("setup-checks");
  await press(desk, "Close");
  await desk.state("ready");
  expect(await stored(desk, "vaultsync-confirmed")).toBe(JSON.stringify(program()));
  expect(desk.errors).toEqual([]);
});

test("what is missing is found again once it is there", long, async () => {
  const desk = await Desk.start({ vault: VAULT, env: BARE });
  await desk.command("setup");
  await hasCheck(desk, "Repository", "missing", "init");
  const remote = mkdtempSync(join(tmpdir(), "remote-"));
  execFileSync("git", ["init", "-q", "--bare", remote]);
  for (const args of [
    ["init", "-q"],
    ["config", "user.name", "N"],
    ["config", "user.email", "n@example.org"],
    ["remote", "add", "origin", remote],
  ])
    execFileSync("git", args, { cwd: desk.root });
  await press(desk, "Check again");
  await hasCheck(desk, "Identity", "ok", "n@example.org");
  await hasCheck(desk, "Remote", "ok", remote);
  await desk.shot("setup-ok");
});

test("what is refused does not run, and is not offered each time", long, async () => {
  const desk = await Desk.start({ vault: VAULT, isConfirmed: false });
  await isShown(desk);
  await desk.press("Escape");
  await desk.hasNotice("off for this vault");
  await desk.page.evaluate(() => {
    window.desk.plugin.unload();
    return window.desk.load(null);
  });
  expect(await desk.page.locator(".modal").count()).toBe(0);
  await desk.command("index");
  await desk.hasNotice("not yet allowed");
  await desk.command("show-problems");
  for (const again of [() => desk.page.getByText("Start it").click(), () => desk.command("restart")]) {
    await again();
    await isShown(desk);
    await desk.press("Escape");
  }
  await desk.command("setup");
  expect(desk.bridge.spawned).toEqual([]);
  await press(desk, "Allow");
  await press(desk, "Close");
  await desk.state("ready");
});

test("a program that is not there is reported with the line that installs it", long, async () => {
  const desk = await Desk.start({
    vault: VAULT,
    isConfirmed: false,
    program: { path: "no-such-program", args: [] },
  });
  await desk.page.locator(".mod-warning", { hasText: "Not found" }).waitFor();
  await press(desk, "Allow");
  await hasCheck(desk, "Program", "missing", "pipx install git+https://example.org/vaultsync");
  await desk.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await press(desk, "Copy");
  await desk.page.locator("button", { hasText: "Copied" }).waitFor();
  expect(await desk.page.evaluate(() => navigator.clipboard.readText())).toBe("pipx install git+https://example.org/vaultsync");
  await desk.shot("setup-missing");
  const { path, args } = program();
  await desk.page.getByLabel("Program").fill(path);
  await desk.page.getByLabel("Arguments").fill(args.join(" "));
  await press(desk, "Allow");
  await hasCheck(desk, "Program", "ok", "vaultsync");
  await press(desk, "Close");
  await desk.state("ready");
});

test("a program that is too old, or another one, is reported", long, async () => {
  const desk = await Desk.start({ vault: VAULT, program: script('echo "vaultsync 0.0.9"') });
  await desk.command("setup");
  await hasCheck(desk, "Program", "wrong", "Version 0.0.9 is too old");
  await desk.shot("setup-old");
  await desk.page.getByLabel("Program").fill(script("echo what; exit 3").path);
  await desk.page.getByLabel("Arguments").fill('--host "a b"');
  await desk.page.locator(".vaultsync-output", { hasText: '--host "a b" server' }).waitFor();
  await press(desk, "Allow");
  expect(await stored(desk, "vaultsync-program")).toMatchObject({ args: ["--host", "a b"] });
  await hasCheck(desk, "Program", "wrong", "This is not vaultsync: what");
});

test("the sandboxes of Flatpak and Snap are named with their remedies", long, async () => {
  const missing = { path: "no-such-program", args: [] };
  const flatpak = await Desk.start({
    vault: VAULT,
    program: missing,
    env: { FLATPAK_ID: "org.example.App" },
  });
  await flatpak.command("setup");
  await hasCheck(flatpak, "Sandbox", "wrong", "talk-name=org.freedesktop.Flatpak org.example.App");
  await flatpak.shot("setup-flatpak");
  const snap = await Desk.start({ vault: VAULT, program: missing, env: { SNAP: "/snap/app/1" } });
  await snap.command("setup");
  await hasCheck(snap, "Sandbox", "wrong", "--classic");
});

test("a vault cannot choose what runs", async () => {
  const evil = script("touch /tmp/never");
  const vault = {
    ...VAULT,
    "vaultsync.py": "raise SystemExit('the vault was imported')\n",
    vaultsync: "#!/bin/sh\necho no\n",
    ".obsidian/plugins/vaultsync-editor/data.json": "{}",
  };
  const settings = {
    program: evil,
    path: evil.path,
    "vaultsync-program": evil,
    "vaultsync-confirmed": JSON.stringify(evil),
  };
  const desk = await Desk.start({ vault, settings });
  const started = desk.bridge.spawned.map(([file]) => file);
  expect(started.filter((file) => file === evil.path || file?.startsWith(desk.root))).toEqual([]);
  await desk.command("rule");
  await desk.page.locator(".suggestion-item").first().waitFor();
  const relative = await Desk.start({ vault, program: { path: "./vaultsync", args: [] } });
  await relative.command("index");
  await relative.hasNotice("was not found");
  expect(relative.bridge.spawned).toEqual([]);
});

test("the settings show the program, and keep with the vault what decides neither what runs nor what is sent", async () => {
  const desk = await Desk.start({ vault: VAULT });
  await desk.page.evaluate(() => window.desk.showSettings());
  await desk.page.locator(".setting-item", { hasText: "Check notes" }).waitFor();
  await desk.shot("settings");
  await desk.page.locator("select").selectOption("save");
  const saved = () => desk.page.evaluate(() => JSON.stringify(window.desk.plugin["settings"]));
  expect(await saved()).toContain('"lintOn":"save"');
  await desk.page.locator(".setting-item", { hasText: "app closes" }).locator(".checkbox-container").click();
  await desk.page.locator(".setting-item", { hasText: "minutes" }).locator("input").fill("15");
  const chosen = () => desk.page.evaluate(() => window.desk.app.loadLocalStorage("vaultsync-sync"));
  expect(await chosen()).toEqual({ isShown: true, onStart: false, onClose: true, minutes: 15 });
  expect(await saved()).not.toContain("minutes");
  await desk.page.locator("button", { hasText: "Set up" }).click();
  await isShown(desk);
});
