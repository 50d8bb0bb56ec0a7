import { expect, test } from "vitest";
import { Desk, long, until, withBrowser } from "./harness";
import { git, Remote } from "./remote";

withBrowser();

const NOTES = { "a.md": "# A\n\nOne.\n", "b.md": "# B\n\nTwo.\n" };
const CHOICES = "vaultsync-sync";

async function start(remote: Remote, choices: object = {}): Promise<Desk> {
  const desk = await Desk.start({ vault: remote.vault, stored: { [CHOICES]: choices } });
  await desk.open("a.md");
  return desk;
}

async function sent(remote: Remote, path: string, text: string): Promise<void> {
  await until(
    async () => remote.read(path).includes(text),
    async () => `${path} is ${remote.read(path)}`,
  );
}

/** Wait until the status bar has a text about the sync. */
async function status(desk: Desk, text: string | RegExp): Promise<void> {
  await desk.page.locator(".vaultsync-sync", { hasText: text }).waitFor();
}

/** Let the plugin sync every so many minutes. */
async function minutes(desk: Desk, count: number): Promise<void> {
  await desk.page.evaluate((chosen) => {
    const { sync } = window.desk.plugin as unknown as { sync: { choose(changed: object): void } };
    sync.choose({ minutes: chosen });
  }, count);
}

test("a sync shows what it will do, saves what is typed, and does it once that is agreed to", async () => {
  const remote = new Remote(NOTES);
  remote.change({ "b.md": "# B\n\nThree.\n" });
  const desk = await start(remote);
  await status(desk, "Not synced");
  await desk.page.evaluate(() => (window.desk.pane().isHeld = true));
  await desk.cursor("One.");
  await desk.type(" Typed.");
  await desk.command("sync");
  await desk.page.getByRole("button", { name: "Cancel" }).click();
  await status(desk, "Not synced");
  expect(git(desk.root, "log", "--format=%s")).toBe("Start\n");
  expect(desk.read("a.md")).toContain("One. Typed.");
  await desk.command("sync");
  await desk.page.locator(".vaultsync-steps li").first().waitFor();
  await desk.shot("plan");
  expect(remote.read("a.md")).toBe(NOTES["a.md"]);
  await desk.page.getByRole("button", { name: "Sync", exact: true }).click();
  await desk.hasNotice("Synced.");
  expect(remote.read("a.md")).toContain("One. Typed.");
  expect(desk.read("b.md")).toContain("Three.");
  await desk.changed("b.md");
  await status(desk, "Synced");
  await desk.write("b.md", "# B\n\nFour.\n");
  await status(desk, "Changes waiting");
  expect(desk.errors).toEqual([]);
});

test("a clash is shown with both versions, and what is kept of it is sent", long, async () => {
  const remote = new Remote(NOTES);
  remote.change({ "a.md": "# A\n\nOne, by theirs.\n" });
  const desk = await start(remote, { isShown: false });
  await desk.cursor("One");
  await desk.type(" of ours");
  await desk.command("sync");
  await desk.hasNotice("1 conflict left in 1 note.");
  await status(desk, "1 conflict");
  await desk.changed("a.md");
  await desk.page.locator(".notice button").click();
  await desk.page.locator(".vaultsync-conflict").waitFor();
  expect(await desk.page.locator(".vaultsync-side pre").allTextContents()).toEqual(["One, by theirs.", "One of ours."]);
  await desk.page.getByRole("button", { name: "Keep ours" }).click();
  await status(desk, "Changes waiting");
  await desk.page.getByRole("button", { name: "Go on" }).click();
  await sent(remote, "a.md", "# A\n\nOne of ours.\n");
  await status(desk, "Synced");
  expect(desk.errors).toEqual([]);
});

test("what is kept of a clash is sent by a sync that runs by itself too", long, async () => {
  const remote = new Remote(NOTES);
  remote.change({ "a.md": "# A\n\nOne, by theirs.\n" });
  const desk = await Desk.start({ vault: remote.vault, stored: { [CHOICES]: { isShown: false } } });
  await desk.write("a.md", "# A\n\nOne of ours.\n");
  await desk.command("sync");
  await desk.page.locator(".notice button").click();
  await desk.changed("a.md");
  await desk.page.getByRole("button", { name: "Keep ours" }).click();
  await status(desk, "Changes waiting");
  await minutes(desk, 0.02);
  await sent(remote, "a.md", "# A\n\nOne of ours.\n");
});

test("a sync outlives the plugin, which finds it when it is loaded again", long, async () => {
  const remote = new Remote(NOTES);
  const release = remote.hold();
  const desk = await start(remote, { isShown: false });
  await desk.write("a.md", "# A\n\nKept.\n");
  await desk.command("sync");
  await status(desk, "Syncing …");
  await desk.command("sync");
  await desk.hasNotice("A sync is running already.");
  await desk.page.evaluate(() => window.desk.plugin.unload());
  expect(await desk.page.locator(".status-bar-item").count()).toBe(0);
  await desk.page.evaluate(() => window.desk.load(null));
  await status(desk, "Syncing …");
  release();
  await desk.hasNotice("Synced.");
  await status(desk, /^Synced/);
  expect(remote.read("a.md")).toContain("Kept.");
  expect(desk.errors).toEqual([]);
});

test("a sync runs when the app starts, when it closes, and after some minutes", async () => {
  const remote = new Remote(NOTES);
  remote.change({ "b.md": "# B\n\nFrom there.\n" });
  const desk = await start(remote, { onStart: true, onClose: true });
  await desk.hasFile("b.md", "From there.");
  await status(desk, /^Synced/);
  await desk.cursor("One.");
  await desk.type(" Last words.");
  await desk.page.evaluate(() => window.desk.quit());
  await sent(remote, "a.md", "Last words.");
  await minutes(desk, 0.02);
  await desk.write("b.md", "# B\n\nFrom there.\n\nAfter a while.\n");
  await sent(remote, "b.md", "After a while.");
  await status(desk, /^Synced/);
  expect(await desk.notices()).toEqual([]);
  expect(desk.errors).toEqual([]);
});

test("what stops a sync is shown with its remedy, and text that is not on the disk stops it", long, async () => {
  const remote = new Remote(NOTES);
  git(remote.vault, "checkout", "-q", "--detach");
  const desk = await start(remote);
  await desk.command("sync");
  await desk.page.locator(".modal [role=alert]", { hasText: "branch" }).waitFor();
  await desk.shot("stopped");
  await desk.page.getByRole("button", { name: "Close" }).click();
  await desk.page.evaluate(() => {
    const { sync } = window.desk.plugin as unknown as { sync: { start(): Promise<void> } };
    return sync.start();
  });
  await desk.hasNotice("Sync stopped");
  await status(desk, "Sync stopped");
  await desk.page.locator(".vaultsync-sync", { hasText: "Sync stopped" }).click();
  await desk.page.locator(".modal .vaultsync-remedy code", { hasText: "git switch -c" }).waitFor();
  await desk.shot("last-sync");
  await desk.press("Escape");
  git(desk.root, "checkout", "-q", "main");
  await desk.page.evaluate(() => {
    const pane = window.desk.pane();
    pane.isHeld = true;
    pane.save = async () => undefined;
  });
  await desk.cursor("One.");
  await desk.type(" Unsaved.");
  await desk.command("sync");
  await desk.hasNotice("a.md has text that is not saved: nothing was synced");
  expect(remote.read("a.md")).toBe(NOTES["a.md"]);
});

test("what a sync stops at can be accepted", long, async () => {
  const remote = new Remote(NOTES);
  const desk = await Desk.start({ vault: remote.vault });
  for (const path of Object.keys(NOTES)) await desk.remove(path);
  await desk.command("sync");
  await desk.page.locator(".modal [role=alert]", { hasText: "2 of 2 notes were deleted" }).waitFor();
  await desk.page.getByRole("button", { name: "Sync all the same" }).click();
  await desk.hasNotice("Synced.");
  expect(remote.read("a.md")).toBe("");
});

test("without a network what was written is saved, and the last sync can be undone", async () => {
  const remote = new Remote(NOTES);
  git(remote.vault, "remote", "set-url", "origin", "http://127.0.0.1:9/none.git");
  const desk = await start(remote, { isShown: false });
  await desk.write("a.md", "# A\n\nSaved.\n");
  await desk.command("sync");
  await desk.hasNotice("offline");
  await status(desk, "Offline");
  expect(git(desk.root, "show", "HEAD:a.md")).toContain("Saved.");
  await desk.command("undo-sync");
  await desk.page.getByRole("button", { name: "Undo" }).click();
  await until(
    async () => git(desk.root, "show", "HEAD:a.md") === NOTES["a.md"],
    async () => git(desk.root, "log", "--stat"),
  );
});

test("a phone has no command for it, and a folder without a repository no status", long, async () => {
  const desk = await Desk.start({ vault: NOTES });
  expect(await desk.page.locator(".vaultsync-sync:visible").count()).toBe(0);
  await desk.command("sync");
  await desk.hasNotice("sync");
  await desk.page.evaluate(() => {
    const { Platform } = window.desk.modules["obsidian"] as { Platform: { isDesktopApp: boolean } };
    Platform.isDesktopApp = false;
  });
  expect(await desk.command("sync")).toBe(false);
});
